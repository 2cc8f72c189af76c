//! Invitations: out-of-band (RFC 0434) and connections 1.0 (RFC 0160), from whatever carries them.

mod error;
mod handshake;
mod identity;
mod json;
#[cfg(test)]
mod tests;
mod text;
mod write;

pub use error::InvitationError;
pub use handshake::Handshake;
pub use identity::identity;
pub use text::Written;

use super::{
    Message,
    did::{Service, best},
};

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

impl Invitation {
    /// The invitation that a public DID stands for (an implicit one, RFC 0434).
    ///
    /// It is no out-of-band message: there is nothing that a reuse could answer.
    #[must_use]
    pub fn implicit(did: &str) -> Self {
        Self {
            id: did.to_owned(),
            label: None,
            handshakes: vec![Handshake::DidExchange1_1, Handshake::DidExchange1_0],
            services: vec![Reach::Did(did.to_owned())],
            attached: Vec::new(),
            out_of_band: false,
        }
    }

    /// The way to reach the inviter: the service whose endpoint has the first of `schemes` that any
    /// has, else the first DID.
    #[must_use]
    pub fn service(&self, schemes: &[&str]) -> Option<&Reach> {
        let inline = self.services.iter().filter_map(|reach| match reach {
            Reach::Service(service) => Some(service),
            Reach::Did(_) => None,
        });
        let chosen = best(&inline, schemes);
        self.services.iter().find(|reach| match reach {
            Reach::Service(service) => chosen == Some(service),
            Reach::Did(_) => chosen.is_none(),
        })
    }
}
