//! The message layer of DIDComm v1: keys, envelopes, messages, DIDs and invitations; no I/O.

pub mod attachment;
mod base64;
pub mod did;
pub mod envelope;
pub mod invitation;
mod key;
mod kind;
mod message;
pub mod signature;
mod timing;

pub use key::{KeyError, KeyPair, Verkey, unique_id};
pub use kind::{Kind, KindError};
pub use message::{Message, MessageError, Thread};
pub(in crate::aries) use timing::moment;
