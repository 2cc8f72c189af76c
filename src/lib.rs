//! Load tests for systems whose users carry state.
//!
//! A program of one's own is journeys and three lines around them, as the README shows.
//!
//! What runs is said in a scenario file ([`plan`]), whose rows of data come from datapools
//! ([`datapool`]); what happens is told over the bus ([`bus`]), to which recorder, collector and
//! progress listen ([`observe`]), and of which a report is made ([`report`]). Journeys of Aries holders
//! have [`wallets`], which stand on [`aries`]; [`sandbox`] is the other side of them, embedded.

mod akrida;
pub mod aries;
pub mod bus;
mod cli;
pub mod datapool;
pub mod journey;
mod msgpack;
pub mod observe;
pub mod plan;
pub mod quantity;
pub mod report;
pub mod run;
pub mod sandbox;
pub mod wallets;

pub use cli::main;

/// What a journey needs.
pub mod prelude {
    pub use crate::journey::{Context, Failure, Journeys, Lease, Outcome, Think};
}

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
