//! What a log of messages says of itself in its first value.

use serde::{Deserialize, Serialize};

/// Version of the logs that this engine writes, and the only one that it reads.
pub(super) const VERSION: u32 = 2;
const FORMAT: &str = "engine-messages";

/// The first value of a log.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    format: String,
    /// Goes up when logs change in a way that older engines cannot read.
    pub(super) version: u32,
}

impl Header {
    pub(super) fn new() -> Self {
        Self { format: FORMAT.into(), version: VERSION }
    }

    pub(super) fn encoded(&self) -> Vec<u8> {
        rmp_serde::to_vec_named(self).expect("a text and a number can be encoded")
    }

    /// Reads a header, if that is what the bytes are.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        rmp_serde::from_slice(bytes).ok().filter(|it: &Self| it.format == FORMAT)
    }
}
