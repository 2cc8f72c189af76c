//! Holder agents: wallets that speak Aries, and the other roles that a sandbox plays.
//!
//! A tower of its own that knows nothing of load. [`didcomm`] is the message layer and does no I/O;
//! [`protocol`] holds pure state machines, one file a protocol, all roles; [`controller`] asks issuers
//! and verifiers over HTTPS; [`transport`] is where bytes come and go; [`holder`] is where they meet,
//! and has an example.

pub mod controller;
pub mod didcomm;
pub mod holder;
pub mod protocol;
pub mod transport;
