//! What a threshold looks at: `http_req_duration`, `transaction{Log in :: submit}`.

use std::{fmt, str::FromStr};

use super::ThresholdError;
use crate::quantity::shortened;

/// A metric, or the part of it that belongs to one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Which metric.
    pub name: Name,
    /// Whose: of transactions, outer names first, such as `Log in :: submit`; `None` is all.
    pub selector: Option<String>,
}

/// The metrics that a threshold may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// Transactions, timed from when their trips were due.
    Transaction,
    /// Transactions, timed from their actual start.
    Service,
    /// Whole trips, timed from when they were due.
    IterationDuration,
    /// Trips that ended.
    Iterations,
    /// The part of trips that failed.
    IterationsFailed,
    /// Trips that were due and never started.
    DroppedIterations,
    /// How late trips started.
    ScheduleLag,
    /// HTTP requests, timed.
    HttpReqDuration,
    /// The part of HTTP requests that failed.
    HttpReqFailed,
    /// HTTP requests.
    HttpReqs,
}

/// What sort of figures a metric has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Durations of things that may fail.
    Outcomes,
    /// Durations.
    Durations,
    /// Things to count.
    Counter,
    /// The part of things for which something is true.
    Part,
}

impl Name {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Transaction,
        Self::Service,
        Self::IterationDuration,
        Self::Iterations,
        Self::IterationsFailed,
        Self::DroppedIterations,
        Self::ScheduleLag,
        Self::HttpReqDuration,
        Self::HttpReqFailed,
        Self::HttpReqs,
    ];

    /// The name as written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Transaction => "transaction",
            Self::Service => "service",
            Self::IterationDuration => "iteration_duration",
            Self::Iterations => "iterations",
            Self::IterationsFailed => "iterations_failed",
            Self::DroppedIterations => "dropped_iterations",
            Self::ScheduleLag => "schedule_lag",
            Self::HttpReqDuration => "http_req_duration",
            Self::HttpReqFailed => "http_req_failed",
            Self::HttpReqs => "http_reqs",
        }
    }

    /// What sort of figures it has.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Transaction | Self::Service => Kind::Outcomes,
            Self::IterationDuration | Self::ScheduleLag | Self::HttpReqDuration => Kind::Durations,
            Self::Iterations | Self::DroppedIterations | Self::HttpReqs => Kind::Counter,
            Self::IterationsFailed | Self::HttpReqFailed => Kind::Part,
        }
    }
}

impl FromStr for Name {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        Self::ALL.into_iter().find(|name| name.as_str() == text).ok_or_else(|| {
            ThresholdError::UnknownMetric {
                name: shortened(text),
                nearest: nearest(text, Self::ALL.map(Self::as_str)),
            }
        })
    }
}

/// The name most like a wrong one.
fn nearest(text: &str, names: impl IntoIterator<Item = &'static str>) -> &'static str {
    let likeness = |name: &&str| strsim::jaro_winkler(name, text);
    names.into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b))).unwrap_or_default()
}

impl FromStr for Metric {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        let Some((name, selector)) = text.split_once('{') else {
            return Ok(Self { name: text.trim().parse()?, selector: None });
        };
        let name = name.trim().parse()?;
        let selector = selector
            .trim_end()
            .strip_suffix('}')
            .map(str::trim)
            .filter(|selector| !selector.is_empty())
            .ok_or_else(|| ThresholdError::Selector { metric: shortened(text) })?;
        Ok(Self { name, selector: Some(selector.to_owned()) })
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.selector {
            Some(selector) => write!(f, "{}{{{selector}}}", self.name.as_str()),
            None => f.write_str(self.name.as_str()),
        }
    }
}
