//! What issuers and holders send each other: offers, requests and credentials.

use std::collections::BTreeMap;

use anoncreds_clsignatures as cl;
use serde::{Deserialize, Serialize};

use super::{Nonce, Numbers};

/// What an issuer would issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialOffer {
    /// The schema.
    pub schema_id: String,
    /// The credential definition.
    pub cred_def_id: String,
    /// Shows that the definition's keys were made as they should be.
    pub key_correctness_proof: Numbers<cl::CredentialKeyCorrectnessProof>,
    /// What the request has to answer.
    pub nonce: Nonce,
}

/// What a holder asks an issuer to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRequest {
    /// Makes the credential's context unique; for definitions whose id is not of the Indy form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entropy: Option<String>,
    /// The same for definitions whose id is of the Indy form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prover_did: Option<String>,
    /// The credential definition.
    pub cred_def_id: String,
    /// The link secret, blinded.
    pub blinded_ms: Numbers<cl::BlindedCredentialSecrets>,
    /// Shows that the holder knows it.
    pub blinded_ms_correctness_proof: Numbers<cl::BlindedCredentialSecretsCorrectnessProof>,
    /// What the signature has to answer.
    pub nonce: Nonce,
}

/// What a holder keeps of its request until the credential is there; secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestMetadata {
    /// What the link secret was blinded with.
    pub link_secret_blinding_data: Numbers<cl::CredentialSecretsBlindingFactors>,
    /// The request's nonce.
    pub nonce: Nonce,
    /// Which link secret it was.
    pub link_secret_name: String,
}

/// A credential, as it is issued or, once it was received, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The schema.
    pub schema_id: String,
    /// The credential definition.
    pub cred_def_id: String,
    /// The registry that it can be revoked in.
    pub rev_reg_id: Option<String>,
    /// What it says, by attribute.
    pub values: BTreeMap<String, AttributeValue>,
    /// The issuer's signature; secret once the credential was received.
    pub signature: Numbers<cl::CredentialSignature>,
    /// Shows that the signature was made as it should be; needed to receive it, and not later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_correctness_proof: Option<Numbers<cl::SignatureCorrectnessProof>>,
    /// The registry's state when it was issued; needed to receive it, and not later.
    pub rev_reg: Option<Numbers<cl::RevocationRegistry>>,
    /// The witness of its not being revoked then; needed to receive it, and not later.
    pub witness: Option<Numbers<cl::Witness>>,
}

impl Credential {
    /// Its index in the registry, if it can be revoked.
    #[must_use]
    pub fn index(&self) -> Option<u32> {
        self.signature.0.extract_index()
    }

    /// The value of an attribute, whatever its name's spaces and capitals.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&AttributeValue> {
        let name = super::marker(name);
        self.values.iter().find(|(it, _)| super::marker(it) == name).map(|(_, value)| value)
    }
}

/// What a credential says of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeValue {
    /// As people read it.
    pub raw: String,
    /// The number that stands for it.
    pub encoded: String,
}
