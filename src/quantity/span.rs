//! Lengths of time: `300ms`, `1.5s`, `1m30s`, `2h`, `1d`.

use std::{fmt, str::FromStr, time::Duration};

use super::{Decimal, QuantityError, Written, error::shortened, written::deserialize_written};

/// The longest time that may be written: 30 days.
pub const SPAN_MAX: Duration = Duration::from_hours(30 * 24);

const SECOND: u64 = 1_000_000_000;
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
    ("d", 86_400 * SECOND),
];

/// A length of time as people write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

impl FromStr for Span {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let nanos = nanos(text).ok_or_else(|| QuantityError::Duration(shortened(text)))?;
        u64::try_from(nanos)
            .ok()
            .map(Duration::from_nanos)
            .filter(|span| *span <= SPAN_MAX)
            .map(Self)
            .ok_or_else(|| QuantityError::DurationTooLong(shortened(text)))
    }
}

fn nanos(text: &str) -> Option<u128> {
    let mut rest = text;
    let mut total = 0_u128;
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| !is_numeric(c));
        let (unit, after) = split(after, is_numeric);
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(Decimal::parse(number)?.times(*unit)?)?;
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

fn is_numeric(c: char) -> bool {
    c.is_ascii_digit() || c == '.' || c == '_'
}

fn split(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut seconds, nanos) = (self.0.as_secs(), self.0.subsec_nanos());
        if seconds == 0 && nanos > 0 {
            let (millis, rest) = (nanos / 1_000_000, nanos % 1_000_000);
            return write!(f, "{millis}{}ms", Fraction { digits: rest, width: 6 });
        }
        let whole = self.0;
        for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60)] {
            if seconds >= length {
                write!(f, "{}{unit}", seconds / length)?;
                seconds %= length;
            }
        }
        if seconds > 0 || nanos > 0 || whole.is_zero() {
            write!(f, "{seconds}{}s", Fraction { digits: nanos, width: 9 })?;
        }
        Ok(())
    }
}

/// The digits after a point, without the zeros at their end.
pub(super) struct Fraction {
    pub(super) digits: u32,
    pub(super) width: usize,
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits == 0 {
            return Ok(());
        }
        let digits = format!("{:0width$}", self.digits, width = self.width);
        write!(f, ".{}", digits.trim_end_matches('0'))
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        span.0
    }
}

impl Written for Span {
    const EXAMPLE: &'static str = "30s";
}

deserialize_written!(Span);
