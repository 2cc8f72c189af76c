//! The side that comes by a credential.

use super::{ACK, Format, ISSUE, OFFER, Offer, PROPOSE, Proposal, REQUEST, VERSIONS, steps};
use crate::aries::{
    didcomm::Message,
    protocol::{ProtocolError, exchange::Exchange, format::Part},
};

/// The side that comes by a credential; one for each exchange.
///
/// What the other side says out of turn, twice, or on another thread is refused and changes nothing;
/// a problem that it reports ends the exchange. So does [`decline`](Self::decline).
#[derive(Debug)]
pub struct Holder {
    exchange: Exchange,
    format: Format,
}

impl Holder {
    /// Begins with what we would like to be offered.
    #[must_use]
    pub fn propose(proposal: &Proposal) -> (Self, Message) {
        let (exchange, message) = Exchange::begin(steps(proposal.format), PROPOSE);
        (Self { exchange, format: proposal.format }, proposal.write(message))
    }

    /// Begins with an offer.
    ///
    /// # Errors
    /// It is no offer, or one that cannot be read, or in formats that are not known; then
    /// [`refuse`](super::refuse) makes what is to be answered.
    pub fn offered(offer: &Message) -> Result<(Self, Offer), ProtocolError> {
        let read = |it: &Message| Offer::read(it, &Format::ALL);
        let (exchange, offer) = Exchange::begun(&VERSIONS, OFFER, offer, read)?;
        Ok((Self { exchange, format: offer.format }, offer))
    }

    /// Takes the offer that answers what we proposed.
    ///
    /// # Errors
    /// A problem report, a message out of turn, or an offer in another format than what we proposed.
    pub fn receive_offer(&mut self, message: &Message) -> Result<Offer, ProtocolError> {
        let format = self.format;
        self.exchange.hear(OFFER, message, |it| Offer::read(it, &[format]))
    }

    /// Asks for what was offered.
    ///
    /// # Errors
    /// Nothing is offered, or it has been asked for.
    pub fn request(&mut self, payload: &[u8]) -> Result<Message, ProtocolError> {
        Ok(self.format.attach(Part::Request, self.exchange.say(REQUEST)?, payload))
    }

    /// Takes the credential: JSON in the format of the offer.
    ///
    /// # Errors
    /// A problem report, a message out of turn, or one without a credential in that format.
    pub fn receive(&mut self, message: &Message) -> Result<Vec<u8>, ProtocolError> {
        let format = self.format;
        self.exchange.hear(ISSUE, message, |it| Part::Credential.payload(it, format))
    }

    /// Says that the credential has arrived and is fine; the issuer waits for this.
    ///
    /// # Errors
    /// No ack is owed, or no longer.
    pub fn ack(&mut self) -> Result<Message, ProtocolError> {
        Ok(self.exchange.say(ACK)?.with("status", "OK"))
    }

    /// Ends the exchange, with a code such as [`ABANDONED`](super::ABANDONED).
    ///
    /// # Errors
    /// It has ended.
    pub fn decline(&mut self, code: &str, explanation: &str) -> Result<Message, ProtocolError> {
        self.exchange.abandon(code, explanation)
    }

    /// The thread of the exchange, by which the issuer may name the credential when it revokes it.
    #[must_use]
    pub fn thread_id(&self) -> &str {
        self.exchange.thread_id()
    }
}
