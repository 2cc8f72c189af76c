//! Percentages: `1%`.

use std::str::FromStr;

use super::{Decimal, QuantityError, Written, error::shortened, written::deserialize_written};

/// A part of a whole, from 0 to 1, written as a percentage.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Percent(pub f64);

impl FromStr for Percent {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        text.strip_suffix('%')
            .and_then(|number| Decimal::parse(number.trim_end()))
            .map(|number| number.to_f64() / 100.0)
            .filter(|part| *part <= 1.0)
            .map(Self)
            .ok_or_else(|| QuantityError::Percent(shortened(text)))
    }
}

impl From<Percent> for f64 {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

impl Written for Percent {
    const EXAMPLE: &'static str = "1%";
}

deserialize_written!(Percent);
