//! Issuing and revoking.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{
    super::{
        acapy,
        answer::Exchange,
        credentials::{CredentialOrder, Revocation},
        custom::{Ask, Custom},
        error::ControllerError,
        gate::Question,
        system::Tongue,
        template::Slot,
        watch::Watch,
    },
    Controller,
};
use crate::aries::transport::Http;

impl Controller {
    /// The credential definition that credentials are of: the one that the scenario says, or the only
    /// one that the issuer has, which is asked for once.
    ///
    /// # Errors
    /// It was not reached, refused, or has none or several.
    pub async fn credential_definition(&self, http: &dyn Http) -> Result<String, ControllerError> {
        match &self.0.cred_def_id {
            Some(configured) => Ok(configured.clone()),
            None => self.0.definition.get(|_| true, self.only_definition(http)).await,
        }
    }

    async fn only_definition(&self, http: &dyn Http) -> Result<String, ControllerError> {
        let Tongue::Acapy { exchanges, .. } = &self.0.tongue else {
            return Err(ControllerError::NoDefinition { found: 0 });
        };
        let answer = self.0.ask_json(http, exchanges.definitions()).await?;
        let all = answer.value.pointer(acapy::DEFINITIONS).and_then(Value::as_array);
        match all.map(Vec::len) {
            Some(1) => answer.id(acapy::FIRST_DEFINITION),
            Some(found) => return Err(ControllerError::NoDefinition { found }),
            None => None,
        }
        .ok_or_else(|| answer.lacks("credential_definition_ids"))
    }

    /// Lets the issuer offer a credential on a connection; it is issued when the holder requests it.
    ///
    /// # Errors
    /// It was not reached, refused, or did not say which exchange it is.
    pub async fn issue_credential(
        &self,
        http: &dyn Http,
        connection_id: &str,
        order: &CredentialOrder,
    ) -> Result<Exchange, ControllerError> {
        match &self.0.tongue {
            Tongue::Acapy { exchanges, .. } => {
                let question = exchanges.offer(connection_id, order);
                self.0
                    .ask_json(http, question)
                    .await?
                    .exchange(exchanges.offered(), Some(acapy::THREAD))
            }
            Tongue::Custom(custom) => {
                let action = custom.action(Ask::Issue)?;
                let attributes = order.attributes.iter();
                let attributes: Map<String, Value> =
                    attributes.map(|(name, value)| (name.clone(), value.as_str().into())).collect();
                let question = action.question(&[
                    (Slot::ConnectionId, connection_id.into()),
                    (Slot::CredDefId, order.cred_def_id.as_str().into()),
                    (Slot::Attributes, attributes.into()),
                    (Slot::Comment, order.comment.as_str().into()),
                ]);
                action.exchange(&self.0.ask_json(http, question).await?)
            }
        }
    }

    /// Waits until the issuer knows that the holder has the credential, for `limit` at most.
    ///
    /// # Errors
    /// It was not reached, refused, gave the exchange up, or did not know it in time.
    pub async fn issued(
        &self,
        http: &dyn Http,
        exchange: &Exchange,
        limit: Duration,
    ) -> Result<(), ControllerError> {
        match &self.0.tongue {
            Tongue::Acapy { exchanges, .. } => {
                let ended = exchanges.issuance(exchange).end(http, &self.0, limit).await;
                ended.map(drop).or_else(
                    |error| {
                        if exchanges.is_over(&error) { Ok(()) } else { Err(error) }
                    },
                )
            }
            Tongue::Custom(custom) => {
                let filled = [(Slot::ExchangeId, exchange.id.as_str().into())];
                let watch = Watch::custom(custom.action(Ask::Issued)?, &filled);
                watch.end(http, &self.0, limit).await.map(drop)
            }
        }
    }

    /// Lets the issuer revoke a credential, and tell the holder; one that publishes in batches is not
    /// asked during a publication.
    ///
    /// # Errors
    /// It was not reached, refused, or is not told which credential.
    pub async fn revoke(&self, http: &dyn Http, what: &Revocation) -> Result<(), ControllerError> {
        let question = match &self.0.tongue {
            Tongue::Acapy { exchanges, .. } => exchanges.revocation(what)?,
            Tongue::Custom(custom) => custom_revocation(custom, what)?,
        };
        let revoking = async { self.0.ask(http, question).await.map(drop) };
        if self.publishes_in_batches() {
            self.0.publication.beside(revoking).await
        } else {
            revoking.await
        }
    }

    /// Whether what is revoked is published only when [`publish_revocations`](Self::publish_revocations)
    /// asks for it.
    #[must_use]
    pub fn publishes_in_batches(&self) -> bool {
        match &self.0.tongue {
            Tongue::Acapy { exchanges, .. } => exchanges.publish == acapy::Publish::Batch,
            Tongue::Custom(custom) => custom.action(Ask::Publish).is_ok(),
        }
    }

    /// Lets the issuer publish what has been revoked since the last time; one that publishes at once is
    /// not asked.
    ///
    /// Those who ask meanwhile share the next publication, which begins a second after the last one's
    /// end: the timestamps of status lists are in seconds.
    ///
    /// # Errors
    /// It was not reached, or refused.
    pub async fn publish_revocations(&self, http: &dyn Http) -> Result<(), ControllerError> {
        if !self.publishes_in_batches() {
            return Ok(());
        }
        let question = match &self.0.tongue {
            Tongue::Acapy { exchanges, .. } => exchanges.publication(),
            Tongue::Custom(custom) => custom.question(Ask::Publish, &[])?,
        };
        let publishing = async { self.0.ask(http, question).await.map(drop) };
        self.0.publication.join(publishing).await
    }
}

fn custom_revocation(custom: &Custom, what: &Revocation) -> Result<Question, ControllerError> {
    let mut filled = vec![
        (Slot::ConnectionId, what.connection_id.as_str().into()),
        (Slot::Comment, what.comment.as_str().into()),
    ];
    filled.extend(what.exchange_id.iter().map(|id| (Slot::ExchangeId, id.as_str().into())));
    if let Some((registry_id, index)) = &what.place {
        filled.push((Slot::RegistryId, registry_id.as_str().into()));
        filled.push((Slot::Index, (*index).into()));
    }
    let action = custom.action(Ask::Revoke)?;
    // A URL with a gap might be that of something else.
    if (what.exchange_id.is_none() && what.place.is_none()) || !action.url.is_filled(&filled) {
        return Err(ControllerError::Unnamed);
    }
    Ok(action.question(&filled))
}
