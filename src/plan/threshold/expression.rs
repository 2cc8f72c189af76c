//! What has to be true of a metric: `p(95)<500ms`.

use std::fmt;

use super::{Kind, Name, ThresholdError};
use crate::quantity::{Decimal, Percent, Span, shortened};

/// An aggregate, compared with a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What the metric comes to.
    pub aggregate: Aggregate,
    /// How it has to compare.
    pub operator: Operator,
    /// With what: milliseconds, a part from 0 to 1, or a plain number.
    pub value: f64,
    written: String,
}

/// What a metric comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aggregate {
    /// Mean, in milliseconds.
    Average,
    /// Smallest, in milliseconds.
    Minimum,
    /// The one in the middle, in milliseconds.
    Median,
    /// Largest, in milliseconds.
    Maximum,
    /// The one that so many percent, from 0 to 100, do not exceed; in milliseconds.
    Percentile(f64),
    /// How many.
    Count,
    /// How many a second, of a counter; the part from 0 to 1, of a part.
    Rate,
    /// The part from 0 to 1 that failed.
    Failed,
    /// How many are not known to have ended.
    Pending,
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

/// Two-character operators first: `<` would match `<=` too.
const OPERATORS: [(&str, Operator); 6] = [
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Expression {
    /// Reads an expression on a metric.
    ///
    /// # Errors
    /// When it is wrong, or does not fit the metric.
    pub fn parse(text: &str, metric: &Name) -> Result<Self, ThresholdError> {
        let written = text.trim();
        let form =
            || ThresholdError::Form { expression: shortened(written), metric: metric.clone() };
        let at = written.find(['<', '>', '=', '!']).ok_or_else(form)?;
        let (aggregate, rest) = written.split_at(at);
        let (value, operator) = OPERATORS
            .iter()
            .find_map(|(sign, operator)| Some((rest.strip_prefix(sign)?, *operator)))
            .ok_or_else(form)?;
        let (aggregate, value) = (aggregate.trim(), value.trim());
        if aggregate.is_empty() || value.is_empty() {
            return Err(form());
        }
        let aggregate = Aggregate::parse(aggregate)
            .filter(|aggregate| aggregate.fits(metric.kind()))
            .ok_or_else(|| ThresholdError::Aggregate {
                aggregate: shortened(aggregate),
                expression: shortened(written),
                metric: metric.clone(),
            })?;
        let unit = Unit::of(aggregate, metric.kind());
        let value = unit.read(value).ok_or_else(|| ThresholdError::Value {
            value: shortened(value),
            expression: shortened(written),
            wanted: unit.wanted(),
            right: unit.example(metric),
        })?;
        Ok(Self { aggregate, operator, value, written: written.to_owned() })
    }

    /// Whether a value of its aggregate passes; one that is not a number never does.
    #[must_use]
    #[expect(clippy::float_cmp, reason = "`==` is what was written; counts are exact")]
    pub fn holds(&self, value: f64) -> bool {
        match self.operator {
            Operator::Less => value < self.value,
            Operator::LessOrEqual => value <= self.value,
            Operator::Greater => value > self.value,
            Operator::GreaterOrEqual => value >= self.value,
            Operator::Equal => value == self.value,
            Operator::NotEqual => !value.is_nan() && value != self.value,
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Aggregate {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "avg" => Self::Average,
            "min" => Self::Minimum,
            "med" => Self::Median,
            "max" => Self::Maximum,
            "count" => Self::Count,
            "rate" => Self::Rate,
            "failed" => Self::Failed,
            "pending" => Self::Pending,
            _ => {
                let percent = text.strip_prefix("p(")?.strip_suffix(')')?.trim();
                let percent = Decimal::parse(percent)?.to_f64();
                (percent <= 100.0).then_some(Self::Percentile(percent))?
            }
        })
    }

    fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Average | Self::Minimum | Self::Median | Self::Maximum | Self::Percentile(_) => {
                matches!(kind, Kind::Outcomes | Kind::Exchanges | Kind::Durations)
            }
            Self::Count => true,
            Self::Rate => matches!(kind, Kind::Counter | Kind::Part),
            Self::Failed => matches!(kind, Kind::Outcomes | Kind::Exchanges),
            Self::Pending => kind == Kind::Exchanges,
        }
    }
}

/// What an aggregate is measured in.
#[derive(Clone, Copy)]
enum Unit {
    Milliseconds,
    Part,
    Number,
}

impl Unit {
    fn of(aggregate: Aggregate, kind: Kind) -> Self {
        match (aggregate, kind) {
            (Aggregate::Failed, _) | (Aggregate::Rate, Kind::Part) => Self::Part,
            (Aggregate::Count | Aggregate::Rate | Aggregate::Pending, _) => Self::Number,
            (
                Aggregate::Average
                | Aggregate::Minimum
                | Aggregate::Median
                | Aggregate::Maximum
                | Aggregate::Percentile(_),
                _,
            ) => Self::Milliseconds,
        }
    }

    fn read(self, text: &str) -> Option<f64> {
        let number = Decimal::parse(text).map(Decimal::to_f64);
        match self {
            Self::Number => number,
            Self::Part if text.ends_with('%') => text.parse().ok().map(|Percent(part)| part),
            Self::Part => number.filter(|part| *part <= 1.0),
            Self::Milliseconds => {
                let span = || text.parse().ok().map(|Span(span)| span.as_secs_f64() * 1_000.0);
                number.or_else(span)
            }
        }
    }

    fn wanted(self) -> &'static str {
        match self {
            Self::Milliseconds => "a duration of 30 days at most",
            Self::Part => "a percentage from 0% to 100%, or a part from 0 to 1",
            Self::Number => "a number",
        }
    }

    fn example(self, metric: &Name) -> &'static str {
        match self {
            Self::Milliseconds => "p(95)<500ms",
            Self::Part if matches!(metric.kind(), Kind::Outcomes | Kind::Exchanges) => "failed<1%",
            Self::Part => "rate<1%",
            Self::Number => "count==0",
        }
    }
}
