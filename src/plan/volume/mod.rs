//! How much, and when: arrivals per second, or a number of users kept busy.
//!
//! | text | model |
//! |---|---|
//! | `hold 50/s for 5m` | open |
//! | `ramp to 50/s over 30s`, `ramp from 10/s to 50/s over 30s` | open |
//! | `1000 trips at 20/s` (alone) | open |
//! | `200 users for 5m` | closed |
//! | `ramp to 200 users over 30s`, `ramp from 10 to 200 users over 30s` | closed |
//! | `1000 trips by 8 users` (alone) | closed |
//! | `wait 1m` | either |
//!
//! Stages are joined by commas. A ramp without `from` starts where the stage before it ended, at
//! first and after a wait from nothing.

mod clause;
mod error;
mod line;
mod model;
mod open;
mod overrides;
mod parse;
mod stage;
#[cfg(test)]
mod tests;
mod trips;
mod users;

pub use error::{Fault, OverrideError, VolumeError};
pub use model::{Model, Peak, Volume};
pub use open::{Open, TRIPS_MAX};
pub use stage::Stage;
pub use trips::Trips;
pub use users::{Join, USERS_MAX, Users};
