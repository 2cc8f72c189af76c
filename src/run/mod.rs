//! Making it happen: the plan's arrivals become trips, and every one of them is accounted for.
//!
//! [`prepare`] finds and reads everything; [`Prepared::go`] runs it. A pacer hands arrivals over
//! when they are due; each starts a trip if there is a free slot and a free row of data, else
//! waits in a bounded backlog, else is dropped and counted by reason. What happens is told on
//! the bus: nothing here prints or adds up.

mod admit;
mod agenda;
mod error;
mod gate;
mod go;
mod header;
mod health;
mod limits;
mod pacer;
mod prepare;
mod row;
mod runner;
mod start;
mod supervise;
mod trip;
mod users;

pub use admit::Vetted;
pub use error::PrepareError;
pub use go::Means;
pub use limits::raise_descriptor_limit;
pub use pacer::Pacing;
pub use prepare::{Choices, Prepared, prepare};
pub use trip::in_trip;
