//! Threads for computation of a tenth of a second a piece, so that no reactor ever waits for it.
//!
//! There are as many as were asked for and no more: what comes when all are busy waits in a queue,
//! and what somebody waits for goes before what is computed ahead of time.

mod lanes;
#[cfg(test)]
mod tests;

use std::{
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::Arc,
    thread,
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{Semaphore, oneshot},
    time::Instant,
};

use lanes::{Lanes, Queued};

/// Jobs that a lane holds at most; who comes then waits for a place. Each lane has places of its
/// own, so that what is computed ahead never stands in the way of what is awaited.
const QUEUED_MAX: usize = 100_000;
/// How much less urgent than the reactor the threads are, as `nice` counts it.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// A pool of threads; dropping it lets what is under way end.
pub struct Compute {
    lanes: Arc<Lanes>,
    awaited: Arc<Semaphore>,
    ahead: Arc<Semaphore>,
    threads: NonZeroUsize,
}

/// Whether somebody waits for a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Somebody waits for it.
    Awaited,
    /// It will be needed later: done only while nobody waits for anything.
    Ahead,
}

/// A result, and what it took to come by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Computed<T> {
    /// The result.
    pub value: T,
    /// From asked for to begun: our own queueing.
    pub queued: Duration,
    /// From begun to done.
    pub took: Duration,
}

/// What a pool has done so far: when its threads are all busy and jobs wait, it is the bottleneck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Time that the threads have spent on jobs, added up.
    pub busy: Duration,
    /// Jobs done.
    pub jobs: u64,
    /// Jobs in the queue at this moment.
    pub waiting_now: usize,
    /// How many threads there are.
    pub threads: usize,
}

impl Compute {
    /// Starts so many threads.
    ///
    /// # Panics
    /// When the system starts no more threads, as [`std::thread::spawn`] does.
    #[must_use]
    pub fn new(threads: NonZeroUsize) -> Self {
        Self::with_places(threads, QUEUED_MAX)
    }

    /// The same, with so many places in each lane.
    fn with_places(threads: NonZeroUsize, places: usize) -> Self {
        let lanes = Arc::<Lanes>::default();
        let places = || Arc::new(Semaphore::new(places));
        let pool = Self { lanes, awaited: places(), ahead: places(), threads };
        for number in 0..threads.get() {
            let lanes = Arc::clone(&pool.lanes);
            let thread = thread::Builder::new().name(format!("compute-{number}"));
            thread.spawn(move || work(&lanes)).expect("the system starts threads");
        }
        pool
    }

    /// Computes on one of the threads; what nobody waits for any more when its turn comes is not
    /// begun.
    ///
    /// # Panics
    /// When the job does, with what it panicked with.
    pub async fn run<T: Send + 'static>(
        &self,
        urgency: Urgency,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Computed<T> {
        let asked = Instant::now();
        // A paused clock runs on when the runtime idles, as it does while a thread computes for it.
        #[cfg(test)]
        let _stopped = tests::stop_the_clock();
        let places = match urgency {
            Urgency::Awaited => &self.awaited,
            Urgency::Ahead => &self.ahead,
        };
        let place = Arc::clone(places).acquire_owned().await.expect("nobody closes the lanes");
        let (answer, answered) = oneshot::channel();
        // Only within its runtime does a thread read the same clock as who asked.
        let runtime = Handle::try_current().ok();
        let job = Box::new(move || {
            let _clock = runtime.as_ref().map(Handle::enter);
            if answer.is_closed() {
                return None;
            }
            let begun = Instant::now();
            let value = catch_unwind(AssertUnwindSafe(job));
            let took = begun.elapsed();
            // Who has gone meanwhile needs no result.
            drop(answer.send((value, begun, took)));
            Some(took)
        });
        self.lanes.push(urgency, Queued { job, place });
        let (value, begun, took) = answered.await.expect("a job answers if its caller waits");
        let value = value.unwrap_or_else(|panic| resume_unwind(panic));
        Computed { value, queued: begun - asked, took }
    }

    /// What the pool has done so far, and what it has before it.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.lanes.figures(self.threads)
    }
}

impl Drop for Compute {
    fn drop(&mut self) {
        self.lanes.close();
    }
}

/// A thread's life.
fn work(lanes: &Lanes) {
    give_way();
    while let Some(job) = lanes.next() {
        // What a job or its result does when it is dropped may panic too, and must not end the thread.
        if let Ok(Some(took)) = catch_unwind(AssertUnwindSafe(job)) {
            lanes.did(took);
        }
    }
}

/// Lets the system prefer the threads that pace and that serve sockets. On Linux priority is of a
/// thread, elsewhere of the whole process, which would gain nothing.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Ok(own) = rustix::process::getpriority_process(None) {
        // A system that refuses is no worse than before: proofs then compete on equal terms.
        let _ = rustix::process::setpriority_process(None, own + NICENESS);
    }
}
