//! What a run has to reach: k6's expressions on the metrics of a run.
//!
//! ```toml
//! [thresholds]
//! "transaction{presentation}" = ["p(95)<500ms", "failed<1%"]
//! "dropped_iterations" = ["count==0"]
//! ```

mod error;
mod expression;
mod metric;
#[cfg(test)]
mod tests;

use std::fmt;

pub use error::ThresholdError;
pub use expression::{Aggregate, Expression, Operator};
pub use metric::{Kind, Metric, Name};

/// A condition on a figure of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// What is looked at.
    pub metric: Metric,
    /// What has to be true of it.
    pub expression: Expression,
}

impl Threshold {
    /// Reads the two sides of a line in `[thresholds]`.
    ///
    /// # Errors
    /// When the metric is unknown, or the expression is wrong or does not fit the metric.
    pub fn parse(metric: &str, expression: &str) -> Result<Self, ThresholdError> {
        let metric: Metric = metric.parse()?;
        let expression = Expression::parse(expression, &metric.name)?;
        Ok(Self { metric, expression })
    }

    /// Whether a value of its aggregate passes; one that is not a number never does.
    ///
    /// Durations are in milliseconds, parts from 0 to 1, counter rates per second.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        self.expression.holds(value)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.metric, self.expression)
    }
}
