//! What a run comes to, after it.
//!
//! A [`Report`] is a fold over messages ([`Tally`]): of a run that has just ended, of one that is
//! replayed from its log, or of many workers whose tallies are merged. Histograms are merged,
//! percentiles never averaged; and trips that were dropped or cancelled count as slower than all
//! others, because leaving them out would flatter the target.

mod failures;
mod figures;
mod fold;
mod generator;
mod json;
mod measure;
mod scope;
mod text;
mod threshold;
mod trend;
mod verdict;
mod whole;

pub use figures::utc;
pub use fold::Tally;
pub use generator::{Generator, Lateness, Waited};
pub use measure::{Aggregate, METRICS, Value, measure};
pub use text::Paint;
pub use threshold::ThresholdResult;
pub use trend::Quantile;
pub use verdict::{Achieved, Outcome, Verdict};
pub use whole::Report;

#[cfg(test)]
mod tests;
