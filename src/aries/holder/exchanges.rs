//! What a holder does with credentials, as a journey asks it to.

use std::{pin::Pin, time::Duration};

use tokio::time::Instant;

use super::{CredentialFacts, Exchanged, Holder, HolderError, credential::HeldCredential};
use crate::aries::{
    anoncreds::PresentationRequest,
    didcomm::invitation::Invitation,
    protocol::{
        issue_credential,
        present_proof::{self, Verdict},
    },
};

pub(super) const ISSUE_CREDENTIAL: &str = "issue-credential";
pub(super) const PRESENT_PROOF: &str = "present-proof";

/// A credential that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What is known of it.
    pub credential: CredentialFacts,
}

/// A proof that was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The connection that it went over, if it was one.
    pub connection: Option<String>,
    /// The thread of the exchange.
    pub thread_id: String,
    /// Whether it was prepared, and only its nonce was lacking.
    pub prepared: bool,
    /// What the verifier found, if its ack says so; those of ACA-Py do not.
    pub verdict: Option<Verdict>,
    /// From the request's arrival, or the call where that was later, to the presentation's being
    /// with the operating system.
    pub answered_in: Duration,
    /// From then to the verifier's ack here, if it promised one: its time and the wire's.
    pub acked_in: Option<Duration>,
}

impl Holder {
    /// Waits for the offer of a credential along a connection, asks for it, and checks, keeps and
    /// acks what is issued (RFC 0036, 0453); an offer that came before and that nobody has taken
    /// will do.
    ///
    /// # Errors
    /// There is no such connection or no ledger, nothing comes in time, a problem report, or the
    /// credential is not what was offered and asked for; the issuer is told so then.
    pub async fn accept_credential(&self, connection: &str) -> Result<Accepted, HolderError> {
        let issuing = self.0.accept_credential(connection, None);
        let credential = self.told(ISSUE_CREDENTIAL, issuing).await?;
        Ok(Accepted { credential })
    }

    /// The same where the issuer has said on which thread its offer is; others are left alone, such
    /// as one that was asked for by somebody who is gone.
    ///
    /// # Errors
    /// As for [`accept_credential`](Self::accept_credential).
    pub async fn accept_credential_on(
        &self,
        connection: &str,
        thread_id: &str,
    ) -> Result<Accepted, HolderError> {
        let issuing = self.0.accept_credential(connection, Some(thread_id));
        let credential = self.told(ISSUE_CREDENTIAL, issuing).await?;
        Ok(Accepted { credential })
    }

    /// The same by an invitation with an offer attached (RFC 0434): over the connection that it leads
    /// to, which is one with `system`, or without one if it allows no handshake.
    ///
    /// # Errors
    /// As for [`accept_credential`](Self::accept_credential) and [`accept`](Self::accept), or no offer
    /// is attached.
    pub async fn accept_credential_from(
        &self,
        invitation: &Invitation,
        system: &str,
    ) -> Result<Accepted, HolderError> {
        let issuing = self.0.accept_credential_from(invitation, system);
        let credential = self.told(ISSUE_CREDENTIAL, issuing).await?;
        Ok(Accepted { credential })
    }

    /// Proposes a credential, and accepts what is offered then.
    ///
    /// # Errors
    /// As for [`accept_credential`](Self::accept_credential).
    pub async fn propose_credential(
        &self,
        connection: &str,
        proposal: &issue_credential::Proposal,
    ) -> Result<Accepted, HolderError> {
        let issuing = self.0.propose_credential(connection, proposal);
        let credential = self.told(ISSUE_CREDENTIAL, issuing).await?;
        Ok(Accepted { credential })
    }

    /// Waits for a proof request along a connection, presents, and waits for the ack if one is
    /// promised (RFC 0037, 0454); a request that came before and that nobody has taken will do.
    ///
    /// Each part is answered by the first credential that fits: those that are known to be revoked
    /// come last, else the oldest first. One that is revoked is presented all the same; a verifier
    /// that asks finds it so.
    ///
    /// # Errors
    /// There is no such connection or no ledger, nothing comes in time, a problem report, or no
    /// credential fits; the verifier is told so then.
    pub async fn present(&self, connection: &str) -> Result<Presented, HolderError> {
        self.told(PRESENT_PROOF, self.0.present(connection, None)).await
    }

    /// The same where the verifier has said on which thread its request is; others are left alone.
    ///
    /// # Errors
    /// As for [`present`](Self::present).
    pub async fn present_on(
        &self,
        connection: &str,
        thread_id: &str,
    ) -> Result<Presented, HolderError> {
        self.told(PRESENT_PROOF, self.0.present(connection, Some(thread_id))).await
    }

    /// Answers an invitation with a proof request attached (RFC 0434): without a connection if it
    /// allows no handshake, with a key of its own and the way back in `~service` (RFC 0056), else
    /// over the connection that it leads to, which is one with the system `verifier`.
    ///
    /// # Errors
    /// As for [`present`](Self::present) and [`accept`](Self::accept), or no request is attached.
    pub async fn present_to(&self, invitation: &Invitation) -> Result<Presented, HolderError> {
        self.told(PRESENT_PROOF, self.0.present_to(invitation, "verifier")).await
    }

    /// Proposes a presentation, and presents what is asked for then.
    ///
    /// # Errors
    /// As for [`present`](Self::present).
    pub async fn propose_presentation(
        &self,
        connection: &str,
        proposal: &present_proof::Proposal,
    ) -> Result<Presented, HolderError> {
        self.told(PRESENT_PROOF, self.0.propose_presentation(connection, proposal)).await
    }

    /// Waits for the notification that a credential is revoked (RFC 0183, 0721), deletes the
    /// credential, and gives what was known of it. An ack that is asked for is sent as it comes.
    ///
    /// # Errors
    /// There is no such connection, or nothing comes in time about a credential of its system.
    pub async fn await_revocation(&self, connection: &str) -> Result<CredentialFacts, HolderError> {
        Box::pin(self.0.await_revocation(connection)).await
    }

    /// Prepares a proof for requests that ask the same, of whatever time, nonce, name and version; in
    /// the place of an older one. The last two are kept, until a credential comes, goes or is marked
    /// as revoked.
    ///
    /// A request that comes while this is under way does not wait for it.
    ///
    /// # Errors
    /// There is no ledger, or no credential fits.
    pub async fn prepare(&self, request: &PresentationRequest) -> Result<(), HolderError> {
        Box::pin(self.0.prepare(request)).await
    }

    /// Does what an exchange asks for, and tells how that goes.
    ///
    /// Boxed, as is all that is short in a long life: a trip has room for its largest wait.
    pub(super) fn told<T: Send>(
        &self,
        protocol: &'static str,
        work: impl Future<Output = Result<T, HolderError>> + Send,
    ) -> Pin<Box<impl Future<Output = Result<T, HolderError>> + Send>> {
        let observer = &self.0.means.observer;
        Box::pin(async move {
            let began = Instant::now();
            observer.exchange(protocol, Exchanged::Started);
            let done = work.await;
            observer.exchange(
                protocol,
                match &done {
                    Ok(_) => Exchanged::Finished { took: began.elapsed() },
                    Err(error) => Exchanged::Failed { kind: error.kind() },
                },
            );
            done
        })
    }

    /// What is known of its credentials; the oldest first.
    #[must_use]
    pub fn credentials(&self) -> Vec<CredentialFacts> {
        self.0.state().wallet.credentials.iter().map(HeldCredential::facts).collect()
    }

    /// Keeps what the issuer's controller calls the exchange in which a credential was issued;
    /// nothing if there is no such one.
    pub fn set_credential_remote_id(&self, id: &str, remote_id: String) {
        let mut state = self.0.state();
        let held = state.wallet.credentials.iter_mut().find(|it| it.origin.id == id);
        if let Some(held) = held {
            held.origin.remote_id = Some(remote_id);
        }
    }

    /// Notes that a credential has been revoked by our asking: proofs that were prepared are dropped,
    /// and lists of its registry that are known already are not used again.
    pub fn mark_revoked(&self, id: &str) {
        self.0.mark_revoked(id);
    }

    /// Deletes credentials that are known to be revoked; says how many.
    #[must_use]
    pub fn forget_revoked(&self) -> usize {
        self.0.forget_revoked()
    }
}
