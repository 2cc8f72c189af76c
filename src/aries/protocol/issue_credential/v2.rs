//! The messages of issue-credential 2.0 (RFC 0453).

use crate::aries::didcomm::Kind;

/// Says what credential the holder would like.
pub const PROPOSE: Kind = kind("propose-credential");
/// Offers a credential.
pub const OFFER: Kind = kind("offer-credential");
/// Asks for it.
pub const REQUEST: Kind = kind("request-credential");
/// Hands it over.
pub const ISSUE: Kind = kind("issue-credential");
/// Says that it has arrived and is fine.
pub const ACK: Kind = kind("ack");
/// Ends the exchange; [`notification::problem`](crate::aries::protocol::notification::problem) reads it.
pub const PROBLEM_REPORT: Kind = kind("problem-report");

const fn kind(name: &'static str) -> Kind {
    Kind::new("issue-credential", 2, 0, name)
}
