//! Promises about figures, and whether they were kept.

use super::{
    fold::Tally,
    measure::{Aggregate, Value, measure},
};

/// A promise about one figure of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// The metric, with its selector if it has one: `transaction{Log in}`.
    pub metric: String,
    /// The promise as written: `p(95)<500ms`.
    pub expression: String,
    /// What to make of the metric's samples.
    pub aggregate: Aggregate,
    /// How the figure is to compare with the bound.
    pub comparison: Comparison,
    /// Milliseconds, a fraction from 0 to 1, a count or a rate: as in [`Value::number`].
    pub bound: f64,
}

/// How a figure compares with a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

/// What came of a [`Requirement`].
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

impl Requirement {
    /// Measures the figure and compares it; what was never measured keeps no promise.
    #[must_use]
    pub fn check(&self, tally: &Tally) -> ThresholdResult {
        let (name, selector) = match self.metric.split_once('{') {
            Some((name, selector)) => (name, Some(selector.strip_suffix('}').unwrap_or(selector))),
            None => (self.metric.as_str(), None),
        };
        let value = measure(tally, name, selector, self.aggregate);
        ThresholdResult {
            metric: self.metric.clone(),
            expression: self.expression.clone(),
            aggregate: self.aggregate,
            value,
            passed: value.is_some_and(|value| self.comparison.holds(value.number(), self.bound)),
        }
    }
}

impl Comparison {
    #[expect(clippy::float_cmp, reason = "who asks for equality gets it")]
    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::Below => value < bound,
            Self::AtMost => value <= bound,
            Self::Above => value > bound,
            Self::AtLeast => value >= bound,
            Self::Equal => value == bound,
            Self::NotEqual => value != bound,
        }
    }
}
