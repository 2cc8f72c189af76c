use std::{
    cell::Cell,
    num::NonZeroUsize,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use futures_util::{FutureExt, future::join_all};
use tokio::{task::yield_now, time::advance};

use super::{Compute, Urgency};

/// Lets a paused clock stand still until what is returned is dropped, as it does for what the
/// runtime itself has computed on a thread.
pub(super) fn stop_the_clock() -> Sender<()> {
    let (runs, stopped) = channel();
    tokio::task::spawn_blocking(move || stopped.recv());
    runs
}

fn pool(threads: usize) -> Compute {
    Compute::new(NonZeroUsize::new(threads).unwrap())
}

/// Asks, and does not wait yet.
fn begin<F: Future>(asking: F) -> Pin<Box<F>> {
    let mut asking = Box::pin(asking);
    assert!(asking.as_mut().now_or_never().is_none());
    asking
}

/// A job that says that it is begun, and ends when it may.
fn held() -> (impl FnOnce() + Send + 'static, Receiver<()>, Sender<()>) {
    let (begins, begun) = channel();
    let (may_end, ends) = channel::<()>();
    let job = move || {
        begins.send(()).unwrap();
        let _ = ends.recv();
    };
    (job, begun, may_end)
}

#[tokio::test(start_paused = true)]
async fn what_is_awaited_goes_before_what_is_not_and_else_first_come_first_served() {
    let pool = pool(1);
    let (job, begun, may_end) = held();
    let first = begin(pool.run(Urgency::Awaited, job));
    begun.recv().unwrap();
    let order = Arc::new(Mutex::new(Vec::new()));
    let jobs = [
        (Urgency::Ahead, "ahead 1"),
        (Urgency::Awaited, "awaited 1"),
        (Urgency::Ahead, "ahead 2"),
        (Urgency::Awaited, "awaited 2"),
    ];
    let rest = begin(join_all(jobs.map(|(urgency, name)| {
        let order = Arc::clone(&order);
        pool.run(urgency, move || order.lock().unwrap().push(name))
    })));
    assert_eq!(pool.figures().waiting_now, 4);
    drop(may_end);
    first.await;
    rest.await;
    assert_eq!(*order.lock().unwrap(), ["awaited 1", "awaited 2", "ahead 1", "ahead 2"]);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_waits_for_any_more_is_not_begun() {
    let pool = pool(1);
    let (job, begun, may_end) = held();
    let first = begin(pool.run(Urgency::Awaited, job));
    begun.recv().unwrap();
    let begins = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&begins);
    drop(begin(pool.run(Urgency::Awaited, move || begins.store(true, Ordering::SeqCst))));
    assert_eq!(pool.figures().waiting_now, 1);
    drop(may_end);
    first.await;
    // One thread, so that this comes after what was given up.
    pool.run(Urgency::Awaited, || ()).await;
    assert!(!seen.load(Ordering::SeqCst));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_the_callers_and_the_thread_lives_on() {
    let pool = pool(1);
    let panicking =
        pool.run(Urgency::Awaited, || -> u8 { std::panic::panic_any("no such number") });
    let panic = AssertUnwindSafe(panicking).catch_unwind().await.unwrap_err();
    assert_eq!(*panic.downcast::<&str>().unwrap(), "no such number");
    assert_eq!(pool.run(Urgency::Awaited, || 7).await.value, 7);
}

#[tokio::test(start_paused = true)]
async fn a_result_that_panics_when_nobody_takes_it_does_not_end_the_thread() {
    struct Mine;
    impl Drop for Mine {
        fn drop(&mut self) {
            panic!("not taken");
        }
    }
    let pool = pool(1);
    let (job, begun, may_end) = held();
    let given_up = begin(pool.run(Urgency::Awaited, move || {
        job();
        Mine
    }));
    begun.recv().unwrap();
    drop(given_up);
    drop(may_end);
    assert_eq!(pool.run(Urgency::Awaited, || 7).await.value, 7);
}

#[tokio::test(start_paused = true)]
async fn queueing_and_computing_are_told_apart() {
    let pool = pool(1);
    let (job, begun, may_end) = held();
    let first = begin(pool.run(Urgency::Awaited, job));
    begun.recv().unwrap();
    let (job, second_begun, second_may_end) = held();
    let second = begin(pool.run(Urgency::Awaited, job));
    advance(Duration::from_secs(2)).await;
    drop(may_end);
    let first = first.await;
    assert_eq!((first.queued, first.took), (Duration::ZERO, Duration::from_secs(2)));
    second_begun.recv().unwrap();
    advance(Duration::from_secs(3)).await;
    drop(second_may_end);
    let second = second.await;
    assert_eq!((second.queued, second.took), (Duration::from_secs(2), Duration::from_secs(3)));
    // The thread adds up what a job took after the job is done, and before the next.
    pool.run(Urgency::Awaited, || ()).await;
    let figures = pool.figures();
    assert_eq!((figures.busy, figures.threads), (Duration::from_secs(5), 1));
    assert!((2..=3).contains(&figures.jobs), "{figures:?}");
}

#[tokio::test(start_paused = true)]
async fn whoever_finds_a_lane_full_waits_for_a_place_and_the_other_lane_has_its_own() {
    let pool = Compute::with_places(NonZeroUsize::MIN, 1);
    let (job, begun, may_end) = held();
    let first = begin(pool.run(Urgency::Awaited, job));
    begun.recv().unwrap();
    let mut ahead = begin(join_all((0..3).map(|_| pool.run(Urgency::Ahead, || ()))));
    yield_now().await;
    assert!(ahead.as_mut().now_or_never().is_none());
    assert_eq!(pool.figures().waiting_now, 1);
    let awaited = begin(pool.run(Urgency::Awaited, || ()));
    assert_eq!(pool.figures().waiting_now, 2);
    drop(may_end);
    first.await;
    awaited.await;
    assert_eq!(ahead.await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn threads_have_names_and_are_as_many_as_were_asked_for() {
    let pool = pool(2);
    let both = Arc::new(Barrier::new(2));
    let jobs = [(); 2].map(|()| {
        let both = Arc::clone(&both);
        pool.run(Urgency::Awaited, move || {
            both.wait();
            thread::current().name().unwrap().to_owned()
        })
    });
    let mut names = join_all(jobs).await.into_iter().map(|it| it.value).collect::<Vec<_>>();
    names.sort();
    assert_eq!(names, ["compute-0", "compute-1"]);
}

#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn threads_give_way_to_the_reactor() {
    let niceness = || rustix::process::getpriority_process(None).unwrap();
    let own = niceness();
    let theirs = pool(1).run(Urgency::Awaited, niceness).await.value;
    assert_eq!(theirs, (own + super::NICENESS).min(19));
    assert_eq!(niceness(), own);
}

#[tokio::test(start_paused = true)]
async fn threads_end_with_the_pool() {
    thread_local! {
        static LIVES: Cell<Option<Sender<()>>> = const { Cell::new(None) };
    }
    let pool = pool(1);
    let (lives, ended) = channel();
    pool.run(Urgency::Awaited, move || LIVES.set(Some(lives))).await;
    assert!(ended.try_recv().is_err_and(|it| it == std::sync::mpsc::TryRecvError::Empty));
    drop(pool);
    // Waits until the thread has dropped what is its own.
    assert!(ended.recv().is_err());
}
