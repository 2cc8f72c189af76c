//! Invitations: out-of-band (RFC 0434) and connections 1.0 (RFC 0160), from whatever carries them.

mod handshake;

pub use handshake::Handshake;

use super::{Message, did::Service};

/// Somebody's invitation to write to them.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// Its `@id`, or the DID of an implicit invitation: the parent of the thread it leads to.
    pub id: String,
    /// What the inviter calls itself.
    pub label: Option<String>,
    /// The handshakes that it allows, the inviter's favourite first; empty for a connectionless one.
    pub handshakes: Vec<Handshake>,
    /// Ways to reach the inviter.
    pub services: Vec<Reach>,
    /// Messages attached to it (`requests~attach`).
    pub attached: Vec<Message>,
    /// Whether it is out-of-band 1.x: those can be answered with a reuse of a connection.
    pub out_of_band: bool,
}

/// How an inviter is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// As the invitation says.
    Service(Service),
    /// As the document of this DID says.
    Did(String),
}

/// What a text that should be an invitation is.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// An invitation.
    Invitation(Box<Invitation>),
    /// A URL that answers with one.
    Url(url::Url),
    /// A public DID that may be written to without one: `did:sov:…`, `did:web:…`.
    Did(String),
}

/// Why a text is no invitation.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {}

impl Invitation {
    /// Reads an invitation from a URL with `oob=`, `c_i=` or `d_m=`, or from JSON; a short URL or a
    /// DID is told as such.
    ///
    /// # Errors
    /// The text is none of these.
    pub fn read(text: &str) -> Result<Written, InvitationError> {
        let _ = text;
        todo!()
    }

    /// Takes an invitation from JSON.
    ///
    /// # Errors
    /// It is none.
    pub fn from_value(value: serde_json::Value) -> Result<Self, InvitationError> {
        let _ = value;
        todo!()
    }

    /// The invitation that a public DID stands for (an implicit one, RFC 0434).
    #[must_use]
    pub fn implicit(did: &str) -> Self {
        let _ = did;
        todo!()
    }
}
