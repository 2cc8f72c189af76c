//! How a user behaves: journeys, and the context in which they do so.

mod company;
mod context;
mod dice;
mod failure;
pub mod http;
mod into_journey;
mod lease;
mod registry;
mod shared;
mod surroundings;
mod telling;
mod think;
mod transaction;

pub use company::Company;
pub use context::Context;
pub use dice::Dice;
pub(crate) use failure::chain;
pub use failure::{Failure, Outcome};
pub use into_journey::IntoJourney;
pub use lease::Lease;
pub use registry::{Journey, Journeys, Trip};
pub use shared::Shared;
pub use surroundings::{Settings, Surroundings};
pub use think::{Think, ThinkError};

pub use crate::bus::Change;
