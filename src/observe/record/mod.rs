//! Keeping what journeys record, so that a row whose journey went on is never lost.

mod datafile;
mod name;
mod recorder;
#[cfg(test)]
mod tests;

pub use recorder::{Keep, Recorder, RecorderError};
