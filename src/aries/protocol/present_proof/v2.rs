//! The messages of present-proof 2.0 (RFC 0454).

use crate::aries::didcomm::Kind;

/// Says what the prover would like to show.
pub const PROPOSE: Kind = kind("propose-presentation");
/// Asks for a proof.
pub const REQUEST: Kind = kind("request-presentation");
/// Presents it.
pub const PRESENTATION: Kind = kind("presentation");
/// Says that it has been looked at.
pub const ACK: Kind = kind("ack");
/// Ends the exchange; [`notification::problem`](crate::aries::protocol::notification::problem) reads it.
pub const PROBLEM_REPORT: Kind = kind("problem-report");

const fn kind(name: &'static str) -> Kind {
    Kind::new("present-proof", 2, 0, name)
}
