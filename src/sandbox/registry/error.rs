//! Why the registry does not do what it is asked to.

use crate::{
    aries::anoncreds,
    sandbox::{bench, journal::JournalError},
};

/// Why nothing is issued or published.
#[derive(Debug, thiserror::Error)]
pub(in super::super) enum LedgerError {
    #[error(transparent)]
    Credentials(#[from] anoncreds::Error),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("there are {0} revocation registries already; begin with an empty directory")]
    Full(usize),
    #[error("what is kept of a revocation registry cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("a computation of the sandbox has panicked")]
    Panicked,
}

impl From<bench::Panicked> for LedgerError {
    fn from(_: bench::Panicked) -> Self {
        Self::Panicked
    }
}
