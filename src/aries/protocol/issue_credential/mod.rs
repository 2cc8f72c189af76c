//! Issue credential (RFC 0036, 0453): how a holder comes by a credential.
//!
//! ```text
//! holder                                        issuer
//!     │ propose (if the holder begins)            │
//!     ├──────────────────────────────────────────►│
//!     │ offer                                     │
//!     │◄──────────────────────────────────────────┤
//!     │ request                                   │
//!     ├──────────────────────────────────────────►│
//!     │ issue (the credential)                    │
//!     │◄──────────────────────────────────────────┤
//!     │ ack                                       │
//!     ├──────────────────────────────────────────►│
//! ```
//!
//! An offer that is attached to an invitation is given the invitation as parent before it is taken:
//! `offer.with_parent(&invitation.id)`; all that follows says so then.

mod holder;
mod issuer;
mod offer;
pub mod v1;
pub mod v2;

pub use holder::Holder;
pub use issuer::Issuer;
pub use offer::{Attribute, Offer, Proposal};

use super::{Format, ProtocolError, exchange};
use crate::aries::didcomm::{Kind, Message};

/// The offers of all versions: what a holder must expect at any time.
pub const OFFERS: &[Kind] = &[v1::OFFER, v2::OFFER];

/// The code of a report that ends an exchange (RFC 0036, 0453).
pub const ABANDONED: &str = "issuance-abandoned";

const PROPOSE: usize = 0;
const OFFER: usize = 1;
const REQUEST: usize = 2;
const ISSUE: usize = 3;
const ACK: usize = 4;

const STEPS_1: &[Kind] = &[v1::PROPOSE, v1::OFFER, v1::REQUEST, v1::ISSUE, v1::ACK];
const STEPS_2: &[Kind] = &[v2::PROPOSE, v2::OFFER, v2::REQUEST, v2::ISSUE, v2::ACK];
const VERSIONS: [&[Kind]; 2] = [STEPS_1, STEPS_2];

fn steps(format: Format) -> &'static [Kind] {
    match format {
        Format::LibIndy => STEPS_1,
        Format::Indy | Format::AnonCreds => STEPS_2,
    }
}

/// The problem report that answers a message which could not be taken because of `error`, such as an
/// offer in formats that are not known; `None` if it is not to be answered.
#[must_use]
pub fn refuse(message: &Message, error: &ProtocolError) -> Option<Message> {
    exchange::refusal(&VERSIONS, message, error, ABANDONED)
}
