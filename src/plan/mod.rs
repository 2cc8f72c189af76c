//! What to run: how many trips of which journey, and when each of them is due.
//!
//! Everything here is pure. A plan knows no clock and starts nothing: it says for every arrival
//! at which nanosecond after the start it is due, in closed form, so that any number of workers
//! that hold the same text agree on every trip without talking to each other.

pub mod scenario;
mod schedule;
mod share;
pub mod threshold;
pub mod volume;

pub use scenario::{Scenario, ScenarioError};
pub use schedule::{Arrival, POISSON_TRIPS_MAX, Schedule, Spacing};
pub use share::{Share, ShareError};
pub use threshold::{Threshold, ThresholdError};
pub use volume::{Volume, VolumeError};
