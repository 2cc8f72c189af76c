//! Protocols as pure state machines: a message in, the next state and an answer out.

mod error;
pub mod handshake;

pub use error::{Problem, ProtocolError};
pub use handshake::{Established, Party, Requester, Responder};
