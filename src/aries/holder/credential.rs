//! Credentials as a holder keeps them.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::aries::{
    anoncreds::{Credential, Definition, Error, Held, Kept, RevocationState},
    protocol::revocation::Revocable,
};

/// What is known of a credential, beside its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialFacts {
    /// What the holder calls it: unique to it.
    pub id: String,
    /// The connection that it was issued over, if it was one.
    pub connection: Option<String>,
    /// Which of the systems under test issued it, such as `issuer`.
    pub system: String,
    /// What the issuer's controller calls the exchange in which it was issued, where it is known.
    pub remote_id: Option<String>,
    /// The thread of that exchange.
    pub thread_id: String,
    /// The schema.
    pub schema_id: String,
    /// The credential definition.
    pub cred_def_id: String,
    /// The registry that it can be revoked in.
    pub registry: Option<String>,
    /// Its index there.
    pub index: Option<u32>,
    /// What it says, by attribute, as people read it.
    pub values: BTreeMap<String, String>,
}

/// A credential that a holder has.
#[derive(Clone)]
pub(super) struct HeldCredential {
    pub(super) origin: Origin,
    pub(super) kept: Arc<Kept>,
    /// Whether it is known to have been revoked.
    revoked: bool,
    /// Of its not being revoked; made when it is first asked for.
    witness: Option<Arc<RevocationState>>,
}

/// How a holder came by a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// What the holder calls the credential.
    pub(super) id: String,
    pub(super) connection: Option<String>,
    pub(super) system: String,
    pub(super) remote_id: Option<String>,
    pub(super) thread_id: String,
}

/// A credential in a holder's record.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CredentialRecord {
    /// What the holder calls it: unique to it.
    pub id: String,
    /// The connection that it was issued over, if it was one.
    pub connection: Option<String>,
    /// Which of the systems under test issued it, such as `issuer`.
    pub system: String,
    /// What the issuer's controller calls the exchange in which it was issued, where it is known.
    pub remote_id: Option<String>,
    /// The thread of that exchange.
    pub thread_id: String,
    /// Whether it is revoked, or its issuer has been asked to revoke it.
    pub revoked: bool,
    /// The credential itself.
    pub credential: Kept,
}

impl HeldCredential {
    pub(super) fn new(origin: Origin, credential: &Credential) -> Result<Self, Error> {
        let kept = Arc::new(Kept::new(credential)?);
        Ok(Self { origin, kept, revoked: false, witness: None })
    }

    /// What is known of it.
    pub(super) fn facts(&self) -> CredentialFacts {
        let (origin, kept) = (self.origin.clone(), &self.kept);
        CredentialFacts {
            id: origin.id,
            connection: origin.connection,
            system: origin.system,
            remote_id: origin.remote_id,
            thread_id: origin.thread_id,
            schema_id: kept.schema_id.clone(),
            cred_def_id: kept.cred_def_id.clone(),
            registry: kept.rev_reg_id.clone(),
            index: kept.index,
            values: kept.values.clone(),
        }
    }

    /// Whether it is known to have been revoked, by what was done or by the last list.
    pub(super) fn is_revoked(&self) -> bool {
        self.revoked || self.witness.as_ref().is_some_and(|it| it.is_revoked())
    }

    pub(super) fn mark_revoked(&mut self) {
        self.revoked = true;
    }

    pub(super) fn keep_witness(&mut self, witness: RevocationState) {
        self.witness = Some(Arc::new(witness));
    }

    /// Whether a notification is about it.
    pub(super) fn is(&self, revoked: &Revocable) -> bool {
        match revoked {
            Revocable::Thread(thread) => self.origin.thread_id == *thread,
            Revocable::Credential { registry, index } => {
                self.kept.rev_reg_id.as_ref() == Some(registry) && self.kept.index == Some(*index)
            }
        }
    }

    /// As proving needs it.
    pub(super) fn held(&self, definition: Definition) -> Result<Held, Error> {
        let state = self.witness.as_deref().cloned();
        Ok(Held { credential: self.kept.credential()?, definition, state })
    }
}

impl CredentialRecord {
    pub(super) fn of(held: &HeldCredential) -> Self {
        let Origin { id, connection, system, remote_id, thread_id } = held.origin.clone();
        let (revoked, credential) = (held.revoked, Kept::clone(&held.kept));
        Self { id, connection, system, remote_id, thread_id, revoked, credential }
    }

    pub(super) fn revive(self) -> HeldCredential {
        let Self { id, connection, system, remote_id, thread_id, revoked, credential } = self;
        let origin = Origin { id, connection, system, remote_id, thread_id };
        HeldCredential { origin, kept: Arc::new(credential), revoked, witness: None }
    }
}
