//! What a run comes to, after it.
//!
//! A [`Tally`] is a fold over messages: of a run that has just ended, of one that is replayed from
//! its log, or of many workers whose tallies are merged. Histograms are merged, percentiles never
//! averaged; and trips that were dropped or cancelled count as slower than all others, because
//! leaving them out would flatter the target.

mod figures;
mod fold;
mod measure;
mod scope;
mod threshold;
mod trend;

pub use fold::Tally;
pub use measure::{Aggregate, METRICS, Value, measure};
pub use threshold::{Comparison, Requirement, ThresholdResult};
pub use trend::Quantile;
