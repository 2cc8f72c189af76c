//! DIDs: who somebody is, and where and how to write to them.

mod document;
mod error;
mod keys;
mod own;
mod peer;
pub mod resolver;
mod service;
#[cfg(test)]
mod tests;

pub use document::DidDoc;
pub use error::DidError;
pub use own::{DidMethod, OwnDid};
pub use resolver::{ResolveError, Resolver, Resolving};
pub use service::Service;

pub(super) use resolver::is_did;
pub(super) use service::{Reader, best};

use super::Verkey;

/// Reads a DID that says itself what it stands for (`did:key`, `did:peer:2`, `did:peer:4` long);
/// `None` for those that must be resolved or that somebody must have told us before.
///
/// # Errors
/// It claims to be one of them and is not.
pub fn read(did: &str) -> Result<Option<DidDoc>, DidError> {
    if did.starts_with("did:key:") {
        let key: Verkey = did.parse()?;
        return Ok(Some(DidDoc { did: key.did_key(), keys: vec![key], services: Vec::new() }));
    }
    if let Some(elements) = did.strip_prefix(peer::PEER2) {
        return peer::read2(did, elements).map(Some);
    }
    did.strip_prefix(peer::PEER4).map_or(Ok(None), |rest| peer::read4(did, rest))
}

/// The form under which a DID is known once both sides know its document: `did:peer:4` without its
/// document, any other unchanged.
#[must_use]
pub fn short_form(did: &str) -> &str {
    let hash = did.strip_prefix(peer::PEER4).and_then(|rest| rest.split_once(':'));
    hash.map_or(did, |(hash, _)| &did[..peer::PEER4.len() + hash.len()])
}
