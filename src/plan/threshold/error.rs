//! Why a text is no threshold.

use thiserror::Error;

use super::{Kind, Name};

/// A threshold that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ThresholdError {
    /// No metric is called so.
    #[error("no metric is called `{name}`: did you mean `{nearest}`?")]
    UnknownMetric {
        /// The name as written.
        name: String,
        /// The name that is most like it.
        nearest: String,
    },
    /// Braces with nothing in them, or that do not close.
    #[error("`{metric}` does not name a part of its metric as in `transaction{{Log in}}`")]
    Selector {
        /// The metric as written.
        metric: String,
    },
    /// Not an aggregate, an operator and a value.
    #[error("`{expression}` is no condition, which is written like `{}`", example(.metric))]
    Form {
        /// The expression as written.
        expression: String,
        /// The metric it is on.
        metric: Name,
    },
    /// An aggregate that the metric does not have.
    #[error(
        "`{aggregate}` in `{expression}` is no figure of `{}`, which has {}; a right one is `{}`", .metric.as_str(), aggregates(.metric), example(.metric)
    )]
    Aggregate {
        /// The aggregate as written.
        aggregate: String,
        /// The expression as written.
        expression: String,
        /// The metric it is on.
        metric: Name,
    },
    /// A value in another unit than the aggregate.
    #[error("`{value}` in `{expression}` is not {wanted}; a right one is `{right}`")]
    Value {
        /// The value as written.
        value: String,
        /// The expression as written.
        expression: String,
        /// What the aggregate is compared with.
        wanted: &'static str,
        /// A right expression.
        right: &'static str,
    },
}

fn aggregates(metric: &Name) -> &'static str {
    match metric.kind() {
        Kind::Outcomes => "avg, min, med, max, p(N), count and failed",
        Kind::Exchanges => "avg, min, med, max, p(N), count, failed and pending",
        Kind::Durations => "avg, min, med, max, p(N) and count",
        Kind::Counter => "count and rate",
        Kind::Part => "rate and count",
    }
}

fn example(metric: &Name) -> &'static str {
    match metric.kind() {
        Kind::Outcomes | Kind::Durations => "p(95)<500ms",
        Kind::Exchanges => "pending==0",
        Kind::Counter => "count==0",
        Kind::Part => "rate<1%",
    }
}
