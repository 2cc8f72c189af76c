//! The protocols by which an invitation can be answered.

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
