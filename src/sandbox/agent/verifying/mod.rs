//! A verifier: it asks for presentations, and says whether they are true.

mod admin;
mod inquiry;
mod web;

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::inquiry::{Inquiry, State};
use super::{
    Agent, Other,
    exchanges::{Exchange, Exchanges},
};
use crate::{
    aries::{
        anoncreds::Presentation,
        didcomm::Message,
        protocol::{
            Format, ProtocolError,
            present_proof::{self, v1, v2},
        },
    },
    sandbox::{bench::Bench, desk::Refused, registry::Ledger},
};

/// Bytes of presentations that wait until somebody asks to have them verified.
const WAITING_MAX: usize = 256 << 20;

/// What makes an agent a verifier.
pub(in super::super) struct Verifying {
    agent: Arc<Agent>,
    ledger: Arc<Ledger>,
    bench: Bench,
    /// Whether it takes every presentation for true.
    blind: bool,
    pub(super) exchanges: Exchanges<Inquiry>,
    room: Arc<Semaphore>,
}

/// A presentation that waits, and its share of the room for those.
struct Presented {
    presentation: Presentation,
    _room: OwnedSemaphorePermit,
}

impl Verifying {
    pub(in super::super) fn new(agent: Arc<Agent>, ledger: Arc<Ledger>, blind: bool) -> Self {
        let (exchanges, room) = (Exchanges::default(), Arc::new(Semaphore::new(WAITING_MAX)));
        Self { agent, ledger, bench: Bench::new(), blind, exchanges, room }
    }

    /// Takes a message of the protocol; says what is to be answered.
    pub(super) async fn hear(
        &self,
        other: &Other,
        message: &Message,
    ) -> Result<Option<Message>, Refused> {
        let kind = &message.kind;
        if kind.is(&v1::PROPOSE) || kind.is(&v2::PROPOSE) {
            let why = "is not what this verifier waits for".to_owned();
            let error = ProtocolError::Wrong { kind: kind.clone(), why };
            return Ok(present_proof::refuse(message, &error));
        }
        let exchange = self.exchanges.find(other, message.thread_id(), kind)?;
        match self.presented(&exchange, other, message) {
            Ok(()) if exchange.standing().auto_verify => self.verify(&exchange).await,
            Ok(()) => Ok(None),
            Err(Refused::Protocol(ProtocolError::Problem(problem))) => {
                exchange.standing().abandon(problem.to_string());
                self.announce(&exchange);
                self.ended(&exchange);
                Ok(None)
            }
            Err(refused) => Err(refused),
        }
        .or_else(|refused| self.abandoned(&exchange, refused))
    }

    fn presented(
        &self,
        exchange: &Exchange<Inquiry>,
        other: &Other,
        message: &Message,
    ) -> Result<(), Refused> {
        let mut inquiry = exchange.standing();
        let payload = inquiry.machine.presented(message)?;
        let size = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).try_acquire_many_owned(size);
        let room = room.map_err(|_| Refused::Busy)?;
        let presentation = serde_json::from_slice(&payload)
            .map_err(|error| Refused::Unreadable("presentation", error))?;
        inquiry.presented = Some(Presented { presentation, _room: room });
        inquiry.other = Some(other.clone());
        inquiry.goes_to(State::Presented);
        drop(inquiry);
        self.announce(exchange);
        self.agent.desk.office.counts.presentations.one();
        Ok(())
    }

    /// Verifies what was presented; says what is to be answered, whatever was found.
    async fn verify(&self, exchange: &Exchange<Inquiry>) -> Result<Option<Message>, Refused> {
        let taken = {
            let mut inquiry = exchange.standing();
            inquiry.presented.take().zip(Some(Arc::clone(&inquiry.request)))
        };
        let Some((presented, request)) = taken else {
            return Err(Refused::OutOfTurn("wish to verify".into()));
        };
        let is_true = if self.blind {
            true
        } else {
            let (ledger, presentation) = (Arc::clone(&self.ledger), presented.presentation);
            let verified = self.bench.run(move || {
                let known = ledger.known_for(&presentation);
                known.verify(&ledger.widened(&request, &presentation), &presentation)
            });
            let verified = verified.await.map_err(|_| Refused::Panicked)?;
            if let Err(rejection) = &verified {
                tracing::debug!(%rejection, exchange = exchange.id, "a presentation is not true");
            }
            verified.is_ok()
        };
        let ack = {
            let mut inquiry = exchange.standing();
            // Whoever reported a problem meanwhile has ended the exchange.
            let ack = inquiry.machine.confirm(None)?;
            inquiry.verified = Some(is_true);
            inquiry.goes_to(State::Done);
            ack
        };
        let counts = &self.agent.desk.office.counts;
        let count = if is_true { &counts.verified_true } else { &counts.verified_false };
        count.one();
        self.announce(exchange);
        self.ended(exchange);
        Ok(Some(ack))
    }

    /// What an exchange leaves when it is over.
    fn ended(&self, exchange: &Exchange<Inquiry>) {
        if exchange.auto_remove
            && let Some(forgotten) = self.exchanges.forget(&exchange.id)
        {
            self.agent.let_go(forgotten.peer);
        }
    }

    /// Tells whoever listens where an exchange stands.
    fn announce(&self, exchange: &Exchange<Inquiry>) {
        let topic = match exchange.format {
            Format::LibIndy => "present_proof",
            Format::Indy | Format::AnonCreds => "present_proof_v2_0",
        };
        self.agent.events.tell(topic, || inquiry::record(exchange));
    }

    /// Ends an exchange whose presentation is none; what comes out of turn ends nothing.
    fn abandoned(
        &self,
        exchange: &Exchange<Inquiry>,
        refused: Refused,
    ) -> Result<Option<Message>, Refused> {
        match refused {
            Refused::Busy | Refused::Unreadable(..) | Refused::Panicked => {
                let why = refused.to_string();
                let report = {
                    let mut inquiry = exchange.standing();
                    inquiry.abandon(why.clone());
                    inquiry.machine.abandon(present_proof::ABANDONED, &why)?
                };
                self.announce(exchange);
                Ok(Some(report))
            }
            other => Err(other),
        }
    }
}
