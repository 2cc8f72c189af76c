//! The side that was invited.

use super::{Claim, Established, Inviter, Party, connections, did_exchange};
use crate::aries::{
    didcomm::{Message, Verkey, invitation::Handshake},
    protocol::{
        ProtocolError, notification,
        turn::{due, wrong},
    },
};

/// The side that was invited.
#[derive(Debug)]
pub struct Requester {
    handshake: Handshake,
    request_id: String,
    invitation_id: String,
    inviter: Known,
    stands: Stands,
}

/// Who invited; see [`Inviter`].
#[derive(Debug)]
pub(super) struct Known {
    pub(super) did: Option<String>,
    pub(super) keys: Vec<Verkey>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Requested,
    Established,
    Abandoned,
}

impl Requester {
    /// Begins: the request to send.
    #[must_use]
    pub fn begin(
        handshake: Handshake,
        invitation_id: &str,
        inviter: Inviter,
        me: &Party,
    ) -> (Self, Message) {
        let request = match handshake {
            Handshake::Connections1_0 => connections::request(me),
            Handshake::DidExchange1_0 => did_exchange::request(0, me),
            Handshake::DidExchange1_1 => did_exchange::request(1, me),
        };
        let id = request.id.clone();
        let request = request.on_thread(id.clone()).with_parent(invitation_id);
        (Self::waiting(handshake, id, invitation_id, inviter), request)
    }

    /// One that has sent the request of this id.
    pub(in crate::aries::protocol) fn waiting(
        handshake: Handshake,
        request_id: String,
        invitation_id: &str,
        inviter: Inviter,
    ) -> Self {
        let did = inviter.did.map(str::to_owned);
        Self {
            handshake,
            request_id,
            invitation_id: invitation_id.to_owned(),
            inviter: Known { did, keys: inviter.keys.to_vec() },
            stands: Stands::Requested,
        }
    }

    /// Takes the response; the answer makes the other side know that we have it.
    ///
    /// A response that is refused changes nothing: the right one may still come.
    ///
    /// # Errors
    /// A problem report, which ends the handshake, a message out of turn, or a response that is not
    /// signed by the inviter.
    pub fn receive(&mut self, message: &Message) -> Result<Established, ProtocolError> {
        let response = match self.handshake {
            Handshake::Connections1_0 => connections::RESPONSE,
            Handshake::DidExchange1_0 | Handshake::DidExchange1_1 => did_exchange::RESPONSE,
        };
        if self.stands != Stands::Requested {
            let got = message.kind.clone();
            return Err(ProtocolError::OutOfTurn { expected: "no further message", got });
        }
        if message.thread.thid.as_ref().is_some_and(|thid| *thid != self.request_id) {
            return Err(wrong(message, "is on the thread of another request"));
        }
        if let Some(problem) = notification::problem(message) {
            self.stands = Stands::Abandoned;
            return Err(ProtocolError::Problem(problem));
        }
        due(message, &response, "response")?;
        if message.thread.thid.is_none() {
            return Err(wrong(message, "does not say which request it answers"));
        }
        let Claim { did, doc } = match self.handshake {
            Handshake::Connections1_0 => connections::read_response(message, &self.inviter.keys)?,
            Handshake::DidExchange1_0 | Handshake::DidExchange1_1 => {
                did_exchange::read_response(message, &self.inviter)?
            }
        };
        self.stands = Stands::Established;
        Ok(Established { their_did: did, their_doc: doc, answer: self.answer() })
    }

    fn answer(&self) -> Message {
        let minor = match self.handshake {
            Handshake::Connections1_0 => return connections::arrived(),
            Handshake::DidExchange1_0 => 0,
            Handshake::DidExchange1_1 => 1,
        };
        did_exchange::complete(minor).on_thread(&*self.request_id).with_parent(&*self.invitation_id)
    }
}
