//! The listeners' side: a thread and a bounded inbox each.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use crossbeam_channel::{Receiver, RecvTimeoutError, SendTimeoutError, Sender, bounded};
use thiserror::Error;

use super::Message;

/// Parcels an inbox holds before its publishers wait.
const INBOX: usize = 1024;
/// How long a subscriber goes without [`Subscriber::rest`] at most.
const REST_EVERY: Duration = Duration::from_secs(1);

/// How long a subscriber may go without taking anything before it counts as stuck: nobody waits
/// for it any more then, and the run ends.
const PATIENCE: Duration = Duration::from_secs(30);

/// Someone who listens to a run.
pub trait Subscriber: Send + 'static {
    /// Hears one message.
    ///
    /// # Errors
    /// What keeps it from going on; it hears no more, and the run ends.
    fn receive(&mut self, message: &Message) -> io::Result<()>;

    /// Is called when the inbox is empty, at least once a second, and after the last message:
    /// the time to flush and to draw.
    ///
    /// # Errors
    /// What keeps it from going on; it hears no more, and the run ends.
    fn rest(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A subscriber at work on a thread of its own.
pub struct Subscription<S> {
    heard: Receiver<io::Result<S>>,
    standing: Arc<Standing>,
}

/// What kept a subscriber from hearing the run to its end.
#[derive(Debug, Error)]
pub enum SubscriberError {
    /// It failed.
    #[error("{name}: {source}")]
    Failed {
        /// Which subscriber.
        name: &'static str,
        /// Why.
        source: io::Error,
    },
    /// It panicked.
    #[error("{0}: panicked")]
    Panicked(&'static str),
    /// It took nothing for so long that nobody waits for it any more.
    #[error("{0}: has taken no message for a long time and was left behind")]
    Stuck(&'static str),
}

impl<S: Subscriber> Subscription<S> {
    pub(super) fn start(
        name: &'static str,
        subscriber: S,
        failures: &Failures,
    ) -> io::Result<(Inbox, Self)> {
        Self::start_with(subscriber, Standing::new(name, failures.clone(), PATIENCE))
    }

    fn start_with(subscriber: S, standing: Standing) -> io::Result<(Inbox, Self)> {
        let (parcels, inbox) = bounded(INBOX);
        let (done, heard) = bounded(1);
        let standing = Arc::new(standing);
        let own = Arc::clone(&standing);
        thread::Builder::new().name(standing.name.into()).spawn(move || {
            let panics = PanicGuard(&own);
            let heard = listen(subscriber, &inbox, &own.taken);
            if let Err(error) = &heard {
                own.fail(&error.to_string());
            }
            drop(panics);
            // Nobody waits for one that was left behind.
            let _ = done.send(heard);
        })?;
        Ok((Inbox { parcels, standing: Arc::clone(&standing) }, Self { heard, standing }))
    }

    /// Gives the subscriber back, with all it heard; waits until the bus is closed.
    ///
    /// # Errors
    /// When it failed, panicked or got stuck on the way.
    pub fn join(self) -> Result<S, SubscriberError> {
        let Standing { name, patience, .. } = *self.standing;
        loop {
            let taken = self.standing.taken.load(Ordering::Relaxed);
            match self.heard.recv_timeout(patience) {
                Ok(Ok(subscriber)) => return Ok(subscriber),
                Ok(Err(source)) => return Err(SubscriberError::Failed { name, source }),
                Err(RecvTimeoutError::Disconnected) => return Err(SubscriberError::Panicked(name)),
                Err(RecvTimeoutError::Timeout) => {
                    if self.standing.taken.load(Ordering::Relaxed) == taken {
                        return Err(SubscriberError::Stuck(name));
                    }
                }
            }
        }
    }
}

fn listen<S: Subscriber>(
    mut subscriber: S,
    inbox: &Receiver<Parcel>,
    taken: &AtomicU64,
) -> io::Result<S> {
    let mut rested = real_now();
    loop {
        taken.fetch_add(1, Ordering::Relaxed);
        match inbox.recv_timeout(REST_EVERY) {
            Ok(Parcel::Many(batch)) => {
                batch.iter().try_for_each(|message| subscriber.receive(message))?;
            }
            Ok(Parcel::One(message)) => subscriber.receive(&message)?,
            Ok(Parcel::Last) | Err(RecvTimeoutError::Disconnected) => {
                subscriber.rest()?;
                return Ok(subscriber);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if inbox.is_empty() || rested.elapsed() >= REST_EVERY {
            subscriber.rest()?;
            rested = real_now();
        }
    }
}

/// Real time, even where a test has paused the runtime's: a disk does not pause.
#[expect(clippy::disallowed_types, reason = "subscribers live outside the runtime and its clock")]
fn real_now() -> std::time::Instant {
    std::time::Instant::now()
}

/// What an inbox takes.
pub(super) enum Parcel {
    Many(Arc<Vec<Message>>),
    One(Message),
    Last,
}

/// The bus's end of a subscription.
pub(super) struct Inbox {
    parcels: Sender<Parcel>,
    standing: Arc<Standing>,
}

impl Inbox {
    /// Delivers, once there is room; not to one that is stuck.
    pub(super) fn deliver(&self, parcel: Parcel) {
        if self.standing.stuck.load(Ordering::Relaxed) {
            return;
        }
        // A subscriber that failed has hung up; its error is read when it is joined.
        if let Err(SendTimeoutError::Timeout(_)) =
            self.parcels.send_timeout(parcel, self.standing.patience)
            && !self.standing.stuck.swap(true, Ordering::Relaxed)
        {
            self.standing.fail("has taken no message for a long time");
        }
    }
}

/// How a subscriber is doing, as its bus and whoever joins it see it.
struct Standing {
    name: &'static str,
    failures: Failures,
    patience: Duration,
    /// Grows with every look into the inbox.
    taken: AtomicU64,
    stuck: AtomicBool,
}

impl Standing {
    fn new(name: &'static str, failures: Failures, patience: Duration) -> Self {
        let (taken, stuck) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { name, failures, patience, taken, stuck }
    }

    fn fail(&self, error: &str) {
        self.failures.add(self.name, error);
    }
}

/// Who failed, and why.
#[derive(Clone, Default)]
pub(super) struct Failures(Arc<Mutex<Vec<String>>>);

impl Failures {
    fn add(&self, name: &str, error: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{name}: {error}"));
    }

    pub(super) fn first(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }
}

/// Tells of a subscriber that panics, while its thread unwinds.
struct PanicGuard<'a>(&'a Standing);

impl Drop for PanicGuard<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.fail("panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::Event;

    #[test]
    fn a_subscriber_that_takes_nothing_is_left_behind() {
        struct Asleep(Receiver<()>);
        impl Subscriber for Asleep {
            fn receive(&mut self, _: &Message) -> io::Result<()> {
                // Ends when the test lets go of the other end.
                let _ = self.0.recv();
                Ok(())
            }
        }
        let (alarm, asleep) = bounded(0);
        let failures = Failures::default();
        let standing = Standing::new("sleeper", failures.clone(), Duration::from_millis(1));
        let (inbox, subscription) = Subscription::start_with(Asleep(asleep), standing).unwrap();
        for _ in 0..2 * INBOX {
            inbox.deliver(Parcel::One(Message { at: Duration::ZERO, event: Event::Finished }));
        }
        assert_eq!(
            failures.first().as_deref(),
            Some("sleeper: has taken no message for a long time")
        );
        let left = subscription.join().err().unwrap();
        assert!(matches!(left, SubscriberError::Stuck("sleeper")), "{left}");
        drop(alarm);
    }
}
