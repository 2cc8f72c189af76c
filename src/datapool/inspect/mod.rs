//! What is in a file of rows: shown, turned to JSON and back, freed of what no longer counts.

mod cat;
mod compact;
mod error;
mod index;
mod pack;
mod show;
mod uncat;

pub use cat::cat;
pub use compact::{Compacted, compact};
pub use error::InspectError;
pub use show::{Field, Summary, show};
pub use uncat::uncat;

#[cfg(test)]
mod tests;
