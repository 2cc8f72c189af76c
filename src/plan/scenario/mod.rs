//! A scenario file: config, datapools, rows of journeys, thresholds.
//!
//! Unknown keys are errors that name the nearest right one; what is wrong is told with its line,
//! column and key, and a right example. Paths in a scenario are relative to the directory that
//! the engine is started in, not to the file.

mod check;
mod config;
mod datapool;
mod definition;
mod error;
mod explain;
mod file;
mod http;
mod place;
mod row;
mod sandbox;
#[cfg(test)]
mod tests;

pub use config::ConfigError;
pub use datapool::{Datapool, Mode, OnEmpty};
pub use definition::Scenario;
pub use error::{Invalid, ScenarioError};
pub(crate) use explain::suggestion;
pub use http::{Connections, HttpSettings};
pub use row::Row;
pub use sandbox::{SandboxSettings, Window};
