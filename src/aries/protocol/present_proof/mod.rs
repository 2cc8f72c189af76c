//! Present proof (RFC 0037, 0454): how a prover shows what its credentials say.
//!
//! ```text
//! prover                                        verifier
//!     │ propose (if the prover begins)            │
//!     ├──────────────────────────────────────────►│
//!     │ request                                   │
//!     │◄──────────────────────────────────────────┤
//!     │ presentation                              │
//!     ├──────────────────────────────────────────►│
//!     │ ack, with or without the verdict          │
//!     │◄──────────────────────────────────────────┤
//! ```
//!
//! A request that is attached to an invitation is given the invitation as parent before it is taken:
//! `request.with_parent(&invitation.id)`. One that says with `~service` where the answer goes
//! (RFC 0056) begins a thread of its own like any other.

mod prover;
mod request;
pub mod v1;
pub mod v2;
mod verifier;

pub use prover::Prover;
pub use request::{Proposal, Request, Verdict};
pub use verifier::Verifier;

use super::{Format, ProtocolError, exchange};
use crate::aries::didcomm::{Kind, Message};

/// The requests of all versions: what a prover must expect at any time.
pub const REQUESTS: &[Kind] = &[v1::REQUEST, v2::REQUEST];

/// The code of a report that ends an exchange.
pub const ABANDONED: &str = "abandoned";

const PROPOSE: usize = 0;
const REQUEST: usize = 1;
const PRESENTATION: usize = 2;
const ACK: usize = 3;

const STEPS_1: &[Kind] = &[v1::PROPOSE, v1::REQUEST, v1::PRESENTATION, v1::ACK];
const STEPS_2: &[Kind] = &[v2::PROPOSE, v2::REQUEST, v2::PRESENTATION, v2::ACK];
const VERSIONS: [&[Kind]; 2] = [STEPS_1, STEPS_2];

fn steps(format: Format) -> &'static [Kind] {
    match format {
        Format::LibIndy => STEPS_1,
        Format::Indy | Format::AnonCreds => STEPS_2,
    }
}

/// The problem report that answers a message which could not be taken because of `error`, such as a
/// request in formats that are not known; `None` if it is not to be answered.
#[must_use]
pub fn refuse(message: &Message, error: &ProtocolError) -> Option<Message> {
    exchange::refusal(&VERSIONS, message, error, ABANDONED)
}
