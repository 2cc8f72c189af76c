//! Listening, during the run: whoever keeps or shows what the bus tells.
//!
//! [`Recorder`] keeps what journeys record, [`Collector`] every message, [`Series`] a line for
//! each second, and [`Progress`] shows a person how far the run is. All of them stay within a
//! bounded memory, however long it lasts.

#[cfg(test)]
mod arbitrary;
mod collect;
mod per_second;
mod private;
mod record;
mod show;

pub use collect::{Collector, Replay, ReplayError, replay};
pub use per_second::Series;
pub use private::CreateError;
pub use record::{Keep, Recorder, RecorderError};
pub use show::{Colour, Progress, Style};
