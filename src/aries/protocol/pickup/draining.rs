//! Emptying a mediator's queue with pickup 2.0.

use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
};

use super::{DELIVERED_MAX, Delivered, v2};
use crate::aries::{
    didcomm::Message,
    protocol::{ProtocolError, turn::out_of_turn},
};

/// How many ids of messages are remembered: those of two full deliveries.
const REMEMBERED: usize = 2 * DELIVERED_MAX;
/// How many messages are sent in a row without anything new coming back.
const FRUITLESS_MAX: u32 = 6;

/// The recipient's side of emptying a queue.
///
/// ```text
/// status-request → status (n > 0) → delivery-request → delivery → messages-received ─┐
///                    ↑   status (0): empty                                           │
///                    └───────────────────────────────────────────────────────────────┘
/// ```
///
/// A message that comes twice is given out once. A message that got lost is made good by
/// [`ask`](Self::ask), which may be called whenever nothing has come for too long.
#[derive(Debug)]
pub struct Draining {
    limit: u16,
    /// Hashes of the ids of what has been given out, the oldest first.
    given: VecDeque<u64>,
    hasher: RandomState,
    /// The request that has no answer yet.
    asked: Option<String>,
    /// Messages sent since something new came.
    fruitless: u32,
    stands: Stands,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    UnderWay,
    Empty,
    GivenUp,
}

/// What a message of the mediator leads to.
#[derive(Debug, PartialEq, Default)]
pub struct Step {
    /// What to send to the mediator, if anything.
    pub send: Option<Message>,
    /// What has come and is to be opened.
    pub items: Vec<Delivered>,
}

impl Draining {
    /// Begins, with deliveries of up to `limit` messages, [`DELIVERED_MAX`] at most.
    #[must_use]
    pub fn new(limit: u16) -> Self {
        let most = u16::try_from(DELIVERED_MAX).unwrap_or(u16::MAX);
        Self {
            limit: limit.clamp(1, most),
            given: VecDeque::new(),
            hasher: RandomState::new(),
            asked: None,
            fruitless: 0,
            stands: Stands::UnderWay,
        }
    }

    /// The message to begin with, and to begin again with after a silence.
    pub fn ask(&mut self) -> Message {
        self.fruitless = 0;
        self.stands = Stands::UnderWay;
        self.sent(v2::status_request(None))
    }

    /// Whether the mediator has said that it keeps nothing more.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stands == Stands::Empty
    }

    /// Whether the mediator claims to keep messages but hands over nothing new, however often it is
    /// asked; it is not asked again until [`ask`](Self::ask) is called or something new comes.
    #[must_use]
    pub fn has_given_up(&self) -> bool {
        self.stands == Stands::GivenUp
    }

    /// Takes a status or a delivery, whether it was asked for or comes live.
    ///
    /// # Errors
    /// A problem report, another message, or one that cannot be read.
    pub fn receive(&mut self, message: &Message) -> Result<Step, ProtocolError> {
        if message.kind.is(&v2::STATUS) {
            let status = v2::Status::read(message)?;
            return Ok(Step { send: self.status(message, status), items: Vec::new() });
        }
        if message.kind.is(&v2::DELIVERY) {
            return Ok(self.delivery(v2::read_delivery(message)?));
        }
        Err(out_of_turn(message, "status or delivery"))
    }

    fn status(&mut self, message: &Message, status: v2::Status) -> Option<Message> {
        let on = message.thread.thid.as_ref();
        if on.is_some() && on != self.asked.as_ref() {
            // The answer to a request that has been answered before: it came twice, or too late.
            return None;
        }
        self.asked = None;
        if status.message_count == 0 {
            self.stands = Stands::Empty;
            return None;
        }
        self.request()
    }

    fn delivery(&mut self, mut items: Vec<Delivered>) -> Step {
        // What came twice is acknowledged twice: the first time may have got lost.
        let received = v2::messages_received(items.iter().map(|it| &*it.id));
        let came = items.len();
        items.retain(|it| self.is_new(&it.id));
        if !items.is_empty() {
            self.fruitless = 0;
        }
        let send = if came == 0 { self.request() } else { self.unless_fruitless(received) };
        Step { send, items }
    }

    fn request(&mut self) -> Option<Message> {
        self.unless_fruitless(v2::delivery_request(self.limit))
    }

    /// A mediator that claims messages for ever, or repeats them, is not answered for ever.
    fn unless_fruitless(&mut self, message: Message) -> Option<Message> {
        if self.fruitless == FRUITLESS_MAX {
            self.stands = Stands::GivenUp;
            return None;
        }
        self.fruitless += 1;
        self.stands = Stands::UnderWay;
        Some(self.sent(message))
    }

    fn sent(&mut self, message: Message) -> Message {
        self.asked = Some(message.id.clone());
        message
    }

    fn is_new(&mut self, id: &str) -> bool {
        let hash = self.hasher.hash_one(id);
        if self.given.contains(&hash) {
            return false;
        }
        if self.given.len() == REMEMBERED {
            self.given.pop_front();
        }
        self.given.push_back(hash);
        true
    }
}
