//! Who waits for which message; what nobody waits for yet is kept for whoever asks next.

use std::{borrow::Cow, collections::VecDeque};

use tokio::{sync::oneshot, time::Instant};

use super::arrival::{Arrival, Sender};
use crate::aries::{
    didcomm::{Kind, Message, Verkey},
    protocol::{issue_credential, notification, present_proof, revocation},
};

/// Messages that are kept for whoever asks; of more, the oldest is lost and told.
const KEPT_MAX: usize = 256;
/// Bytes of them as they came; of more, the oldest are lost and told.
const KEPT_BYTES_MAX: usize = 4 << 20;
/// Exchanges that are remembered to have begun.
const BEGUN_MAX: usize = 16;

/// What somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Awaited {
    /// Any message on this thread, and any of these kinds on no thread.
    Answer(String, &'static [Kind]),
    /// A message of this kind on any thread.
    Kind(Kind),
    /// A message of any of these kinds that begins an exchange: one on a thread that none has begun,
    /// or only the one on this thread.
    Beginning(&'static [Kind], Option<String>),
}

/// Who waits, and what is kept.
#[derive(Default)]
pub(super) struct Waiting {
    waiters: Vec<Waiter>,
    kept: VecDeque<Arrival>,
    begun: Begun,
    next: u64,
}

/// The last exchanges that messages have begun: mediators and peers repeat themselves, and an offer
/// that is taken twice is not answered the second time.
#[derive(Default)]
struct Begun(VecDeque<Beginning>);

/// What an exchange is known by.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Beginning {
    /// Our key in it.
    pub(super) key: Verkey,
    /// Its protocol, such as `issue-credential`.
    pub(super) protocol: Cow<'static, str>,
    pub(super) thread: String,
}

struct Waiter {
    number: u64,
    /// Our key that the message must be for; none for whichever.
    key: Option<Verkey>,
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
    /// Waits for a message to `key`, or to any; takes one that is kept at once.
    pub(super) fn wait(&mut self, key: impl Into<Option<Verkey>>, awaited: Awaited) -> Place {
        let (sender, found) = oneshot::channel();
        self.next += 1;
        let waiter = Waiter { number: self.next, key: key.into(), awaited, found: sender };
        let kept = self.kept.iter().position(|arrival| waiter.awaits(arrival, &self.begun));
        match kept.and_then(|at| self.kept.remove(at)) {
            // The receiver is in our hands.
            Some(arrival) => {
                if let Some(beginning) = waiter.begins(&arrival) {
                    self.begin(beginning);
                }
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

    /// Hands out what has come over a connection before there was one.
    pub(super) fn meet(&mut self, key: &Verkey) {
        for mut arrival in std::mem::take(&mut self.kept) {
            if arrival.key != *key {
                self.kept.push_back(arrival);
                continue;
            }
            arrival.of = Sender::Connection;
            if let Offered::Left(arrival) = self.offer(arrival) {
                self.kept.push_back(*arrival);
            }
        }
    }

    /// Hands an arrival to whoever has waited for it longest; those who wait for its thread first.
    pub(super) fn offer(&mut self, mut arrival: Arrival) -> Offered {
        while let Some(at) = self.taker(&arrival) {
            let waiter = self.waiters.remove(at);
            let beginning = waiter.begins(&arrival);
            match waiter.found.send(arrival) {
                Ok(()) => {
                    if let Some(beginning) = beginning {
                        self.begin(beginning);
                    }
                    return Offered::Taken;
                }
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

    /// Notes that an exchange has begun: what would begin it again is dropped, now and later.
    pub(super) fn begin(&mut self, beginning: Beginning) {
        self.begun.note(beginning);
        let begun = &self.begun;
        self.kept.retain(|arrival| !begun.is_repeated(arrival));
    }

    /// Whether an arrival would begin an exchange that has begun.
    pub(super) fn is_repeated(&self, arrival: &Arrival) -> bool {
        self.begun.is_repeated(arrival)
    }

    fn taker(&self, arrival: &Arrival) -> Option<usize> {
        let on_thread = |waiter: &Waiter| {
            matches!(waiter.awaited, Awaited::Answer(..) | Awaited::Beginning(_, Some(_)))
        };
        let find = |thread: bool| {
            let awaits = |it: &Waiter| on_thread(it) == thread && it.awaits(arrival, &self.begun);
            self.waiters.iter().position(awaits)
        };
        find(true).or_else(|| find(false))
    }
}

/// Whether a message begins an exchange in which a credential plays a part.
pub(super) fn is_beginning(message: &Message) -> bool {
    let kinds = [issue_credential::OFFERS, present_proof::REQUESTS, revocation::REVOKES];
    kinds.into_iter().flatten().any(|kind| message.kind.is(kind))
}

impl Begun {
    fn note(&mut self, beginning: Beginning) {
        if self.0.contains(&beginning) {
            return;
        }
        if self.0.len() == BEGUN_MAX {
            self.0.pop_front();
        }
        self.0.push_back(beginning);
    }

    /// Whether a message is on the thread of one, of whichever protocol it is itself.
    fn has_thread_of(&self, arrival: &Arrival) -> bool {
        let thread = arrival.message.thread_id();
        self.0.iter().any(|it| it.key == arrival.key && it.thread == thread)
    }

    fn is_repeated(&self, arrival: &Arrival) -> bool {
        is_beginning(&arrival.message) && self.0.contains(&Beginning::of(arrival))
    }
}

impl Beginning {
    fn of(arrival: &Arrival) -> Self {
        Self {
            key: arrival.key,
            protocol: arrival.message.kind.protocol.clone(),
            thread: arrival.message.thread_id().to_owned(),
        }
    }
}

impl Waiter {
    /// A problem report ends every wait on its connection that it may concern.
    fn awaits(&self, arrival: &Arrival, begun: &Begun) -> bool {
        let message = &arrival.message;
        let is_problem = || notification::problem(message).is_some();
        self.key.map_or_else(|| arrival.is_for_anybody(), |key| key == arrival.key)
            && match &self.awaited {
                Awaited::Answer(thid, threadless) => {
                    let is_one = || threadless.iter().any(|kind| message.kind.is(kind));
                    message.thread_id() == thid || message.thread.thid.is_none() && is_one()
                }
                Awaited::Kind(kind) => message.kind.is(kind) || is_problem(),
                Awaited::Beginning(_, Some(thread)) if message.thread_id() != thread => {
                    is_problem() && message.thread.thid.is_none()
                }
                Awaited::Beginning(kinds, _) if kinds.iter().any(|kind| message.kind.is(kind)) => {
                    !begun.is_repeated(arrival)
                }
                // What is reported of an exchange that has begun does not concern the next.
                Awaited::Beginning(..) => is_problem() && !begun.has_thread_of(arrival),
            }
    }

    /// The exchange that begins with this arrival, if one does.
    fn begins(&self, arrival: &Arrival) -> Option<Beginning> {
        let begins =
            matches!(self.awaited, Awaited::Beginning(..)) && is_beginning(&arrival.message);
        begins.then(|| Beginning::of(arrival))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;

    use super::*;
    use crate::aries::{didcomm::KeyPair, protocol::mediation};

    /// Real traffic of ACA-Py.
    const CAPTURED: &str =
        include_str!("../../../tests/fixtures/aries/messages/mini-coordinate-mediation-1.0.json");

    fn arrival(key: Verkey, message: Message) -> Arrival {
        let now = Instant::now();
        let of = Sender::Connection;
        Arrival { message, key, at: now, open_at: now, bytes: 0, crypto: Duration::ZERO, of }
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
