//! What can go wrong between two parties that speak a protocol.

use crate::aries::didcomm::{Kind, MessageError};

/// Why a message does not fit where a protocol stands.
#[derive(Debug, thiserror::Error)]
pub enum ProtocolError {
    /// It is another message than those that may come now.
    #[error("a {got} where {expected} was due")]
    OutOfTurn {
        /// What may come.
        expected: &'static str,
        /// What came.
        got: Kind,
    },
    /// The other side reports a problem.
    #[error("the other side reports a problem: {0}")]
    Problem(Problem),
    /// It is the right message and cannot be read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// It reads, and says something that is not so, such as a signature by somebody else.
    #[error("a {kind} that {why}")]
    Wrong {
        /// The kind of message.
        kind: Kind,
        /// What is wrong with it; follows "a message that".
        why: String,
    },
}

/// A problem that the other side reports (RFC 0035).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}{}{explanation}", if explanation.is_empty() { "" } else { ": " })]
pub struct Problem {
    /// Its code, such as `request_not_accepted`; `unknown` if it says none.
    pub code: String,
    /// What a person reads; may be empty.
    pub explanation: String,
}
