//! What a wallet does with credentials: it is issued them, and loses them.

use super::{Wallet, failure};
use crate::{
    aries::{
        controller::{CredentialOrder, Exchange, Revocation},
        holder::CredentialFacts,
    },
    journey::{Failure, Outcome},
};

/// What issuers and their controllers say of a load test's credentials and revocations.
const COMMENT: &str = "load test";

/// What an issuer was asked to offer.
#[derive(Debug, Clone)]
pub struct AskedToIssue(Exchange);

impl Wallet {
    /// Has a system's controller offer a credential along a connection; `credential` of `[config]`
    /// says what it is to say.
    ///
    /// # Errors
    /// What the controller fails with; kind `config` without `credential`.
    pub async fn request_credential(
        &self,
        system: &str,
        connection: &str,
    ) -> Result<AskedToIssue, Failure> {
        let controller = self.controller(system)?;
        let wanted = self.systems.credential()?;
        let cred_def_id = controller.credential_definition(&*self.http).await;
        let order = CredentialOrder {
            cred_def_id: cred_def_id.map_err(failure::controller)?,
            attributes: wanted.attributes(&self.ctx, self.holder.label()),
            comment: COMMENT.into(),
        };
        let remote = self.remote_id(connection)?;
        let asked = controller.issue_credential(&*self.http, &remote, &order).await;
        asked.map(AskedToIssue).map_err(failure::controller)
    }

    /// Takes the credential that was asked for: offer, request, credential, ack (RFC 0036, 0453). An
    /// offer that an earlier trip of the wallet has left behind is not taken for it, if the controller
    /// says which thread it is on.
    ///
    /// # Errors
    /// It does not come in time, is not what was asked for, or the issuer reports a problem.
    pub async fn receive_credential(&self, connection: &str, asked: &AskedToIssue) -> Outcome {
        let accepted = match &asked.0.thread_id {
            Some(thread) => self.holder.accept_credential_on(connection, thread).await,
            None => self.holder.accept_credential(connection).await,
        };
        let accepted = accepted.map_err(failure::holder)?;
        self.holder.set_credential_remote_id(&accepted.credential.id, asked.0.id.clone());
        Ok(())
    }

    /// The credentials of a system, such as `issuer`; the oldest first.
    #[must_use]
    pub fn credentials(&self, system: &str) -> Vec<CredentialFacts> {
        let mut credentials = self.holder.credentials();
        credentials.retain(|it| it.system == system);
        credentials
    }

    /// The first credential of a system, such as `issuer`: the one that is presented.
    ///
    /// # Errors
    /// Kind `no credential`: there is none.
    pub fn credential(&self, system: &str) -> Result<CredentialFacts, Failure> {
        self.credentials(system).into_iter().next().ok_or_else(|| {
            let why = format!("holder {} has no credential of the {system}", self.holder.id());
            Failure::new("no credential", why)
        })
    }

    /// Notes that a credential is being revoked, before the issuer is asked to: its record says so,
    /// and no proof that was prepared with it is used.
    pub fn mark_revoked(&self, credential: &CredentialFacts) {
        self.holder.mark_revoked(&credential.id);
    }

    /// Forgets credentials that are being revoked; whether there were any.
    #[must_use]
    pub fn forget_revoked(&self) -> bool {
        self.holder.forget_revoked() > 0
    }

    /// Has the controller of its issuer revoke a credential, and publish that; one that publishes in
    /// batches is asked once for all wallets that wait for it.
    ///
    /// # Errors
    /// What the controller fails with.
    pub async fn request_revocation(&self, credential: &CredentialFacts) -> Outcome {
        let controller = self.controller(&credential.system)?;
        let connection = credential.connection.as_deref().unwrap_or_default();
        let revocation = Revocation {
            exchange_id: credential.remote_id.clone(),
            place: credential.registry.clone().zip(credential.index),
            connection_id: self.remote_id(connection)?,
            thread_id: Some(credential.thread_id.clone()),
            comment: COMMENT.into(),
        };
        controller.revoke(&*self.http, &revocation).await.map_err(failure::controller)?;
        controller.publish_revocations(&*self.http).await.map_err(failure::controller)?;
        // What was read while the controller was busy may be older than the revocation.
        self.mark_revoked(credential);
        Ok(())
    }

    /// Waits for the notification that a credential is revoked, and deletes the credential (RFC 0183,
    /// 0721).
    ///
    /// # Errors
    /// It does not come in time.
    pub async fn await_revocation(&self, connection: &str) -> Outcome {
        self.holder.await_revocation(connection).await.map(drop).map_err(failure::holder)
    }
}
