//! AnonCreds 1.0: credentials that are proved and not shown.
//!
//! JSON is what anoncreds-rs 0.2 and ACA-Py write. All of it is computation, from a millisecond to a
//! tenth of a second a call in release builds: nothing reads a clock, a file or a socket, so that a
//! caller chooses the thread. What all holders of a credential definition need alike is parsed once,
//! a [`Definition`] and a [`Registry`], and shared.

mod bits;
mod blinding;
mod change;
mod choice;
mod credential;
mod definition;
mod error;
mod issuance;
mod issuer;
mod kept;
mod ledger;
mod link_secret;
mod numbers;
mod packed;
mod presentation;
mod proof;
mod registry;
mod registry_issuer;
mod request;
mod restriction;
mod signing;
mod sums;
mod value;
mod verify;

#[cfg(test)]
mod tests;

pub use bits::Bits;
pub use choice::{Choice, Held, Source};
pub use credential::{
    AttributeValue, Credential, CredentialOffer, CredentialRequest, RequestMetadata,
};
pub use definition::Definition;
pub use error::Error;
pub use issuer::Issuer;
pub use kept::Kept;
pub use ledger::{
    CredentialDefinition, DefinitionKeys, RegistryKeys, RegistryValue,
    RevocationRegistryDefinition, RevocationStatusList, Schema,
};
pub use link_secret::LinkSecret;
pub use numbers::{Nonce, Numbers};
pub use presentation::{
    GroupProof, Identifier, Presentation, ReferentProof, RequestedProof, RevealedProof,
};
pub use proof::Prepared;
pub use registry::{Registry, RevocationState};
pub use registry_issuer::RegistryIssuer;
pub use request::{
    Interval, PredicateKind, PresentationRequest, RequestedAttribute, RequestedPredicate,
};
pub use restriction::Restrictions;
pub use signing::Place;
pub use value::{encoded, marker};
pub use verify::{Published, Rejection};

/// What a credential's hidden attribute is called; its value is the link secret.
const HIDDEN: &str = "master_secret";
