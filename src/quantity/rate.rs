//! Arrivals per time, without rounding: `50/s`, `600/m`, `1/10s`.

use std::{cmp::Ordering, fmt, str::FromStr};

use super::{
    Decimal, QuantityError, SPAN_MAX, Span, Written, error::shortened, span::Fraction,
    written::deserialize_written,
};

/// The highest rate that may be written, in arrivals per second.
pub const RATE_MAX_PER_SECOND: u64 = 10_000_000;

const SECOND: u64 = 1_000_000_000;
const MICRO: u128 = 1_000_000;

/// A whole number of arrivals in a whole number of nanoseconds, 30 days at most; reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    arrivals: u64,
    nanos: u64,
}

impl Rate {
    /// No arrivals at all.
    pub const ZERO: Self = Self { arrivals: 0, nanos: 1 };

    /// Arrivals per second, rounded to the nearest floating-point number.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the nearest is what is asked for")]
    pub fn per_second(self) -> f64 {
        self.arrivals as f64 * SECOND as f64 / self.nanos as f64
    }

    /// Whether it is no arrivals at all.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.arrivals == 0
    }

    /// So many arrivals in so many nanoseconds.
    pub(crate) fn fraction(self) -> (u64, u64) {
        (self.arrivals, self.nanos)
    }

    /// The rate as a number per unit of so many nanoseconds, in whole millionths if that is exact.
    fn millionths_per(self, unit: u64) -> Option<u128> {
        let product = u128::from(self.arrivals) * u128::from(unit) * MICRO;
        let nanos = u128::from(self.nanos);
        product.is_multiple_of(nanos).then(|| product / nanos)
    }
}

impl Default for Rate {
    fn default() -> Self {
        Self::ZERO
    }
}

impl FromStr for Rate {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let bad = || QuantityError::Rate(shortened(text));
        let (number, period) = text.split_once('/').ok_or_else(bad)?;
        let (digits, scale) = Decimal::parse(number).ok_or_else(bad)?.fraction();
        let is_unit = period.chars().all(char::is_alphabetic);
        let period = if is_unit { format!("1{period}") } else { period.to_owned() };
        let Span(period) = period.parse().map_err(|_| bad())?;
        if period.is_zero() {
            return Err(bad());
        }
        let nanos = scale * period.as_nanos();
        let common = gcd(digits, nanos);
        let (arrivals, nanos) = (digits / common, nanos / common);
        if arrivals > nanos / u128::from(SECOND / RATE_MAX_PER_SECOND) {
            return Err(QuantityError::RateTooHigh(shortened(text)));
        }
        if nanos > SPAN_MAX.as_nanos() {
            return Err(QuantityError::RateTooFine(shortened(text)));
        }
        let fits = "a rate within its bounds is smaller than 2^64";
        Ok(Self {
            arrivals: u64::try_from(arrivals).expect(fits),
            nanos: u64::try_from(nanos).expect(fits),
        })
    }
}

/// The greatest common divisor; `b` is not 0.
pub(crate) fn gcd(a: u128, b: u128) -> u128 {
    if a == 0 { b } else { gcd(b % a, a) }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |unit: u64| {
            self.millionths_per(unit).filter(|n| n.is_multiple_of(MICRO)).map(|n| n / MICRO)
        };
        if let Some(millionths) = self.millionths_per(SECOND)
            && (millionths >= MICRO || millionths == 0)
        {
            let digits = u32::try_from(millionths % MICRO).expect("a remainder of a million");
            return write!(f, "{}{}/s", millionths / MICRO, Fraction { digits, width: 6 });
        }
        if let Some(per_minute) = whole(60 * SECOND) {
            return write!(f, "{per_minute}/m");
        }
        if let Some(per_hour) = whole(3_600 * SECOND) {
            return write!(f, "{per_hour}/h");
        }
        write!(f, "{}/{}", self.arrivals, Span(std::time::Duration::from_nanos(self.nanos)))
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Self) -> Ordering {
        let scaled = |a: &Self, b: &Self| u128::from(a.arrivals) * u128::from(b.nanos);
        scaled(self, other).cmp(&scaled(other, self))
    }
}

impl Written for Rate {
    const EXAMPLE: &'static str = "50/s";
}

deserialize_written!(Rate);
