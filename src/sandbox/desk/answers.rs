//! What every party answers, whatever else it is.

use super::{Connection, Desk};
use crate::aries::{
    didcomm::Message,
    protocol::{basic_message, discover, notification, out_of_band, trust_ping},
};

impl Desk {
    /// The answer to a message, if it has one.
    pub(in super::super) fn answer(
        &self,
        connection: &Connection,
        message: &Message,
    ) -> Option<Message> {
        let (kind, counts) = (&message.kind, &self.office.counts);
        if kind.is(&trust_ping::PING) {
            counts.pings.one();
            trust_ping::answer(message)
        } else if kind.is(&trust_ping::PING_RESPONSE) {
            None
        } else if kind.is(&basic_message::MESSAGE) {
            counts.basic_messages.one();
            notification::ack_asked_for(message)
        } else if kind.is(&out_of_band::REUSE) {
            self.reuse(connection, message)
        } else if HANDSHAKES.contains(&&*kind.protocol) {
            // Completes the handshake, acknowledges it, or complains of it.
            None
        } else {
            discover::answer(message, &self.features).or_else(|| notification::unsupported(message))
        }
    }

    /// A connection may be used again by whoever has an invitation of ours.
    fn reuse(&self, connection: &Connection, reuse: &Message) -> Option<Message> {
        let invitation = reuse.thread.pthid.as_deref().unwrap_or_default();
        let known =
            invitation == connection.details.invitation || self.invitation(invitation).is_some();
        let answer =
            if known { out_of_band::accept_reuse(reuse) } else { out_of_band::refuse_reuse(reuse) };
        // One that is on no thread of an invitation asks for nothing.
        answer.ok()
    }
}

const HANDSHAKES: [&str; 2] = ["didexchange", "connections"];
