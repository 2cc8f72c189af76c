//! Credentials as a holder keeps them.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::aries::{
    anoncreds::{Credential, Definition, Held, RevocationState},
    protocol::revocation::Revocable,
};

/// What is known of a credential, beside its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    pub(super) facts: CredentialFacts,
    body: Arc<Credential>,
    /// Whether it is known to have been revoked.
    revoked: bool,
    /// Of its not being revoked; made when it is first asked for.
    witness: Option<Arc<RevocationState>>,
}

/// A credential in a holder's record.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CredentialRecord {
    /// What is known of it.
    pub facts: CredentialFacts,
    /// Whether it is known to have been revoked.
    #[serde(default)]
    pub revoked: bool,
    /// The credential itself.
    pub credential: Credential,
}

impl HeldCredential {
    pub(super) fn new(facts: CredentialFacts, credential: Credential) -> Self {
        Self { facts, body: Arc::new(credential), revoked: false, witness: None }
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
            Revocable::Thread(thread) => self.facts.thread_id == *thread,
            Revocable::Credential { registry, index } => {
                self.facts.registry.as_ref() == Some(registry) && self.facts.index == Some(*index)
            }
        }
    }

    /// As proving needs it.
    pub(super) fn held(&self, definition: Definition) -> Held {
        Held {
            credential: Credential::clone(&self.body),
            definition,
            state: self.witness.as_deref().cloned(),
        }
    }
}

impl CredentialRecord {
    pub(super) fn of(held: &HeldCredential) -> Self {
        Self {
            facts: held.facts.clone(),
            revoked: held.revoked,
            credential: Credential::clone(&held.body),
        }
    }

    pub(super) fn revive(self) -> HeldCredential {
        let held = HeldCredential::new(self.facts, self.credential);
        HeldCredential { revoked: self.revoked, ..held }
    }
}
