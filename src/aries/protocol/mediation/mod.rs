//! Mediation (coordinate-mediation 1.0, RFC 0211): whose keys a mediator takes messages for.
//!
//! Keys are written as `did:key` and read as that or as base58.

mod keys;
pub mod mediator;
mod recipient;

pub use keys::{Action, Outcome, UPDATES_MAX, Update};
pub use recipient::{Granted, Keylist, KeylistUpdate, granted, keylist, query, request};

use crate::aries::didcomm::Kind;

/// Asks for mediation.
pub const REQUEST: Kind = kind("mediate-request");
/// Grants it.
pub const GRANT: Kind = kind("mediate-grant");
/// Does not.
pub const DENY: Kind = kind("mediate-deny");
/// What answers a request; ACA-Py puts neither on the request's thread.
pub const ANSWERS: &[Kind] = &[GRANT, DENY];
/// Adds and removes keys.
pub const UPDATE: Kind = kind("keylist-update");
/// Says what came of it.
pub const UPDATE_RESPONSE: Kind = kind("keylist-update-response");
/// Asks which keys there are.
pub const QUERY: Kind = kind("keylist-query");
/// Says which.
pub const KEYLIST: Kind = kind("keylist");

const fn kind(name: &'static str) -> Kind {
    Kind::new("coordinate-mediation", 1, 0, name)
}
