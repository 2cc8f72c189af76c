//! What a threshold looks at: `http_req_duration`, `transaction{Log in :: submit}`.

use std::{fmt, str::FromStr, sync::Arc};

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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Exchanges of protocols, as their sides see them, timed from their beginning to their end.
    Exchanges,
    /// Durations that journeys measured under this name.
    Measured(Arc<str>),
}

/// What sort of figures a metric has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Durations of things that may fail.
    Outcomes,
    /// Durations of things that may fail, or never end.
    Exchanges,
    /// Durations.
    Durations,
    /// Things to count.
    Counter,
    /// The part of things for which something is true.
    Part,
}

impl Name {
    /// All but those that journeys measure.
    pub const ALL: [Self; 11] = [
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
        Self::Exchanges,
    ];

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
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
            Self::Exchanges => "exchanges",
            Self::Measured(name) => name,
        }
    }

    /// What sort of figures it has.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Transaction | Self::Service => Kind::Outcomes,
            Self::Exchanges => Kind::Exchanges,
            Self::IterationDuration
            | Self::ScheduleLag
            | Self::HttpReqDuration
            | Self::Measured(_) => Kind::Durations,
            Self::Iterations | Self::DroppedIterations | Self::HttpReqs => Kind::Counter,
            Self::IterationsFailed | Self::HttpReqFailed => Kind::Part,
        }
    }
}

impl FromStr for Name {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Self, ThresholdError> {
        let likeness = |name: &Self| strsim::jaro_winkler(name.as_str(), text);
        let nearest = Self::ALL.into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        match nearest {
            Some(name) if name.as_str() == text => Ok(name),
            Some(name) if !can_be_measured(text) || likeness(&name) > MISTYPED => {
                let nearest = name.as_str().to_owned();
                Err(ThresholdError::UnknownMetric { name: shortened(text), nearest })
            }
            _ => Ok(Self::Measured(text.into())),
        }
    }
}

/// What journeys measure is not known before a run, but a name that is so like one of the engine's
/// own was meant to be that.
const MISTYPED: f64 = 0.85;

/// Whether a name is one that k6 would take for a metric.
fn can_be_measured(name: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (2..=128).contains(&name.len())
        && !name.as_bytes()[0].is_ascii_digit()
        && name.bytes().all(word)
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
