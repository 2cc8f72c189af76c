//! What came of a scenario's thresholds.

use super::{
    fold::Tally,
    measure::{Aggregate, Value, measure},
};
use crate::plan::{
    Threshold,
    threshold::{self, Metric, Name},
};

/// What came of a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdResult {
    /// The metric, with its selector if it has one.
    pub metric: String,
    /// The promise as written.
    pub expression: String,
    /// What was made of the metric's samples.
    pub aggregate: Aggregate,
    /// What was measured; `None` if nothing was.
    pub value: Option<Value>,
    /// Whether the promise was kept.
    pub passed: bool,
}

impl ThresholdResult {
    /// Measures the figure and compares it; what was never measured keeps no promise.
    #[must_use]
    pub fn of(threshold: &Threshold, tally: &Tally) -> Self {
        let Metric { name, selector } = &threshold.metric;
        let (metric, aggregate) = figure(name, threshold.expression.aggregate);
        let value = measure(tally, metric, selector.as_deref(), aggregate);
        Self {
            metric: threshold.metric.to_string(),
            expression: threshold.expression.to_string(),
            aggregate,
            value,
            passed: value.is_some_and(|value| threshold.holds(value.number())),
        }
    }
}

/// The figure that a threshold on `name` looks at.
fn figure(name: &Name, aggregate: threshold::Aggregate) -> (&str, Aggregate) {
    match name {
        Name::Service => ("service_time", Aggregate::from(aggregate)),
        Name::IterationsFailed => ("iterations", Aggregate::Failed),
        Name::Transaction
        | Name::IterationDuration
        | Name::Iterations
        | Name::DroppedIterations
        | Name::ScheduleLag
        | Name::HttpReqDuration
        | Name::HttpReqFailed
        | Name::HttpReqs
        | Name::Exchanges
        | Name::Measured(_) => (name.as_str(), Aggregate::from(aggregate)),
    }
}

impl From<threshold::Aggregate> for Aggregate {
    fn from(aggregate: threshold::Aggregate) -> Self {
        match aggregate {
            threshold::Aggregate::Average => Self::Avg,
            threshold::Aggregate::Minimum => Self::Min,
            threshold::Aggregate::Median => Self::Med,
            threshold::Aggregate::Maximum => Self::Max,
            threshold::Aggregate::Percentile(percent) => Self::P(percent),
            threshold::Aggregate::Count => Self::Count,
            threshold::Aggregate::Rate => Self::Rate,
            threshold::Aggregate::Failed => Self::Failed,
            threshold::Aggregate::Pending => Self::Pending,
        }
    }
}
