//! Who waits for which message; what nobody waits for yet is kept for whoever asks next.

use std::{collections::VecDeque, time::Duration};

use tokio::{sync::oneshot, time::Instant};

use crate::aries::{
    didcomm::{Kind, Message, Verkey},
    protocol::notification,
};

/// Messages that are kept for whoever asks; of more, the oldest is lost and told.
const KEPT_MAX: usize = 256;
/// Bytes of them as they came; of more, the oldest are lost and told.
const KEPT_BYTES_MAX: usize = 4 << 20;

/// A message that has arrived.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) message: Message,
    /// Our key that it was for: which connection it belongs to.
    pub(super) key: Verkey,
    /// When its bytes were here.
    pub(super) at: Instant,
    /// What opening it took.
    pub(super) crypto: Duration,
    /// When it was open; or, if nobody waited for it then, when somebody asked for it.
    pub(super) open_at: Instant,
    pub(super) bytes: usize,
}

/// What somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Awaited {
    /// Any message on this thread.
    Thread(String),
    /// A message of this kind on any thread.
    Kind(Kind),
}

/// Who waits, and what is kept.
#[derive(Default)]
pub(super) struct Waiting {
    waiters: Vec<Waiter>,
    kept: VecDeque<Arrival>,
    next: u64,
}

struct Waiter {
    number: u64,
    key: Verkey,
    awaited: Awaited,
    found: oneshot::Sender<Arrival>,
}

/// What became of an arrival that was offered.
pub(super) enum Offered {
    /// Somebody had waited for it.
    Taken,
    /// Nobody does.
    Left(Box<Arrival>),
}

/// A place in the queue, and its number.
pub(super) struct Place {
    pub(super) number: u64,
    pub(super) found: oneshot::Receiver<Arrival>,
}

impl Waiting {
    /// Waits for a message to `key`; takes one that is kept at once.
    pub(super) fn wait(&mut self, key: Verkey, awaited: Awaited) -> Place {
        let (sender, found) = oneshot::channel();
        self.next += 1;
        let waiter = Waiter { number: self.next, key, awaited, found: sender };
        let kept = self.kept.iter().position(|arrival| waiter.awaits(arrival));
        match kept.and_then(|at| self.kept.remove(at)) {
            // The receiver is in our hands.
            Some(arrival) => {
                drop(waiter.found.send(Arrival { open_at: Instant::now(), ..arrival }));
            }
            None => self.waiters.push(waiter),
        }
        Place { number: self.next, found }
    }

    /// Stops waiting.
    pub(super) fn leave(&mut self, number: u64) {
        self.waiters.retain(|waiter| waiter.number != number);
    }

    /// Hands an arrival to whoever has waited for it longest; those who wait for its thread first.
    pub(super) fn offer(&mut self, mut arrival: Arrival) -> Offered {
        while let Some(at) = self.taker(&arrival) {
            match self.waiters.remove(at).found.send(arrival) {
                Ok(()) => return Offered::Taken,
                // Whoever waited has just given up.
                Err(back) => arrival = back,
            }
        }
        Offered::Left(Box::new(arrival))
    }

    /// Keeps an arrival for whoever asks next; gives those that are lost for it.
    pub(super) fn keep(&mut self, arrival: Arrival) -> Vec<Arrival> {
        self.kept.push_back(arrival);
        let (mut from, mut bytes) = (self.kept.len(), 0);
        for kept in self.kept.iter().rev().take(KEPT_MAX) {
            bytes += kept.bytes;
            if bytes > KEPT_BYTES_MAX {
                break;
            }
            from -= 1;
        }
        self.kept.drain(..from).collect()
    }

    fn taker(&self, arrival: &Arrival) -> Option<usize> {
        let on_thread = |waiter: &Waiter| matches!(waiter.awaited, Awaited::Thread(_));
        let find = |thread: bool| {
            self.waiters.iter().position(|it| on_thread(it) == thread && it.awaits(arrival))
        };
        find(true).or_else(|| find(false))
    }
}

impl Waiter {
    /// A problem report ends every wait on its connection that it may concern.
    fn awaits(&self, arrival: &Arrival) -> bool {
        let message = &arrival.message;
        self.key == arrival.key
            && match &self.awaited {
                Awaited::Thread(thid) => message.thread_id() == thid,
                Awaited::Kind(kind) => {
                    message.kind.is(kind) || notification::problem(message).is_some()
                }
            }
    }
}
