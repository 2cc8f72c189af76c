//! The area under straight lines of rate, in whole numbers.
//!
//! Rates of a volume are brought to one denominator `q`, so that each is a whole number of
//! *pieces* per nanosecond, of which `q` make an arrival. Areas are doubled, so that the area
//! under a whole line, `(from + to) × lasts`, is a whole number too:
//!
//! ```text
//!  rate                                       doubled area up to x:
//!   to  ┤        ╱│
//!       │     ╱   │                           2·from·x + (to − from)·x² / lasts
//!  from ┤  ╱      │
//!       │  │      │                           arrival n is due at the last nanosecond
//!       └──┴──────┴── x                       at which the area is not above 2·q·n
//!          0    lasts
//! ```
//!
//! Only the first guess of a root is a floating-point number; what it is corrected by is exact.
//! Bounds (10⁷/s, 30 days, 10¹² trips, `q < 2^64`) keep all products below `2^127`.

/// A straight line of rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// Nanoseconds from the start of the plan to its own.
    pub(super) starts: u64,
    /// Its length in nanoseconds.
    pub(super) lasts: u64,
    /// Pieces per nanosecond at its start.
    pub(super) from: u64,
    /// Pieces per nanosecond at its end.
    pub(super) to: u64,
    /// Doubled area under the lines before it.
    pub(super) before: u128,
}

impl Line {
    /// Doubled area under all of it.
    pub(super) fn area(&self) -> u128 {
        (u128::from(self.from) + u128::from(self.to)) * u128::from(self.lasts)
    }

    /// Doubled area under its first `x` nanoseconds, rounded up.
    pub(super) fn area_until(&self, x: u64) -> u128 {
        let level = 2 * u128::from(self.from) * u128::from(x);
        if self.from == self.to {
            return level;
        }
        // The square is divided in two steps: it would not fit 128 bits in one.
        let (x, lasts) = (u128::from(x), u128::from(self.lasts));
        let product = u128::from(self.from.abs_diff(self.to)) * x;
        let quotient = product / lasts;
        let (whole, rest) = (quotient * x, (product - quotient * lasts) * x);
        if self.to > self.from {
            level + whole + rest.div_ceil(lasts)
        } else {
            level - whole - rest / lasts
        }
    }

    /// The last nanosecond at which the doubled area is not above `area`, which is less than all.
    pub(super) fn reaches(&self, area: u128) -> u64 {
        if self.from == self.to {
            let x = area / (2 * u128::from(self.from));
            return u64::try_from(x).expect("an area within a line is reached within its length");
        }
        let mut x = self.guess(area);
        while self.area_until(x) > area {
            x -= 1;
        }
        while self.area_until(x + 1) <= area {
            x += 1;
        }
        x
    }

    /// The root in floating point: a few nanoseconds off after days, less before.
    ///
    /// A falling line is looked at from its end, where it rises. So no term is ever subtracted
    /// from another, and nothing cancels out.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a guess, which is corrected"
    )]
    fn guess(&self, area: u128) -> u64 {
        let lasts = self.lasts as f64;
        let root = |low: u64, high: u64, area: u128| {
            let (level, slope) = (2.0 * low as f64, (high - low) as f64 / lasts);
            let area = area as f64;
            let root = (level * level + 4.0 * slope * area).sqrt();
            if area == 0.0 { 0.0 } else { 2.0 * area / (level + root) }
        };
        if self.to > self.from {
            (root(self.from, self.to, area) as u64).min(self.lasts)
        } else {
            let left = self.area() - area;
            self.lasts - (root(self.to, self.from, left) as u64).min(self.lasts)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE_MAX: u64 = u64::MAX / 100;
    const LASTS_MAX: u64 = 30 * 86_400 * 1_000_000_000;

    /// A number of 256 bits: high half first, so that the order is that of the numbers.
    type Wide = (u128, u128);

    fn times(a: u128, b: u64) -> Wide {
        let (low, high) = (a & u128::from(u64::MAX), a >> 64);
        let (low, high) = (low * u128::from(b), high * u128::from(b));
        plus((0, low), (high >> 64, high << 64))
    }

    fn plus(a: Wide, b: Wide) -> Wide {
        let (low, carry) = a.1.overflowing_add(b.1);
        (a.0 + b.0 + u128::from(carry), low)
    }

    /// Whether the doubled area until `x` is not above `area`, multiplied out to whole numbers.
    fn is_within(line: &Line, x: u64, area: u128) -> bool {
        let level = times(2 * u128::from(line.from) * u128::from(x), line.lasts);
        let square = times(u128::from(line.from.abs_diff(line.to)) * u128::from(x), x);
        let area = times(area, line.lasts);
        if line.to > line.from { plus(level, square) <= area } else { level <= plus(area, square) }
    }

    fn line() -> impl Strategy<Value = Line> {
        let rate = || prop_oneof![Just(0), 0..1000_u64, 0..RATE_MAX];
        let lasts = prop_oneof![1..1_000_u64, 1..LASTS_MAX, LASTS_MAX - 1_000..LASTS_MAX];
        (rate(), rate(), lasts)
            .prop_filter("a wait has no area", |(from, to, _)| from + to > 0)
            .prop_map(|(from, to, lasts)| Line { starts: 0, lasts, from, to, before: 0 })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn an_area_is_reached_to_the_very_nanosecond(line in line(), part in 0.0..1.0_f64, off in 0..9_u128) {
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let area = ((line.area() as f64 * part) as u128).saturating_sub(off).min(line.area() - 1);
            let x = line.reaches(area);
            prop_assert!(x < line.lasts);
            prop_assert!(is_within(&line, x, area));
            prop_assert!(!is_within(&line, x + 1, area));
        }

        #[test]
        fn the_first_and_the_last_piece_are_reached_too(line in line()) {
            for area in [0, line.area() - 1] {
                let x = line.reaches(area);
                prop_assert!(is_within(&line, x, area) && !is_within(&line, x + 1, area));
            }
        }

        #[test]
        fn the_guess_is_a_few_nanoseconds_off(line in line(), part in 0.0..1.0_f64) {
            prop_assume!(line.from != line.to);
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let area = ((line.area() as f64 * part) as u128).min(line.area() - 1);
            prop_assert!(line.guess(area).abs_diff(line.reaches(area)) <= 4);
        }

        #[test]
        fn the_area_until_the_end_is_all_of_it(line in line()) {
            prop_assert_eq!(line.area_until(line.lasts), line.area());
        }
    }
}
