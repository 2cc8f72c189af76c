//! Asking for presentations, and what came of them.

use std::time::Duration;

use serde_json::Value;

use super::{
    super::{
        acapy,
        answer::{Exchange, Invited},
        custom::{Ask, Place},
        error::ControllerError,
        system::Tongue,
        template::Slot,
        watch::Watch,
    },
    Controller,
};
use crate::aries::transport::Http;

impl Controller {
    /// Lets the verifier ask for a presentation on a connection.
    ///
    /// # Errors
    /// It was not reached, refused, or did not say which exchange it is.
    pub async fn request_presentation(
        &self,
        http: &dyn Http,
        connection_id: &str,
        request: &Value,
    ) -> Result<Exchange, ControllerError> {
        match &self.0.tongue {
            Tongue::Acapy { exchanges, .. } => {
                let question = exchanges.request(Some(connection_id), request);
                self.0
                    .ask_json(http, question)
                    .await?
                    .exchange(exchanges.requested(), Some(acapy::THREAD))
            }
            Tongue::Custom(custom) => {
                let action = custom.action(Ask::RequestPresentation)?;
                let question = action.question(&[
                    (Slot::ConnectionId, connection_id.into()),
                    (Slot::Request, request.clone()),
                ]);
                action.exchange(&self.0.ask_json(http, question).await?)
            }
        }
    }

    /// Asks the verifier for an out-of-band invitation that holds the request and leads to no
    /// connection (RFC 0434); `label` is what the system shall call it.
    ///
    /// # Errors
    /// It was not reached, refused, or answered without an invitation or an exchange.
    pub async fn presentation_invitation(
        &self,
        http: &dyn Http,
        label: &str,
        request: &Value,
    ) -> Result<(Invited, Exchange), ControllerError> {
        match &self.0.tongue {
            Tongue::Acapy { invitations, exchanges, .. } => {
                let answer = self.0.ask_json(http, exchanges.request(None, request)).await?;
                let exchange = answer.exchange(exchanges.requested(), Some(acapy::THREAD))?;
                let question = invitations.holding(&exchange, label);
                Ok((invitations.read(self.0.ask_json(http, question).await?)?, exchange))
            }
            Tongue::Custom(custom) => {
                let action = custom.action(Ask::PresentationInvitation)?;
                let question = action
                    .question(&[(Slot::Label, label.into()), (Slot::Request, request.clone())]);
                let answer = self.0.ask_json(http, question).await?;
                let exchange = action.exchange(&answer)?;
                Ok((action.invited(answer)?, exchange))
            }
        }
    }

    /// Waits for what the verifier found: whether the presentation holds. It is looked for now and then,
    /// for `limit` at most.
    ///
    /// # Errors
    /// It was not reached, refused, gave the exchange up, or found nothing in time.
    pub async fn verdict(
        &self,
        http: &dyn Http,
        exchange: &Exchange,
        limit: Duration,
    ) -> Result<bool, ControllerError> {
        let (watch, verified) = match &self.0.tongue {
            Tongue::Acapy { exchanges, .. } => (exchanges.verification(exchange), acapy::VERIFIED),
            Tongue::Custom(custom) => {
                let action = custom.action(Ask::Verdict)?;
                let filled = [(Slot::ExchangeId, exchange.id.as_str().into())];
                (Watch::custom(action, &filled), action.place(Place::Verified))
            }
        };
        let answer = watch.end(http, &self.0, limit).await?;
        answer.truth(verified).ok_or_else(|| answer.lacks("verified"))
    }
}
