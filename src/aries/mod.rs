//! Holder agents: wallets that speak Aries, and the other roles that a sandbox plays.
//!
//! A tower of its own that knows nothing of load. [`anoncreds`] is credentials and proofs, and
//! [`didcomm`] the message layer; neither does I/O. [`compute`] is the threads for what takes long, and
//! [`ledger`] reads what issuers have published, once for all holders.
//! [`protocol`] holds pure state machines, one file a protocol, all roles; [`controller`] asks issuers
//! and verifiers over HTTPS; [`transport`] is where bytes come and go; [`holder`] is where they meet,
//! and has an example.

pub mod anoncreds;
pub mod compute;
pub mod controller;
pub mod didcomm;
pub mod holder;
pub mod ledger;
pub mod protocol;
pub mod transport;
