//! The protocols by which an invitation can be answered.

use crate::aries::didcomm::Kind;

/// A protocol by which two parties get to know each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Handshake {
    /// connections 1.0 (RFC 0160).
    Connections1_0,
    /// DID exchange 1.0 (RFC 0023).
    DidExchange1_0,
    /// DID exchange 1.1 (RFC 0023).
    DidExchange1_1,
}

impl Handshake {
    /// Reads what an invitation names (`handshake_protocols`, RFC 0434); `None` for a protocol that
    /// is not spoken here.
    #[must_use]
    pub fn named(uri: &str) -> Option<Self> {
        // A protocol is the type of its messages less the name of one.
        let kind: Kind = format!("{}/request", uri.trim_end_matches('/')).parse().ok()?;
        match (&*kind.protocol, kind.major, kind.minor) {
            ("connections", 1, _) => Some(Self::Connections1_0),
            ("didexchange", 1, 0) => Some(Self::DidExchange1_0),
            ("didexchange", 1, _) => Some(Self::DidExchange1_1),
            _ => None,
        }
    }

    /// How an invitation names it.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Connections1_0 => "https://didcomm.org/connections/1.0",
            Self::DidExchange1_0 => "https://didcomm.org/didexchange/1.0",
            Self::DidExchange1_1 => "https://didcomm.org/didexchange/1.1",
        }
    }
}
