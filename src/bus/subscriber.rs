//! The listeners' side: a thread and a bounded inbox each.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use thiserror::Error;

use super::Message;

/// Parcels an inbox holds before its publishers wait.
const INBOX: usize = 1024;
/// How long a subscriber goes without [`Subscriber::rest`] at most.
const REST_EVERY: Duration = Duration::from_secs(1);

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
    name: &'static str,
    thread: JoinHandle<io::Result<S>>,
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
}

impl<S: Subscriber> Subscription<S> {
    pub(super) fn start(
        name: &'static str,
        subscriber: S,
        failures: &Failures,
    ) -> io::Result<(Inbox, Self)> {
        let (parcels, inbox) = bounded(INBOX);
        let failures = failures.clone();
        let thread = thread::Builder::new().name(name.into()).spawn(move || {
            let panics = PanicGuard { name, failures: failures.clone() };
            let heard = listen(subscriber, &inbox);
            if let Err(error) = &heard {
                failures.add(name, &error.to_string());
            }
            drop(panics);
            heard
        })?;
        Ok((Inbox(parcels), Self { name, thread }))
    }

    /// Gives the subscriber back, with all it heard; waits until the bus is closed.
    ///
    /// # Errors
    /// When it failed or panicked on the way.
    pub fn join(self) -> Result<S, SubscriberError> {
        let name = self.name;
        match self.thread.join() {
            Ok(Ok(subscriber)) => Ok(subscriber),
            Ok(Err(source)) => Err(SubscriberError::Failed { name, source }),
            Err(_) => Err(SubscriberError::Panicked(name)),
        }
    }
}

fn listen<S: Subscriber>(mut subscriber: S, inbox: &Receiver<Parcel>) -> io::Result<S> {
    let mut rested = real_now();
    loop {
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
pub(super) struct Inbox(Sender<Parcel>);

impl Inbox {
    /// Delivers, once there is room.
    pub(super) fn deliver(&self, parcel: Parcel) {
        // A subscriber that failed has hung up; its error is read when it is joined.
        let _ = self.0.send(parcel);
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
struct PanicGuard {
    name: &'static str,
    failures: Failures,
}

impl Drop for PanicGuard {
    fn drop(&mut self) {
        if thread::panicking() {
            self.failures.add(self.name, "panicked");
        }
    }
}
