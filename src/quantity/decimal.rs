//! Decimal numbers without rounding.

use super::{QuantityError, error::shortened};

/// Digits after the point that a number may have.
const SCALE_MAX: u32 = 12;
/// Digits are kept below this, so that a product with any unit fits 128 bits.
const DIGITS_MAX: u128 = 1_000_000_000_000_000_000_000;

/// A decimal number as written: `digits / 10^scale`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decimal {
    digits: u128,
    scale: u32,
}

impl Decimal {
    /// Reads `12`, `1_000` or `2.5`; no sign, no exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let digits = append(0, whole)?;
        let Some(fraction) = fraction else { return Some(Self { digits, scale: 0 }) };
        let scale = u32::try_from(fraction.len()).ok().filter(|scale| *scale <= SCALE_MAX)?;
        let digits = fraction
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| append(digits, fraction))??;
        Some(Self { digits, scale })
    }

    /// The number as a reduced-by-nothing fraction: numerator and denominator.
    pub(crate) fn fraction(self) -> (u128, u128) {
        (self.digits, 10_u128.pow(self.scale))
    }

    /// The product with a unit, if it is a whole number.
    pub(crate) fn times(self, unit: u64) -> Option<u128> {
        let (digits, scale) = self.fraction();
        let product = digits.checked_mul(u128::from(unit))?;
        product.is_multiple_of(scale).then(|| product / scale)
    }

    /// The nearest floating-point number.
    #[expect(clippy::cast_precision_loss, reason = "the nearest is what is asked for")]
    pub(crate) fn to_f64(self) -> f64 {
        let (digits, scale) = self.fraction();
        digits as f64 / scale as f64
    }
}

/// Appends digits, which `_` may part, to a number.
fn append(number: u128, text: &str) -> Option<u128> {
    let parted_well = !text.starts_with('_') && !text.ends_with('_') && !text.is_empty();
    parted_well.then_some(())?;
    text.bytes().filter(|byte| *byte != b'_').try_fold(number, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u128::from(byte - b'0'))?;
        Some(number * 10 + digit).filter(|number| *number < DIGITS_MAX)
    })
}

/// Reads a whole number that is not more than `most`.
pub(crate) fn count(text: &str, most: u64) -> Result<u64, QuantityError> {
    let bad = || QuantityError::Count(shortened(text));
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        return Err(bad());
    }
    let too_large = || QuantityError::CountTooLarge { text: shortened(text), most };
    if text.bytes().filter(u8::is_ascii_digit).count() > 20 {
        return Err(too_large());
    }
    let (number, _) = Decimal::parse(text).ok_or_else(bad)?.fraction();
    u64::try_from(number).ok().filter(|number| *number <= most).ok_or_else(too_large)
}
