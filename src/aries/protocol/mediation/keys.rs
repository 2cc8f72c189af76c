//! Changes of a key list as messages say them.

use serde::{Deserialize, Serialize};

use crate::aries::didcomm::Verkey;

/// Most keys that one message may change or list.
pub const UPDATES_MAX: usize = 1_000;

/// A change of a key list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Update {
    /// Which key.
    pub key: Verkey,
    /// What is to become of it.
    pub action: Action,
}

/// What is to become of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Messages for it are to be taken.
    Add,
    /// They are no longer.
    Remove,
}

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is made.
    Success,
    /// It was so before.
    NoChange,
    /// The recipient asked for something that cannot be.
    ClientError,
    /// The mediator failed.
    ServerError,
}

/// A change, or what came of one, with the key as text.
#[derive(Deserialize)]
pub(super) struct Written {
    pub(super) recipient_key: String,
    pub(super) action: Action,
    pub(super) result: Option<Outcome>,
}
