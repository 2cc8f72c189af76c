//! Why a message was not taken.

use crate::{
    aries::{
        didcomm::{KeyError, MessageError, envelope::EnvelopeError},
        protocol::ProtocolError,
    },
    sandbox::{journal::JournalError, post::Undeliverable, registry::LedgerError},
};

/// Why bytes are no message for us, or one that we can do nothing about.
#[derive(Debug, thiserror::Error)]
pub(in super::super) enum Refused {
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error("the envelope is for none of the keys that are known here")]
    NotForUs,
    #[error("the envelope is from nobody, or from somebody else than whom the connection is with")]
    Stranger,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    #[error("the other side says neither its key nor its document")]
    NoDocument,
    #[error("a {0} where something else was due")]
    OutOfTurn(String),
    #[error("the invitation has been taken already, or allows another handshake")]
    NotInvited,
    #[error("nobody here has a route for {0}")]
    NoRoute(crate::aries::didcomm::Verkey),
    #[error("there is no room for another connection; begin with an empty directory")]
    Full,
    #[error("too many presentations wait to be verified")]
    Busy,
    #[error("the {0} cannot be read: {1}")]
    Unreadable(&'static str, #[source] serde_json::Error),
    #[error("a computation of the sandbox has panicked")]
    Panicked,
    #[error(transparent)]
    Ledger(LedgerError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Undeliverable(#[from] Undeliverable),
}
