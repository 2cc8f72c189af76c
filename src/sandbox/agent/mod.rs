//! An agent that issues or verifies, with an admin API as ACA-Py has it.

mod admin;
mod door;
mod record;
mod waiting;
mod web;

use std::sync::Arc;

pub use self::door::Admin;
use self::{door::Door, waiting::Waiting};
use super::{
    desk::{Came, Connection, Desk, Owner, Refused},
    gate::Gate,
    post::Undeliverable,
};
use crate::aries::{
    didcomm::Message,
    protocol::{action_menu, discover::Feature, notification},
};

/// What an agent says of itself.
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

/// An agent.
pub(super) struct Agent {
    desk: Desk,
    gate: Arc<Gate>,
    door: Door,
    waiting: Waiting,
}

impl Agent {
    pub(super) fn new(desk: Desk, gate: Arc<Gate>, admin: Admin) -> Self {
        Self { desk, gate, door: Door::new(admin), waiting: Waiting::default() }
    }

    /// Does what a message asks for; the answer goes back the way that it came if it asks for that.
    async fn hear(&self, bytes: &[u8]) -> Result<Option<Vec<u8>>, Refused> {
        let counts = &self.desk.office.counts;
        counts.messages_in.one();
        if self.gate.loses() {
            counts.lost.one();
            return Ok(None);
        }
        let came = self.desk.open(bytes)?;
        let Came { owner, message, .. } = &came;
        match owner {
            Owner::Invitation(invitation) => {
                let accepted = self.desk.accept(invitation, &came).await?;
                self.reply(&accepted.connection, message, Some(accepted.response))
            }
            Owner::Connection(connection) => {
                self.desk.heard(connection, message).await;
                let answer = self.answer(connection, message);
                self.reply(connection, message, answer)
            }
            Owner::Routing(_) => Err(Refused::NotForUs),
        }
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
        connection: &Connection,
        asked: &Message,
        answer: Option<Message>,
    ) -> Result<Option<Vec<u8>>, Refused> {
        match answer {
            Some(answer) if asked.wants_return_route() => {
                self.desk.pack(connection, &answer).map(Some)
            }
            Some(answer) => self.send(connection, &answer).map(|()| None),
            None if asked.wants_return_route() => Ok(self.waiting.take(connection.number)),
            None => Ok(None),
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
}
