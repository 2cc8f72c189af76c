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
    /// Any message on this thread, and any of these kinds on no thread.
    Answer(String, &'static [Kind]),
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
        let on_thread = |waiter: &Waiter| matches!(waiter.awaited, Awaited::Answer(..));
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
                Awaited::Answer(thid, threadless) => {
                    let is_one = || threadless.iter().any(|kind| message.kind.is(kind));
                    message.thread_id() == thid || message.thread.thid.is_none() && is_one()
                }
                Awaited::Kind(kind) => {
                    message.kind.is(kind) || notification::problem(message).is_some()
                }
            }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::aries::{didcomm::KeyPair, protocol::mediation};

    /// Real traffic of ACA-Py.
    const CAPTURED: &str =
        include_str!("../../../tests/fixtures/aries/messages/mini-coordinate-mediation-1.0.json");

    fn arrival(key: Verkey, message: Message) -> Arrival {
        let now = Instant::now();
        Arrival { message, key, at: now, open_at: now, bytes: 0, crypto: Duration::ZERO }
    }

    fn is_taken(threadless: &'static [Kind], message: Message) -> bool {
        let key = *KeyPair::generate().verkey();
        let mut waiting = Waiting::default();
        let _place = waiting.wait(key, Awaited::Answer("asked".into(), threadless));
        matches!(waiting.offer(arrival(key, message)), Offered::Taken)
    }

    #[test]
    fn the_grants_of_acapy_answer_although_they_are_on_no_thread() {
        let captured: Value = serde_json::from_str(CAPTURED).unwrap();
        let said = captured.as_array().unwrap().iter().filter_map(|run| run["messages"].as_array());
        let grants = said.flatten().filter_map(|said| {
            let message = Message::parse(said["message"].to_string().as_bytes()).ok()?;
            message.kind.is(&mediation::GRANT).then_some(message)
        });
        assert_eq!(
            grants.map(|it| is_taken(mediation::ANSWERS, it)).collect::<Vec<_>>(),
            [true, true]
        );
    }

    #[test]
    fn what_is_on_another_thread_answers_nothing() {
        let other = Message::new(mediation::GRANT).on_thread("another");
        assert!(!is_taken(mediation::ANSWERS, other));
    }

    #[test]
    fn what_is_on_no_thread_answers_only_those_that_wait_for_its_kind() {
        assert!(!is_taken(&[], Message::new(mediation::GRANT)));
        assert!(!is_taken(mediation::ANSWERS, Message::new(mediation::KEYLIST)));
        assert!(is_taken(&[], Message::new(mediation::KEYLIST).on_thread("asked")));
    }
}
