//! Keeping every message, so that a report can be made again from the log of a run.

mod collector;
mod header;
mod replay;
#[cfg(test)]
mod tests;

pub use collector::Collector;
pub use replay::{Replay, ReplayError, replay};
