//! The side that issues a credential.

use super::{ACK, Format, ISSUE, OFFER, Offer, PROPOSE, Proposal, REQUEST, VERSIONS, steps};
use crate::aries::{
    didcomm::Message,
    protocol::{ProtocolError, exchange::Exchange, format::Part},
};

/// The side that issues a credential; one for each exchange.
///
/// It refuses what its holder says as [`Holder`](super::Holder) does.
#[derive(Debug)]
pub struct Issuer {
    exchange: Exchange,
    format: Format,
}

impl Issuer {
    /// Begins with an offer.
    #[must_use]
    pub fn offer(offer: &Offer) -> (Self, Message) {
        let (exchange, message) = Exchange::begin(steps(offer.format), OFFER);
        (Self { exchange, format: offer.format }, offer.write(message))
    }

    /// Begins with what a holder would like to be offered.
    ///
    /// # Errors
    /// It is no proposal, or one that cannot be read or is in no format that is known.
    pub fn proposed(proposal: &Message) -> Result<(Self, Proposal), ProtocolError> {
        let (exchange, proposal) = Exchange::begun(&VERSIONS, PROPOSE, proposal, Proposal::read)?;
        Ok((Self { exchange, format: proposal.format }, proposal))
    }

    /// Answers a proposal with an offer, whose payload is in the format of the proposal.
    ///
    /// # Errors
    /// Nothing was proposed, or it has been answered.
    pub fn answer(&mut self, offer: Offer) -> Result<Message, ProtocolError> {
        let message = self.exchange.say(OFFER)?;
        Ok(Offer { format: self.format, ..offer }.write(message))
    }

    /// Takes the request: JSON in the format of the offer.
    ///
    /// # Errors
    /// A problem report, a message out of turn, or one without a request in that format.
    pub fn requested(&mut self, message: &Message) -> Result<Vec<u8>, ProtocolError> {
        let format = self.format;
        self.exchange.hear(REQUEST, message, |it| Part::Request.payload(it, format))
    }

    /// Hands over the credential.
    ///
    /// # Errors
    /// It is not asked for, or has been handed over.
    pub fn issue(&mut self, payload: &[u8]) -> Result<Message, ProtocolError> {
        Ok(self.format.attach(Part::Credential, self.exchange.say(ISSUE)?, payload))
    }

    /// Takes the holder's word that the credential has arrived and is fine.
    ///
    /// # Errors
    /// A problem report or a message out of turn.
    pub fn acked(&mut self, message: &Message) -> Result<(), ProtocolError> {
        self.exchange.hear(ACK, message, |_| Ok(()))
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
