//! An agent that issues or verifies, with an admin API as ACA-Py has it.

mod admin;
mod door;
mod events;
mod exchanges;
mod issuing;
mod other;
mod record;
mod trade;
mod verifying;
mod waiting;
mod web;

use std::sync::Arc;

use serde_json::Value;

pub use self::door::Admin;
use self::{
    door::Door,
    events::Events,
    exchanges::Peer,
    other::{Other, Stranger},
    waiting::Waiting,
};
pub(super) use self::{
    issuing::Issuing,
    trade::{ISSUES, Trade, VERIFIES},
    verifying::Verifying,
};
use super::{
    desk::{Connection, Desk, Owner, PublicDid, Refused, now},
    gate::Gate,
    post::Undeliverable,
};
use crate::aries::{
    didcomm::Message,
    protocol::{action_menu, discover::Feature, notification},
};

/// What every agent says of itself.
pub(super) const FEATURES: &[Feature] = &[
    Feature { protocol: "https://didcomm.org/connections/1.0", roles: &["inviter"] },
    Feature { protocol: "https://didcomm.org/didexchange/1.0", roles: &["responder"] },
    Feature { protocol: "https://didcomm.org/didexchange/1.1", roles: &["responder"] },
    Feature { protocol: "https://didcomm.org/out-of-band/1.1", roles: &["sender"] },
    Feature { protocol: "https://didcomm.org/trust_ping/1.0", roles: &["receiver", "sender"] },
    Feature { protocol: "https://didcomm.org/basicmessage/1.0", roles: &["receiver", "sender"] },
    Feature { protocol: "https://didcomm.org/action-menu/1.0", roles: &["responder"] },
    Feature { protocol: "https://didcomm.org/discover-features/1.0", roles: &["responder"] },
    Feature { protocol: "https://didcomm.org/discover-features/2.0", roles: &["responder"] },
];

/// What issuer and verifier have in common.
pub(super) struct Agent {
    desk: Desk,
    gate: Arc<Gate>,
    door: Door,
    waiting: Waiting,
    events: Events,
}

impl Agent {
    pub(super) fn new(desk: Desk, gate: Arc<Gate>, admin: Admin) -> Self {
        let (waiting, events) = (Waiting::default(), Events::default());
        Self { desk, gate, door: Door::new(admin), waiting, events }
    }

    /// Who it is to everybody.
    pub(super) fn did(&self) -> Arc<PublicDid> {
        Arc::clone(&self.desk.public)
    }

    /// Does what a message asks for; the answer goes back the way that it came if it asks for that.
    async fn hear(
        self: &Arc<Self>,
        trade: &Trade,
        bytes: &[u8],
    ) -> Result<Option<Vec<u8>>, Refused> {
        let counts = &self.desk.office.counts;
        counts.messages_in.one();
        if self.gate.loses() {
            counts.lost.one();
            return Ok(None);
        }
        let came = self.desk.open(bytes)?;
        let of_trade = trade.is_of(&came.message.kind);
        match &came.owner {
            Owner::Invitation(invitation) if of_trade => {
                let key = came.sender.ok_or(Refused::Stranger)?;
                let stranger = Stranger::new(invitation, key, &came.message);
                self.deal(trade, Other::Stranger(Arc::new(stranger)), came.message).await
            }
            Owner::Invitation(invitation) => {
                let came_at = now();
                let accepted = self.desk.accept(invitation, &came).await?;
                self.tell_connection(came_at, || record::of_request(&accepted.connection));
                self.tell_connection(now(), || record::of_connection(&accepted.connection));
                let other = Other::Connection(accepted.connection);
                self.reply(&other, &came.message, Some(accepted.response))
            }
            Owner::Connection(connection) => {
                if self.desk.heard(connection, &came.message).await {
                    self.tell_connection(now(), || record::of_connection(connection));
                }
                let other = Other::Connection(Arc::clone(connection));
                if of_trade {
                    return self.deal(trade, other, came.message).await;
                }
                let answer = self.answer(connection, &came.message);
                self.reply(&other, &came.message, answer)
            }
            Owner::Routing(_) => Err(Refused::NotForUs),
        }
    }

    /// Does what a message of an exchange asks for; who does not wait for the answer is not held up.
    async fn deal(
        self: &Arc<Self>,
        trade: &Trade,
        other: Other,
        message: Message,
    ) -> Result<Option<Vec<u8>>, Refused> {
        if message.wants_return_route() {
            let answer = trade.hear(&other, &message).await?;
            return self.reply(&other, &message, answer);
        }
        let (agent, trade) = (Arc::clone(self), trade.clone());
        tokio::spawn(async move {
            let answer = trade.hear(&other, &message).await;
            let done = answer.and_then(|answer| agent.reply(&other, &message, answer));
            if let Err(error) = done {
                agent.desk.office.counts.refused.one();
                tracing::debug!(agent = agent.desk.name, %error, "a message is refused");
            }
        });
        Ok(None)
    }

    /// Tells whoever listens where a connection stands since a time.
    fn tell_connection(&self, updated_at: String, record: impl FnOnce() -> Value) {
        self.events.tell("connections", || {
            let mut record = record();
            record["updated_at"] = updated_at.into();
            record
        });
    }

    fn answer(&self, connection: &Connection, message: &Message) -> Option<Message> {
        if message.kind.is(&action_menu::PERFORM) {
            return match action_menu::performed(message) {
                Ok(_) => notification::ack_asked_for(message),
                Err(error) => {
                    Some(notification::problem_report(message, "invalid", &error.to_string()))
                }
            };
        }
        self.desk.answer(connection, message)
    }

    fn reply(
        &self,
        other: &Other,
        asked: &Message,
        answer: Option<Message>,
    ) -> Result<Option<Vec<u8>>, Refused> {
        match (answer, other) {
            (Some(answer), _) if asked.wants_return_route() => self.pack(other, &answer).map(Some),
            (Some(answer), _) => self.say(other, &answer).map(|()| None),
            (None, Other::Connection(connection)) if asked.wants_return_route() => {
                Ok(self.waiting.take(connection.number))
            }
            (None, Other::Connection(_) | Other::Stranger(_)) => Ok(None),
        }
    }

    fn pack(&self, other: &Other, message: &Message) -> Result<Vec<u8>, Refused> {
        match other {
            Other::Connection(connection) => self.desk.pack(connection, message),
            Other::Stranger(stranger) => stranger.pack(&self.desk, message),
        }
    }

    /// Sends a message to whoever an exchange is with.
    fn say(&self, other: &Other, message: &Message) -> Result<(), Refused> {
        match other {
            Other::Connection(connection) => self.send(connection, message),
            Other::Stranger(stranger) => stranger.send(&self.desk, message),
        }
    }

    /// Sends a message; for whoever nobody can reach it waits.
    fn send(&self, connection: &Connection, message: &Message) -> Result<(), Refused> {
        match self.desk.send(connection, message) {
            Err(Refused::Undeliverable(Undeliverable::NoEndpoint)) => {
                let packed = self.desk.pack(connection, message)?;
                if !self.waiting.leave(connection.number, packed) {
                    self.desk.office.counts.undelivered.one();
                }
                Ok(())
            }
            sent => sent,
        }
    }

    /// Takes back the invitation that an exchange was attached to, once that is forgotten.
    fn let_go(&self, peer: Option<Peer>) {
        if let Some(Peer::Invitation(id)) = peer {
            self.desk.withdraw(&id);
        }
    }
}
