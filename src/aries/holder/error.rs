//! Why a holder could not do what it was asked to.

use std::{borrow::Cow, time::Duration};

use crate::aries::{
    anoncreds,
    didcomm::{KeyError, Kind, did::DidError, envelope::EnvelopeError},
    ledger::LedgerError,
    protocol::ProtocolError,
    transport::{HttpFailure, SocketError},
};

/// Why a holder could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum HolderError {
    /// Nothing came in time.
    #[error("no response: waited {limit:?} for {awaited}")]
    NoResponse {
        /// What was waited for.
        awaited: String,
        /// How long.
        limit: Duration,
    },
    /// The other side's protocol did not go on.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// The other side's HTTP endpoint does not take messages.
    #[error("{endpoint} answered a {kind} with status {status}{}{}", if text.is_empty() { "" } else { ": " }, text)]
    Status {
        /// Where it was posted to.
        endpoint: String,
        /// What was posted.
        kind: Kind,
        /// The status.
        status: u16,
        /// The answer's text, shortened.
        text: String,
    },
    /// The other side's HTTP endpoint is not reached.
    #[error(transparent)]
    Http(#[from] HttpFailure),
    /// The WebSocket to the mediator does not open, or has closed.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// A key of the other side is none.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// An envelope cannot be opened.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A DID cannot be read or resolved.
    #[error(transparent)]
    Did(#[from] DidError),
    /// A DID must be resolved, and it cannot be.
    #[error("cannot resolve {did}: {why}")]
    Unresolved {
        /// The DID.
        did: String,
        /// Why.
        why: String,
    },
    /// An invitation or a document names no way to write to its owner that the holder has.
    #[error("{whose} names no http or ws endpoint; one is needed to write to it")]
    NoEndpoint {
        /// Whose.
        whose: String,
    },
    /// An invitation offers no handshake that the holder may use.
    #[error("the invitation offers no handshake that is to be used: {wanted}")]
    NoHandshake {
        /// Those that would do.
        wanted: String,
    },
    /// There is no connection of that id.
    #[error("the holder has no connection {id}")]
    NoConnection {
        /// The id.
        id: String,
    },
    /// The holder has no mediator, and needs one for this.
    #[error("the holder has no mediator; connect it to one first")]
    NoMediator,
    /// The holder is asked to deal in credentials, and nothing says where published documents are.
    #[error("no ledger is configured; credentials need one")]
    NoLedger,
    /// What issuers have published cannot be had.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A credential cannot be asked for, kept or presented.
    #[error(transparent)]
    Credential(#[from] anoncreds::Error),
    /// What is attached to a message is not what it should be.
    #[error("the {document} that was sent {why}")]
    Document {
        /// What it should be.
        document: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// An invitation does not bring what it should.
    #[error("the invitation has no {wanted} attached")]
    NothingAttached {
        /// What it should bring.
        wanted: &'static str,
    },
    /// A record cannot be brought back to life.
    #[error("the recorded holder {id} {why}")]
    Record {
        /// Its id.
        id: String,
        /// What is wrong with it.
        why: String,
    },
}

impl HolderError {
    /// What to count it by: the same for all holders that fail in the same way.
    #[must_use]
    pub fn kind(&self) -> Cow<'static, str> {
        match self {
            Self::NoResponse { .. } => "no response".into(),
            Self::Protocol(ProtocolError::Problem(problem)) => {
                format!("problem report: {}", problem.code).into()
            }
            Self::Protocol(ProtocolError::OutOfTurn { .. }) => "out of turn".into(),
            Self::Protocol(ProtocolError::Message(_)) => "unreadable message".into(),
            Self::Protocol(ProtocolError::Wrong { .. }) => "wrong message".into(),
            Self::Status { status, .. } => format!("status {status}").into(),
            Self::Http(failure) => failure.kind.clone(),
            Self::Socket(error) => error.kind().into(),
            Self::Key(_) => "bad key".into(),
            Self::Envelope(_) => "unreadable envelope".into(),
            Self::Did(_) => "bad did".into(),
            Self::Unresolved { .. } => "unresolved did".into(),
            Self::NoEndpoint { .. } => "no endpoint".into(),
            Self::NoHandshake { .. } => "no handshake".into(),
            Self::NoConnection { .. } => "no connection".into(),
            Self::NoMediator => "no mediator".into(),
            Self::NoLedger => "no ledger".into(),
            Self::Ledger(error) => error.kind(),
            Self::Credential(anoncreds::Error::NothingFits { .. }) => "nothing fits".into(),
            Self::Credential(_) => "bad credential".into(),
            Self::Document { .. } => "unreadable document".into(),
            Self::NothingAttached { .. } => "nothing attached".into(),
            Self::Record { .. } => "bad record".into(),
        }
    }
}
