//! Distributions that say what is missing from them.

use std::{fmt, time::Duration};

use super::{
    figures::span,
    fold::{Histogram, rank},
};

/// A percentile, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantile {
    /// Its value.
    Exact(Duration),
    /// It falls among the samples that were never seen to end: it is more than this.
    Censored(Duration),
}

impl Quantile {
    /// Milliseconds; infinitely many where the value is not known.
    #[must_use]
    pub fn ms(self) -> f64 {
        match self {
            Self::Exact(duration) => ms(duration),
            Self::Censored(_) => f64::INFINITY,
        }
    }
}

impl fmt::Display for Quantile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(duration) => f.write_str(&span(*duration)),
            Self::Censored(at_least) => write!(f, ">{} (censored)", span(*at_least)),
        }
    }
}

/// Durations that were seen, and how many were not.
///
/// A trip that was due and dropped, or cancelled under way, has a response time that nobody knows:
/// its sample is *censored*. Leaving it out would flatter the target, so percentiles count it as
/// slower than all that were seen: among `n` seen and `c` censored samples the percentile `p` has
/// the rank `p × (n + c)`, and past the `n`-th its value is only known to be more than the floor.
/// Average, least and most are of what was seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trend<'a> {
    pub(crate) seen: &'a Histogram,
    pub(crate) censored: u64,
    /// What arrivals that were dropped had waited for at least.
    pub(crate) floor: Duration,
}

impl<'a> Trend<'a> {
    /// A trend that misses nothing.
    pub(crate) fn complete(seen: &'a Histogram) -> Self {
        Self { seen, censored: 0, floor: Duration::ZERO }
    }

    /// The percentile, as far as it is known; `None` where nothing was to be seen.
    pub(crate) fn percentile(&self, percent: f64) -> Option<Quantile> {
        self.percentiles([percent]).map(|[it]| it)
    }

    /// Ascending percentiles, as far as they are known; `None` where nothing was to be seen.
    pub(crate) fn percentiles<const N: usize>(&self, percents: [f64; N]) -> Option<[Quantile; N]> {
        let all = self.seen.count().saturating_add(self.censored);
        if all == 0 {
            return None;
        }
        let at_least = self.seen.max().unwrap_or_default().max(self.floor);
        let known = self.seen.at_ranks(percents.map(|percent| rank(percent, all)));
        Some(known.map(|it| it.map_or(Quantile::Censored(at_least), Quantile::Exact)))
    }
}

/// A duration in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "days of nanoseconds are exact")]
pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 90 samples of 1 to 90 ms, and some that are censored.
    fn percentile(percent: f64, censored: u64, floor_ms: u64) -> String {
        let mut seen = Histogram::default();
        (1..=90).for_each(|n| seen.record(Duration::from_millis(n)));
        let floor = Duration::from_millis(floor_ms);
        let quantile = Trend { seen: &seen, censored, floor }.percentile(percent).unwrap();
        match quantile {
            Quantile::Exact(it) => format!("{:.0}", ms(it)),
            Quantile::Censored(_) => quantile.to_string(),
        }
    }

    #[test]
    fn censored_samples_are_slower_than_all_others() {
        assert_eq!(percentile(50.0, 0, 0), "45");
        assert_eq!(percentile(50.0, 10, 0), "50");
        assert_eq!(percentile(90.0, 10, 0), "90");
        assert_eq!(percentile(91.0, 10, 0), ">90ms (censored)");
        assert_eq!(percentile(50.0, 1000, 0), ">90ms (censored)");
    }

    #[test]
    fn what_waited_longer_than_any_was_seen_says_so() {
        assert_eq!(percentile(99.0, 10, 30_000), ">30s (censored)");
        assert_eq!(percentile(90.0, 10, 30_000), "90");
    }

    #[test]
    fn nothing_due_has_no_percentile_and_nothing_seen_an_unknown_one() {
        let seen = Histogram::default();
        assert_eq!(Trend::complete(&seen).percentile(50.0), None);
        let dropped = Trend { seen: &seen, censored: 3, floor: Duration::from_secs(5) };
        assert_eq!(dropped.percentile(50.0), Some(Quantile::Censored(Duration::from_secs(5))));
    }
}
