//! What a holder answers.

use std::collections::BTreeMap;

use anoncreds_clsignatures as cl;
use serde::{Deserialize, Serialize};

use super::{AttributeValue, Numbers};

/// A holder's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presentation {
    /// The proof.
    pub proof: Numbers<cl::Proof>,
    /// What it shows, by the request's referents.
    pub requested_proof: RequestedProof,
    /// Whose credentials it is of, in the order of the proof's parts.
    pub identifiers: Vec<Identifier>,
}

/// What a presentation shows, by the request's referents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedProof {
    /// Attributes that are shown.
    pub revealed_attrs: BTreeMap<String, RevealedProof>,
    /// Groups of attributes that are shown.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub revealed_attr_groups: BTreeMap<String, GroupProof>,
    /// The holder's word.
    #[serde(default)]
    pub self_attested_attrs: BTreeMap<String, String>,
    /// Attributes that a credential has, and that are not shown.
    #[serde(default)]
    pub unrevealed_attrs: BTreeMap<String, ReferentProof>,
    /// Statements that are proved.
    #[serde(default)]
    pub predicates: BTreeMap<String, ReferentProof>,
}

/// An attribute that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevealedProof {
    /// Which part of the proof is about it.
    pub sub_proof_index: u32,
    /// As people read it.
    pub raw: String,
    /// The number that stands for it.
    pub encoded: String,
}

/// A group of attributes that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupProof {
    /// Which part of the proof is about it.
    pub sub_proof_index: u32,
    /// The values, by the names that were asked for.
    pub values: BTreeMap<String, AttributeValue>,
}

/// Where something that is not shown is proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferentProof {
    /// Which part of the proof is about it.
    pub sub_proof_index: u32,
}

/// Whose credential a part of a proof is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// The schema.
    pub schema_id: String,
    /// The credential definition.
    pub cred_def_id: String,
    /// The registry that it can be revoked in.
    pub rev_reg_id: Option<String>,
    /// Of when it is not revoked, in seconds since the epoch.
    pub timestamp: Option<u64>,
}
