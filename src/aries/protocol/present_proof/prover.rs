//! The side that shows what its credentials say.

use super::{
    ACK, Format, PRESENTATION, PROPOSE, Proposal, REQUEST, Request, VERSIONS, Verdict, steps,
};
use crate::aries::{
    didcomm::Message,
    protocol::{ProtocolError, exchange::Exchange, format::Part},
};

/// The side that shows what its credentials say; one for each exchange.
///
/// What the other side says out of turn, twice, or on another thread is refused and changes nothing;
/// a problem that it reports ends the exchange. So does [`decline`](Self::decline).
#[derive(Debug)]
pub struct Prover {
    exchange: Exchange,
    format: Format,
}

impl Prover {
    /// Begins with what we would like to show.
    #[must_use]
    pub fn propose(proposal: &Proposal) -> (Self, Message) {
        let (exchange, message) = Exchange::begin(steps(proposal.format), PROPOSE);
        (Self { exchange, format: proposal.format }, proposal.write(message))
    }

    /// Begins with a request.
    ///
    /// # Errors
    /// It is no request, or one that cannot be read, or in formats that are not known; then
    /// [`refuse`](super::refuse) makes what is to be answered.
    pub fn requested(request: &Message) -> Result<(Self, Request), ProtocolError> {
        let read = |it: &Message| Request::read(it, &Format::ALL);
        let (exchange, request) = Exchange::begun(&VERSIONS, REQUEST, request, read)?;
        Ok((Self { exchange, format: request.format }, request))
    }

    /// Takes the request that answers what we proposed.
    ///
    /// # Errors
    /// A problem report, a message out of turn, or a request in another format than what we proposed.
    pub fn receive_request(&mut self, message: &Message) -> Result<Request, ProtocolError> {
        let format = self.format;
        self.exchange.hear(REQUEST, message, |it| Request::read(it, &[format]))
    }

    /// Presents a proof.
    ///
    /// # Errors
    /// None is asked for, or it has been presented.
    pub fn present(&mut self, payload: &[u8]) -> Result<Message, ProtocolError> {
        Ok(self.format.attach(Part::Proof, self.exchange.say(PRESENTATION)?, payload))
    }

    /// Takes the verifier's ack and what it found, if the ack says so; those of ACA-Py do not.
    ///
    /// # Errors
    /// A problem report, a message out of turn, or a verdict that is none.
    pub fn confirmed(&mut self, message: &Message) -> Result<Option<Verdict>, ProtocolError> {
        self.exchange.hear(ACK, message, Verdict::read)
    }

    /// Ends the exchange, with a code such as [`ABANDONED`](super::ABANDONED).
    ///
    /// # Errors
    /// It has ended.
    pub fn decline(&mut self, code: &str, explanation: &str) -> Result<Message, ProtocolError> {
        self.exchange.abandon(code, explanation)
    }

    /// The thread of the exchange.
    #[must_use]
    pub fn thread_id(&self) -> &str {
        self.exchange.thread_id()
    }
}
