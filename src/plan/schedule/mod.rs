//! When trips are due, one after the other.

mod arrivals;
mod poisson;
#[cfg(test)]
mod tests;

pub use arrivals::{Arrival, Schedule, Spacing};
pub use poisson::POISSON_TRIPS_MAX;

pub(in crate::plan) use arrivals::by_second;
