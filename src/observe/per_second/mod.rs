//! What happened in each second of a run, for people who plot.

mod latency;
mod line;
mod second;
mod series;
#[cfg(test)]
mod tests;

pub use series::Series;
