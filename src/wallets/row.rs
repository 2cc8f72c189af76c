//! Rows that holders leave beside their own.

use serde::{Deserialize, Serialize};

/// A row of `connections.msgpack`: a connection as a controller sees it, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// What the holder calls it; unique over all runs.
    pub id: String,
    /// The holder's id.
    pub holder: String,
    /// What the holder calls itself.
    pub label: String,
    /// Which system it is with, such as `issuer`.
    pub system: String,
    /// What that system's controller calls it, where it is known.
    pub remote_id: Option<String>,
    /// The holder's DID, in its short form.
    pub my_did: String,
    /// The other's DID, in its short form.
    pub their_did: String,
}
