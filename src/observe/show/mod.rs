//! Showing a person how far the run is.

mod bars;
mod plain;
mod progress;
mod standing;
#[cfg(test)]
mod tests;
mod text;

pub use bars::Colour;
pub use progress::{Progress, Style};
