//! DIDs: who somebody is, and where and how to write to them.

use serde_json::Value;

use super::Verkey;

/// One way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Whom a message is packed for.
    pub recipients: Vec<Verkey>,
    /// Whom it is forwarded through, the nearest to the recipient first.
    pub routing: Vec<Verkey>,
    /// A URL, or the DID of whoever mediates.
    pub endpoint: String,
    /// Lower is better.
    pub priority: i64,
}

/// What a DID stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DidDoc {
    /// The DID, as the document says it.
    pub did: String,
    /// Keys that speak for it.
    pub keys: Vec<Verkey>,
    /// Ways to reach it, the best first.
    pub services: Vec<Service>,
}

/// How a DID of ours is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DidMethod {
    /// `did:peer:4`, long form.
    #[default]
    Peer4,
    /// `did:peer:2`.
    Peer2,
    /// The first 16 bytes of the key in base58, with an `IndyAgent` document that is attached.
    Unqualified,
}

/// A DID of ours, made for one connection.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnDid {
    /// The DID, in its long form.
    pub did: String,
    /// The document, where the DID does not carry it.
    pub document: Option<Value>,
}

/// Why a text is no DID, or a value no document.
#[derive(Debug, thiserror::Error)]
pub enum DidError {}

impl OwnDid {
    /// Makes the DID of a key that is reached at `endpoint` through `routing`.
    #[must_use]
    pub fn new(method: DidMethod, key: &Verkey, endpoint: &str, routing: &[Verkey]) -> Self {
        let _ = (method, key, endpoint, routing);
        todo!()
    }
}

impl DidDoc {
    /// Reads a DID document of any of the shapes that agents send.
    ///
    /// # Errors
    /// It is none.
    pub fn from_value(document: &Value) -> Result<Self, DidError> {
        let _ = document;
        todo!()
    }

    /// The best service whose endpoint has one of these schemes, the first scheme that any has.
    #[must_use]
    pub fn service(&self, schemes: &[&str]) -> Option<&Service> {
        let _ = schemes;
        todo!()
    }
}

/// Reads a DID that says itself what it stands for (`did:key`, `did:peer:2`, `did:peer:4` long);
/// `None` for those that must be resolved or that somebody must have told us before.
///
/// # Errors
/// It claims to be one of them and is not.
pub fn read(did: &str) -> Result<Option<DidDoc>, DidError> {
    let _ = did;
    todo!()
}

/// The form under which a DID is known once both sides know its document: `did:peer:4` without its
/// document, any other unchanged.
#[must_use]
pub fn short_form(did: &str) -> &str {
    did
}
