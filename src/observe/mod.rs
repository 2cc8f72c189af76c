//! Listening, during the run: whoever keeps or shows what the bus tells.
//!
//! [`Recorder`] keeps what journeys record, [`Collector`] every message, [`Series`] a line for
//! each second. All of them stay within a bounded memory, however long the run lasts.

#[cfg(test)]
mod arbitrary;
mod collect;
mod msgpack;
mod per_second;
mod private;
mod record;

pub use collect::{Collector, Replay, ReplayError, replay};
pub use per_second::Series;
pub use private::CreateError;
pub use record::{Keep, Recorder, RecorderError};
