//! Protocols as pure state machines: a message in, the next state and an answer out.

pub mod action_menu;
pub mod basic_message;
pub mod discover;
mod error;
mod exchange;
mod format;
pub mod handshake;
pub mod issue_credential;
pub mod mediation;
pub mod notification;
pub mod out_of_band;
pub mod pickup;
pub mod present_proof;
pub mod revocation;
pub mod routing;
#[cfg(test)]
mod tests;
pub mod trust_ping;
mod turn;

pub use error::{Problem, ProtocolError};
pub use format::Format;
pub use handshake::{Established, Inviter, Party, Requester, Responder};
