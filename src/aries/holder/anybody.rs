//! What a holder takes of whoever comes first: for programs that wait without saying for whom.

use std::sync::Arc;

use tokio::time::Instant;

use super::{
    Accepted, Holder, HolderError, Presented,
    arrival::Arrival,
    exchanges::{ISSUE_CREDENTIAL, PRESENT_PROOF},
    inner::Inner,
    peer::Peer,
    waiting::Awaited,
};
use crate::aries::protocol::{basic_message, issue_credential, present_proof};

impl Holder {
    /// As [`accept_credential`](Self::accept_credential), of the first offer over any connection.
    ///
    /// # Errors
    /// As for [`accept_credential`](Self::accept_credential).
    pub async fn accept_any_credential(&self) -> Result<Accepted, HolderError> {
        self.told(ISSUE_CREDENTIAL, self.0.accept_any_credential()).await
    }

    /// Answers the first proof request over any connection, and waits for no ack: the verdict is for
    /// whoever asked to hear from the verifier.
    ///
    /// # Errors
    /// As for [`present`](Self::present).
    pub async fn answer_any_request(&self) -> Result<Presented, HolderError> {
        self.told(PRESENT_PROOF, self.0.answer_any_request()).await
    }

    /// As [`receive_text`](Self::receive_text), of the first basic message over any connection.
    ///
    /// # Errors
    /// As for [`receive_text`](Self::receive_text).
    pub async fn receive_any_text(&self) -> Result<String, HolderError> {
        let awaited = Awaited::Kind(basic_message::MESSAGE);
        let arrival = self.0.of_anybody(awaited, "a basic message").await?;
        Ok(basic_message::content(&arrival.message)?)
    }
}

impl Inner {
    async fn accept_any_credential(self: &Arc<Self>) -> Result<Accepted, HolderError> {
        self.agency.published()?;
        let awaited = Awaited::Beginning(issue_credential::OFFERS, None);
        let offer = self.of_anybody(awaited, "the offer of a credential").await?;
        let peer = self.sender(&offer)?;
        let credential = self.take_offer(&peer, &offer.message).await?;
        Ok(Accepted { credential })
    }

    async fn answer_any_request(self: &Arc<Self>) -> Result<Presented, HolderError> {
        self.agency.published()?;
        let awaited = Awaited::Beginning(present_proof::REQUESTS, None);
        let begun = Instant::now();
        let arrival = self.of_anybody(awaited, "a proof request").await?;
        let peer = self.sender(&arrival)?;
        let (mut prover, request) = self.requested(&peer, &arrival.message).await?;
        let begun = begun.max(arrival.at);
        Ok(self.show(&peer, &mut prover, &request, begun).await?.presented)
    }

    async fn of_anybody(
        self: &Arc<Self>,
        awaited: Awaited,
        what: &str,
    ) -> Result<Arrival, HolderError> {
        let seat = self.sit(None, awaited);
        self.found_of_anybody(seat, what).await
    }

    fn sender(&self, arrival: &Arrival) -> Result<Peer<'static>, HolderError> {
        let known = self.state().wallet.by_key(&arrival.key).cloned();
        let unknown = || HolderError::NoConnection { id: arrival.key.to_string() };
        known.map(Peer::of).ok_or_else(unknown)
    }
}
