//! Handshakes: what the connection protocols have in common.

use super::ProtocolError;
use crate::aries::didcomm::{
    KeyPair, Message, Verkey,
    did::{DidDoc, OwnDid},
    invitation::Handshake,
};

/// One side of a handshake: ours.
pub struct Party<'a> {
    /// What we call ourselves.
    pub label: &'a str,
    /// The key of this connection.
    pub key: &'a KeyPair,
    /// The DID of this connection.
    pub did: &'a OwnDid,
}

/// What a side knows once it knows the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Established {
    /// The other's DID.
    pub their_did: String,
    /// Its document, if the message or the DID carries it; else the DID must be resolved.
    pub their_doc: Option<DidDoc>,
    /// What is to be sent to it now.
    pub answer: Message,
}

/// The side that was invited.
pub struct Requester {}

/// The side that invited.
pub struct Responder {}

impl Requester {
    /// Begins: the request to send. `invitation_key` is whom a rotation of keys must be signed by.
    #[must_use]
    pub fn begin(
        handshake: Handshake,
        invitation_id: &str,
        invitation_key: &Verkey,
        me: &Party,
    ) -> (Self, Message) {
        let _ = (handshake, invitation_id, invitation_key, me);
        todo!()
    }

    /// Takes the response; the answer makes the other side know that we have it.
    ///
    /// # Errors
    /// A problem report, a message out of turn, a response that is not signed by the inviter.
    pub fn receive(&mut self, message: &Message) -> Result<Established, ProtocolError> {
        let _ = message;
        todo!()
    }
}

impl Responder {
    /// Takes a request to an invitation whose key is `invited`; the answer is the response.
    ///
    /// # Errors
    /// It is no request, or one that is not signed by whom it names.
    pub fn receive(
        request: &Message,
        invited: &KeyPair,
        me: &Party,
    ) -> Result<(Self, Established), ProtocolError> {
        let _ = (request, invited, me);
        todo!()
    }

    /// Takes whatever tells that the response has arrived.
    ///
    /// # Errors
    /// A problem report, or a message of the handshake that is out of turn.
    pub fn complete(&mut self, message: &Message) -> Result<(), ProtocolError> {
        let _ = message;
        todo!()
    }
}
