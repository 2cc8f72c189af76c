//! What can be wrong with DIDs and their documents.

use crate::{aries::didcomm::KeyError, quantity::shortened};

/// Why a text is no DID, or a value no document.
#[derive(Debug, thiserror::Error)]
pub enum DidError {
    /// A `did:key` or a key in a document is no Ed25519 key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It begins like a `did:peer:2` or `did:peer:4` and is none.
    #[error("`{did}` {why}; one is written like {example}")]
    Peer {
        /// The DID, shortened.
        did: String,
        /// What is wrong with it; follows the DID.
        why: &'static str,
        /// A right one.
        example: &'static str,
    },
    /// It is no JSON object with an `id`.
    #[error(
        "a DID document without `id`, which begins like {{\"id\": \"did:sov:WgWxqztrNooG92RXvxSTWv\", \"service\": […"
    )]
    NoDocument,
    /// There are more than anybody needs.
    #[error("{place} has more than {max} {what}")]
    TooMany {
        /// Where.
        place: String,
        /// What there are too many of.
        what: &'static str,
        /// How many may be.
        max: usize,
    },
    /// A service has a part missing, or one that is of another type.
    #[error("service `{service}` has no `{field}`, which is written like {example}")]
    Service {
        /// Its `id`, shortened.
        service: String,
        /// What is missing.
        field: &'static str,
        /// A right one.
        example: &'static str,
    },
    /// A service names a key that is neither a key itself nor one of the document's.
    #[error(
        "service `{service}` names `{key}`, which is no key of the document and no key itself, such as did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV"
    )]
    UnknownKey {
        /// The service's `id`, shortened.
        service: String,
        /// What it names, shortened.
        key: String,
    },
}

impl DidError {
    pub(super) fn too_many(place: &str, what: &'static str, max: usize) -> Self {
        Self::TooMany { place: shortened(place), what, max }
    }
}
