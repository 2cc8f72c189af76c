//! What becomes of a message that arrives: opened, and handed to whoever it is for.

use std::sync::Arc;

use tokio::time::Instant;

use super::{
    Agency,
    arrival::{Arrival, Sender},
    inner::Inner,
    state::BATCH,
    waiting::{Offered, is_beginning},
    wallet::Line,
};
use crate::aries::{
    didcomm::{
        Kind, Message, MessageError, Verkey,
        envelope::{Envelope, EnvelopeError},
    },
    protocol::{
        ProtocolError, action_menu, basic_message, discover, notification,
        pickup::{self, Step},
        trust_ping,
    },
};

/// Automatic answers that may be on their way at a time; a peer that wants more of a holder is told
/// of as trouble.
const ANSWERS_MAX: usize = 32;

/// What nobody may wait for yet and somebody may ask for later.
fn is_kept(message: &Message) -> bool {
    const KEPT: [Kind; 2] = [basic_message::MESSAGE, action_menu::MENU];
    KEPT.iter().any(|kind| message.kind.is(kind))
        || is_beginning(message)
        || notification::problem(message).is_some()
}

/// What is of no consequence.
fn needs_no_answer(message: &Message) -> bool {
    message.kind.is(&trust_ping::PING) || message.kind.is(&notification::ACK)
}

/// Hands a packed message to the holder of this process that it is for.
pub(super) fn deliver_to_resident(agency: &Agency, packed: &[u8]) -> bool {
    let Ok(envelope) = Envelope::parse(packed) else { return false };
    let resident = envelope.recipients().find_map(|key| agency.resident(key));
    resident.is_some_and(|holder| {
        holder.arrive(packed, Instant::now());
        true
    })
}

impl Inner {
    /// Takes in a packed message that was here at `at`.
    pub(super) fn arrive(self: &Arc<Self>, packed: &[u8], at: Instant) {
        match self.open(packed, at) {
            Ok(Some(arrival)) => self.take(arrival),
            Ok(None) => {
                self.tell_trouble("not for us", "a message for a key that is not ours".into());
            }
            Err(error) => self.tell_trouble("unreadable message", error.to_string()),
        }
    }

    fn open(&self, packed: &[u8], at: Instant) -> Result<Option<Arrival>, Unreadable> {
        // Not `at`: messages that were delivered together are opened one after the other.
        let begun = Instant::now();
        let envelope = Envelope::parse(packed)?;
        let Some((line, settled)) = envelope.recipients().find_map(|key| self.line(key)) else {
            return Ok(None);
        };
        let opened = envelope.open(&line.key, line.channel().ok())?;
        // A connection is with one peer; only a handshake may be answered by a key not seen before.
        if settled && opened.sender != Some(line.target.recipient) {
            return Err(Unreadable::Stranger);
        }
        let message = Message::parse(&opened.plaintext)?;
        let (key, bytes) = (*line.key.verkey(), packed.len());
        let open_at = Instant::now();
        let crypto = open_at.duration_since(begun);
        let of = Sender::Other;
        Ok(Some(Arrival { message, key, at, crypto, open_at, bytes, of }))
    }

    /// The line of one of our keys, and whether its handshake is over or it needs none.
    fn line(&self, key: &Verkey) -> Option<(Arc<Line>, bool)> {
        let state = self.state();
        let of = |lines: &[Arc<Line>]| lines.iter().find(|it| it.key.verkey() == key).cloned();
        let settled = state.wallet.by_key(key).map(|it| Arc::clone(&it.line));
        let settled = settled.or_else(|| of(&state.passing)).map(|line| (line, true));
        settled.or_else(|| of(&state.pending).map(|line| (line, false)))
    }

    fn take(self: &Arc<Self>, mut arrival: Arrival) {
        let picked_up = self.is_picked_up(&arrival);
        let answer = automatic(&arrival.message);
        let settled = picked_up || answer.is_some() || needs_no_answer(&arrival.message);
        if let Some(answer) = answer {
            self.answer(arrival.key, answer);
        }
        let repeated = self.state().waiting.is_repeated(&arrival);
        if repeated {
            self.tell_received(&arrival, None);
            let text = format!("a {} that has been taken", arrival.message.kind);
            return self.tell_trouble("repeated message", text);
        }
        let mut state = self.state();
        arrival.of = state.wallet.sender(&arrival.key);
        let Offered::Left(arrival) = state.waiting.offer(arrival) else { return };
        let problem = notification::problem(&arrival.message);
        let problem = problem.filter(|_| arrival.of == Sender::Mediator);
        if problem.is_none() && is_kept(&arrival.message) {
            // Not any later: whoever sat down in between would wait for what is kept.
            let lost = state.waiting.keep(*arrival);
            drop(state);
            return self.tell_lost(lost);
        }
        drop(state);
        if let Some(problem) = problem {
            // It is about what was asked of the mediator, which nobody asks again.
            self.tell_received(&arrival, None);
            self.tell_trouble("problem report", problem.to_string());
        } else if settled {
            self.tell_received(&arrival, None);
        } else {
            self.refuse(&arrival);
        }
    }

    fn tell_lost(&self, lost: Vec<Arrival>) {
        for lost in lost {
            self.tell_trouble("message lost", format!("no room for a {}", lost.message.kind));
        }
    }

    /// What nobody asked for: late, out of turn, or of a protocol that we do not speak.
    fn refuse(self: &Arc<Self>, arrival: &Arrival) {
        self.tell_received(arrival, None);
        let message = &arrival.message;
        if discover::is_supported(&message.kind) {
            // The answer to a question that has been given up, or a message of a protocol that is
            // not under way.
            let kind = if message.thread.thid.is_some() { "late answer" } else { "out of turn" };
            let text = format!("a {} on a thread that nobody waits for", message.kind);
            self.tell_trouble(kind, text);
        } else if let Some(report) = notification::unsupported(message) {
            self.tell_trouble("unknown type", message.kind.to_string());
            self.answer(arrival.key, report);
        }
    }

    /// Answers of a pickup: what they hold arrives in turn, and the next question is asked.
    fn is_picked_up(self: &Arc<Self>, arrival: &Arrival) -> bool {
        if !self.is_mediators(arrival) {
            self.ask_on();
            return false;
        }
        let Some(step) = self.pick_up(arrival) else { return false };
        match step {
            Ok(step) => {
                for item in step.items {
                    self.arrive(&item.packed, arrival.at);
                }
                if let Some(next) = step.send.or_else(|| self.go_live(arrival)) {
                    self.answer(arrival.key, next);
                }
            }
            Err(error) => self.tell_trouble("unreadable message", error.to_string()),
        }
        true
    }

    /// Asks for live delivery once the queue is empty: ACA-Py puts one of two answers aside that are
    /// on their way at the same time.
    fn go_live(&self, arrival: &Arrival) -> Option<Message> {
        let is_status = arrival.message.kind.is(&pickup::v2::STATUS);
        let wanted = is_status && std::mem::take(&mut self.state().wants_live);
        wanted.then(|| pickup::v2::live_delivery_change(true))
    }

    fn pick_up(&self, arrival: &Arrival) -> Option<Result<Step, ProtocolError>> {
        let message = &arrival.message;
        if message.kind.is(&pickup::v1::BATCH) {
            return Some(pickup::v1::read_batch(message).map(|items| Step {
                send: (!items.is_empty()).then(|| pickup::v1::batch_pickup(BATCH)),
                items,
            }));
        }
        let second = message.kind.is(&pickup::v2::STATUS) || message.kind.is(&pickup::v2::DELIVERY);
        second.then(|| self.state().draining.receive(message))
    }

    fn is_mediators(&self, arrival: &Arrival) -> bool {
        let state = self.state();
        state
            .wallet
            .mediator
            .as_ref()
            .is_some_and(|it| it.connection.line.key.verkey() == &arrival.key)
    }

    /// Sends what no journey asked for; a task of its own, so that reading goes on.
    pub(super) fn answer(self: &Arc<Self>, key: Verkey, answer: Message) {
        let Some((line, _)) = self.line(&key) else { return };
        {
            let mut state = self.state();
            if state.answers >= ANSWERS_MAX {
                drop(state);
                let text = format!("no room for a {}: {ANSWERS_MAX} are on their way", answer.kind);
                return self.tell_trouble("answer dropped", text);
            }
            state.answers += 1;
        }
        let (holder, on_its_way) = (Arc::clone(self), OnItsWay(Arc::clone(self)));
        tokio::spawn(async move {
            let kind = answer.kind.clone();
            let sent = holder.send(&line, answer).await;
            drop(on_its_way);
            if let Err(error) = sent {
                holder.tell_trouble("answer not sent", format!("{kind}: {error}"));
            }
        });
    }
}

/// An automatic answer, counted until it is dropped.
struct OnItsWay(Arc<Inner>);

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.0.state().answers -= 1;
    }
}

/// Why a message cannot be read.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error("a message on a connection by somebody else than its other side")]
    Stranger,
}

/// What any holder answers by itself.
fn automatic(message: &Message) -> Option<Message> {
    if message.kind.is(&trust_ping::PING) {
        return trust_ping::answer(message);
    }
    discover::answer(message, discover::SUPPORTED).or_else(|| notification::ack_asked_for(message))
}
