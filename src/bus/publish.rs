//! The publishers' side: messages gather in a few shards and leave them in batches.

use std::{
    cell::Cell,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};

use super::{
    Event, Message,
    subscriber::{Failures, Inbox, Parcel, Subscriber, Subscription},
};

/// Messages that a shard gathers before they leave it.
const BATCH: usize = 256;
/// How long a message stays in its shard at most.
const FLUSH_EVERY: Duration = Duration::from_millis(20);
const SHARDS: usize = 16;

/// Subscribers of a bus that is not open yet.
#[derive(Default)]
pub struct Subscribers {
    everything: Vec<Inbox>,
    records: Vec<Inbox>,
    failures: Failures,
}

impl Subscribers {
    /// Gives `subscriber` a thread that hears every message.
    ///
    /// # Errors
    /// When the operating system has no thread left.
    pub fn subscribe<S: Subscriber>(
        &mut self,
        name: &'static str,
        subscriber: S,
    ) -> std::io::Result<Subscription<S>> {
        let (inbox, subscription) = Subscription::start(name, subscriber, &self.failures)?;
        self.everything.push(inbox);
        Ok(subscription)
    }

    /// Gives `subscriber` a thread that hears of records alone, each of them at once.
    ///
    /// # Errors
    /// When the operating system has no thread left.
    pub fn subscribe_to_records<S: Subscriber>(
        &mut self,
        name: &'static str,
        subscriber: S,
    ) -> std::io::Result<Subscription<S>> {
        let (inbox, subscription) = Subscription::start(name, subscriber, &self.failures)?;
        self.records.push(inbox);
        Ok(subscription)
    }

    /// Opens the bus.
    ///
    /// # Errors
    /// When the operating system has no thread left.
    pub fn open(self) -> std::io::Result<Bus> {
        let (alive, closing) = bounded::<()>(0);
        let shared = Arc::new(Shared {
            shards: std::array::from_fn(|_| Mutex::default()),
            everything: self.everything,
            records: self.records,
            failures: self.failures,
            delivery: Mutex::default(),
            closed: AtomicBool::new(false),
            alive: Mutex::new(Some(alive)),
        });
        let flushed = Arc::downgrade(&shared);
        thread::Builder::new().name("bus-flush".into()).spawn(move || {
            while closing.recv_timeout(FLUSH_EVERY) == Err(RecvTimeoutError::Timeout) {
                let Some(shared) = flushed.upgrade() else { return };
                shared.flush();
            }
        })?;
        Ok(Bus(shared))
    }
}

/// The publishers' end of the bus; clones are cheap and publish to the same subscribers.
#[derive(Clone)]
pub struct Bus(Arc<Shared>);

struct Shared {
    shards: [Mutex<Vec<Message>>; SHARDS],
    everything: Vec<Inbox>,
    records: Vec<Inbox>,
    failures: Failures,
    /// Taken before a batch leaves its shard: batches reach every inbox in the order in which
    /// they left, and none is still on its way when a later one has arrived.
    delivery: Mutex<()>,
    /// Set once no more is taken in.
    closed: AtomicBool,
    /// Dropped when the bus closes: the flushing thread waits for that.
    alive: Mutex<Option<Sender<()>>>,
}

impl Bus {
    /// Tells every subscriber; waits while an inbox is full. A closed bus tells nobody.
    pub fn publish(&self, message: Message) {
        if self.0.closed.load(Ordering::Acquire) {
            return;
        }
        if matches!(message.event, Event::Recorded { .. } | Event::Purged { .. }) {
            for inbox in &self.0.records {
                inbox.deliver(Parcel::One(message.clone()));
            }
        }
        let mut shard = lock(&self.0.shards[shard_of_this_thread()]);
        // Asked again where the last flush cannot pass unseen.
        if self.0.closed.load(Ordering::Acquire) {
            return;
        }
        shard.push(message);
        if shard.len() >= BATCH {
            self.0.deliver(shard);
        }
    }

    /// Tells every subscriber, and nobody anything after this.
    pub fn publish_last(&self, message: Message) {
        if self.0.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        self.0.flush();
        lock(&self.0.shards[0]).push(message);
        self.0.flush();
    }

    /// Sends all that was published so far on its way.
    pub fn flush(&self) {
        self.0.flush();
    }

    /// Sends what is left on its way and hangs up; subscribers end when they have heard it.
    pub fn close(&self) {
        if lock(&self.0.alive).take().is_none() {
            return;
        }
        self.0.closed.store(true, Ordering::Release);
        self.0.flush();
        for inbox in self.0.everything.iter().chain(&self.0.records) {
            inbox.deliver(Parcel::Last);
        }
    }

    /// The first subscriber failure, as `name: error`.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.0.failures.first()
    }
}

impl Shared {
    fn flush(&self) {
        for shard in &self.shards {
            let shard = lock(shard);
            if shard.is_empty() {
                // What left it just now may still be on its way.
                drop(lock(&self.delivery));
            } else {
                self.deliver(shard);
            }
        }
    }

    /// Sends what a shard has gathered on its way.
    fn deliver(&self, mut shard: MutexGuard<'_, Vec<Message>>) {
        let _in_turn = lock(&self.delivery);
        let room = Vec::with_capacity(shard.len());
        let batch = Arc::new(std::mem::replace(&mut *shard, room));
        drop(shard);
        for inbox in &self.everything {
            inbox.deliver(Parcel::Many(Arc::clone(&batch)));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Threads take shards in turn, so that two busy threads seldom meet in one.
fn shard_of_this_thread() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static SHARD: Cell<usize> = Cell::new(NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS);
    }
    SHARD.with(Cell::get)
}

#[cfg(test)]
mod tests {
    use std::{io, sync::mpsc};

    use super::*;
    use crate::bus::{Receipt, RecordedRow};

    /// Counts what it hears, and fails at a number if told to.
    struct Listener {
        heard: Vec<Duration>,
        fails_at: Option<usize>,
    }

    impl Subscriber for Listener {
        fn receive(&mut self, message: &Message) -> io::Result<()> {
            self.heard.push(message.at);
            match self.fails_at {
                Some(n) if self.heard.len() >= n => Err(io::Error::other("disk full")),
                _ => Ok(()),
            }
        }
    }

    fn listener(fails_at: Option<usize>) -> Listener {
        Listener { heard: Vec::new(), fails_at }
    }

    fn message(n: u64) -> Message {
        Message { at: Duration::from_nanos(n), event: Event::Finished }
    }

    #[test]
    fn every_subscriber_hears_everything_that_was_published_before_closing() {
        let mut subscribers = Subscribers::default();
        let subscriptions: Vec<_> =
            (0..3).map(|_| subscribers.subscribe("listener", listener(None)).unwrap()).collect();
        let bus = subscribers.open().unwrap();
        thread::scope(|scope| {
            for publisher in 0..4 {
                let bus = bus.clone();
                scope.spawn(move || {
                    (0..5_000).for_each(|n| bus.publish(message(publisher * 5_000 + n)));
                });
            }
        });
        bus.close();
        bus.publish(message(77));
        for subscription in subscriptions {
            let mut heard = subscription.join().unwrap().heard;
            heard.sort_unstable();
            assert!(heard.into_iter().map(|at| at.as_nanos()).eq(0..20_000));
        }
    }

    #[test]
    fn nothing_is_heard_after_the_last_message() {
        let mut subscribers = Subscribers::default();
        let subscription = subscribers.subscribe("listener", listener(None)).unwrap();
        let bus = subscribers.open().unwrap();
        thread::scope(|scope| {
            for _ in 0..4 {
                let bus = bus.clone();
                scope.spawn(move || (0..50_000).for_each(|n| bus.publish(message(n))));
            }
            bus.publish_last(message(u64::MAX));
        });
        bus.close();
        let heard = subscription.join().unwrap().heard;
        assert_eq!(heard.last(), Some(&Duration::from_nanos(u64::MAX)));
    }

    #[test]
    fn a_failed_subscriber_is_named_and_holds_nobody_up() {
        let mut subscribers = Subscribers::default();
        let failing = subscribers.subscribe("collector", listener(Some(1))).unwrap();
        let sound = subscribers.subscribe("tally", listener(None)).unwrap();
        let bus = subscribers.open().unwrap();
        (0..1_000_000).for_each(|n| bus.publish(message(n)));
        bus.close();
        assert_eq!(failing.join().err().unwrap().to_string(), "collector: disk full");
        assert_eq!(sound.join().unwrap().heard.len(), 1_000_000);
        assert_eq!(bus.failure().as_deref(), Some("collector: disk full"));
    }

    #[test]
    fn a_record_that_nobody_keeps_is_refused_not_waited_for() {
        let bus = Subscribers::default().open().unwrap();
        let (signed, answer) = mpsc::channel();
        let receipt = Receipt::new(move |kept| signed.send(kept).unwrap());
        let row = Some(RecordedRow { encoded: Arc::from([0x80_u8]), receipt });
        bus.publish(Message {
            at: Duration::ZERO,
            event: Event::Recorded { name: "users".into(), bytes: 1, row },
        });
        bus.close();
        assert_eq!(answer.recv().unwrap(), Err("no recorder took it".into()));
    }
}
