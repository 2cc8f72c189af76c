//! Handshakes: how two parties that share an invitation come to know each other's DIDs.
//!
//! ```text
//! requester                                   responder
//!     │ request (our DID)                         │
//!     ├──────────────────────────────────────────►│
//!     │ response (its DID, signed by the key      │
//!     │           that the invitation named)      │
//!     │◄──────────────────────────────────────────┤
//!     │ complete, or a ping in connections 1.0    │
//!     ├──────────────────────────────────────────►│
//! ```
//!
//! The signature is what binds the new DID to the invitation: without it anyone who sees the request
//! could answer it.

mod connections;
mod did_exchange;
mod requester;
mod responder;

pub use requester::Requester;
pub use responder::Responder;

use crate::aries::didcomm::{
    KeyPair, Message, Verkey,
    did::{DidDoc, OwnDid},
};

/// One side of a handshake: ours.
pub struct Party<'a> {
    /// What we call ourselves.
    pub label: &'a str,
    /// The key of this connection.
    pub key: &'a KeyPair,
    /// The DID of this connection; one with its document for connections 1.0.
    pub did: &'a OwnDid,
}

/// Who invited, as far as the invitation tells.
#[derive(Debug, Clone, Copy)]
pub struct Inviter<'a> {
    /// Its DID, if the invitation's service is one.
    pub did: Option<&'a str>,
    /// The keys of the invitation's service, or those of that DID: any of them may sign the response.
    pub keys: &'a [Verkey],
}

/// What a side knows once it knows the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Established {
    /// The other's DID.
    pub their_did: String,
    /// Its document, if the message or the DID carries it; else the DID must be resolved.
    pub their_doc: Option<DidDoc>,
    /// What is to be sent to it now.
    pub answer: Message,
}

/// Who the other side says to be.
struct Claim {
    did: String,
    doc: Option<DidDoc>,
}

/// Whether a document is that of a DID; indy agents write `did:sov:` before one of the two, and some
/// documents leave out whose they are.
fn is_of(doc: &DidDoc, did: &str) -> bool {
    let bare = |did: &str| did.strip_prefix("did:sov:").unwrap_or(did).to_owned();
    doc.did.is_empty() || bare(&doc.did) == bare(did)
}
