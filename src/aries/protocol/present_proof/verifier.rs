//! The side that asks for a proof.

use super::{
    ACK, Format, PRESENTATION, PROPOSE, Proposal, REQUEST, Request, VERSIONS, Verdict, steps,
};
use crate::aries::{
    didcomm::Message,
    protocol::{ProtocolError, exchange::Exchange, format::Part},
};

/// The side that asks for a proof; one for each exchange.
///
/// It refuses what its prover says as [`Prover`](super::Prover) does.
#[derive(Debug)]
pub struct Verifier {
    exchange: Exchange,
    format: Format,
}

impl Verifier {
    /// Begins with a request.
    #[must_use]
    pub fn request(request: &Request) -> (Self, Message) {
        let (exchange, message) = Exchange::begin(steps(request.format), REQUEST);
        (Self { exchange, format: request.format }, request.write(message))
    }

    /// Begins with what a prover would like to show.
    ///
    /// # Errors
    /// It is no proposal, or one that cannot be read or is in no format that is known.
    pub fn proposed(proposal: &Message) -> Result<(Self, Proposal), ProtocolError> {
        let (exchange, proposal) = Exchange::begun(&VERSIONS, PROPOSE, proposal, Proposal::read)?;
        Ok((Self { exchange, format: proposal.format }, proposal))
    }

    /// Answers a proposal with a request, whose payload is in the format of the proposal.
    ///
    /// # Errors
    /// Nothing was proposed, or it has been answered.
    pub fn answer(&mut self, request: Request) -> Result<Message, ProtocolError> {
        let message = self.exchange.say(REQUEST)?;
        Ok(Request { format: self.format, ..request }.write(message))
    }

    /// Takes the proof: JSON in the format of the request.
    ///
    /// # Errors
    /// A problem report, a message out of turn, or one without a proof in that format.
    pub fn presented(&mut self, message: &Message) -> Result<Vec<u8>, ProtocolError> {
        let format = self.format;
        self.exchange.hear(PRESENTATION, message, |it| Part::Proof.payload(it, format))
    }

    /// Says that the proof has been looked at, and what was found unless it is to stay untold.
    ///
    /// # Errors
    /// Nothing was presented, or it has been confirmed.
    pub fn confirm(&mut self, verdict: Option<Verdict>) -> Result<Message, ProtocolError> {
        Ok(Verdict::write(verdict, self.exchange.say(ACK)?))
    }

    /// Ends the exchange, with a code such as [`ABANDONED`](super::ABANDONED).
    ///
    /// # Errors
    /// It has ended.
    pub fn abandon(&mut self, code: &str, explanation: &str) -> Result<Message, ProtocolError> {
        self.exchange.abandon(code, explanation)
    }

    /// The thread of the exchange.
    #[must_use]
    pub fn thread_id(&self) -> &str {
        self.exchange.thread_id()
    }
}
