//! Holders on real sockets, with the sandbox as their mediator and issuer.
#![expect(clippy::unwrap_used, reason = "a test may")]

mod events;
mod faults;
mod online;
mod world;
