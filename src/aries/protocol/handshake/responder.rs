//! The side that invited; one for each request, however many an invitation gets.

use super::{Claim, Established, Party, connections, did_exchange};
use crate::aries::{
    didcomm::{KeyPair, Message, Thread, invitation::Handshake},
    protocol::{
        ProtocolError, notification,
        turn::{due, out_of_turn, wrong},
    },
};

/// The side that invited.
#[derive(Debug)]
pub struct Responder {
    handshake: Handshake,
    thread: Thread,
    stands: Stands,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Responded,
    Completed,
    Abandoned,
}

impl Responder {
    /// Takes a request to an invitation whose key is `invited`; the answer is the response, signed
    /// by that key, in connections 1.0 at a time in seconds since 1970 (RFC 0234).
    ///
    /// Which invitation it is about is the request's `thread.pthid`.
    ///
    /// # Errors
    /// It is no request, or one that is not signed by whom it names.
    pub fn receive(
        request: &Message,
        invited: &KeyPair,
        me: &Party,
        epoch_seconds: u64,
    ) -> Result<(Self, Established), ProtocolError> {
        let (handshake, claim, response) = if request.kind.is(&connections::REQUEST) {
            let claim = connections::read_request(request)?;
            let response = connections::response(invited, me, epoch_seconds);
            (Handshake::Connections1_0, claim, response)
        } else {
            due(request, &did_exchange::REQUEST, "request")?;
            let minor = request.kind.minor.min(1);
            let handshake =
                if minor == 0 { Handshake::DidExchange1_0 } else { Handshake::DidExchange1_1 };
            let claim = did_exchange::read_request(request)?;
            (handshake, claim, did_exchange::response(minor, invited, me))
        };
        let Claim { did, doc } = claim;
        let thid = Some(request.thread_id().to_owned());
        let thread = Thread { thid, pthid: request.thread.pthid.clone() };
        let answer = Message { thread: thread.clone(), ..response };
        let established = Established { their_did: did, their_doc: doc, answer };
        Ok((Self { handshake, thread, stands: Stands::Responded }, established))
    }

    /// Takes whatever tells that the response has arrived: the complete of didexchange, or in
    /// connections 1.0 any message but those of the handshake itself.
    ///
    /// # Errors
    /// A problem report, which ends the handshake, or a message of the handshake that is out of turn
    /// or on another thread.
    pub fn complete(&mut self, message: &Message) -> Result<(), ProtocolError> {
        if self.stands != Stands::Responded {
            let got = message.kind.clone();
            return Err(ProtocolError::OutOfTurn { expected: "no further message", got });
        }
        if let Some(problem) = notification::problem(message) {
            self.stands = Stands::Abandoned;
            return Err(ProtocolError::Problem(problem));
        }
        match self.handshake {
            Handshake::Connections1_0 => {
                if message.kind.belongs_to(&connections::REQUEST) {
                    return Err(out_of_turn(message, "ping or ack"));
                }
            }
            Handshake::DidExchange1_0 | Handshake::DidExchange1_1 => {
                due(message, &did_exchange::COMPLETE, "complete")?;
                if message.thread != self.thread {
                    return Err(wrong(message, "is not on the thread of the request"));
                }
            }
        }
        self.stands = Stands::Completed;
        Ok(())
    }
}
