//! Durations, counted: percentiles to three digits; sum, least and most exactly.

use std::time::Duration;

use hdrhistogram::Histogram as Counters;

use super::Merge;

const DIGITS: u8 = 3;
/// Longer durations count as an hour.
const NANOS_MAX: u64 = 3_600_000_000_000;

/// Durations from a nanosecond to an hour, whose percentiles merge without loss.
///
/// The counters grow with the longest duration seen: none at first, 86 KB up to a second, 135 KB
/// up to an hour. Microseconds of a fixed range would take 184 KB each, and could not tell a
/// lateness of 0.3 µs from none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Histogram(Option<Box<Recorded>>);

#[derive(Debug, Clone)]
struct Recorded {
    counters: Counters<u32>,
    nanos_sum: u128,
    nanos_min: u64,
    nanos_max: u64,
}

impl Histogram {
    /// Counts a duration.
    pub(crate) fn record(&mut self, duration: Duration) {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let all = self.0.get_or_insert_with(|| Box::new(Recorded::empty()));
        all.counters.record(nanos.min(NANOS_MAX)).expect("an hour in nanoseconds has a counter");
        all.nanos_sum += u128::from(nanos);
        all.nanos_min = all.nanos_min.min(nanos);
        all.nanos_max = all.nanos_max.max(nanos);
    }

    /// How many were counted.
    pub(crate) fn count(&self) -> u64 {
        self.0.as_ref().map_or(0, |all| all.counters.len())
    }

    /// The shortest, exactly.
    pub(crate) fn min(&self) -> Option<Duration> {
        self.0.as_ref().map(|all| Duration::from_nanos(all.nanos_min))
    }

    /// The longest, exactly.
    pub(crate) fn max(&self) -> Option<Duration> {
        self.0.as_ref().map(|all| Duration::from_nanos(all.nanos_max))
    }

    /// The average, exactly.
    pub(crate) fn avg(&self) -> Option<Duration> {
        let all = self.0.as_ref()?;
        let nanos = all.nanos_sum / u128::from(all.counters.len());
        Some(Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
    }

    /// The shortest of each rank, counted from 1 and ascending; `None` past the last.
    pub(crate) fn at_ranks<const N: usize>(&self, ranks: [u64; N]) -> [Option<Duration>; N] {
        let mut found = [None; N];
        let Some(all) = &self.0 else { return found };
        let mut wanted = ranks.into_iter().zip(&mut found).peekable();
        let mut passed = 0;
        for step in all.counters.iter_recorded() {
            passed += step.count_since_last_iteration();
            let nanos = step.value_iterated_to().clamp(all.nanos_min, all.nanos_max);
            while let Some((_, at_rank)) = wanted.next_if(|(rank, _)| *rank <= passed) {
                *at_rank = Some(Duration::from_nanos(nanos));
            }
            if wanted.peek().is_none() {
                break;
            }
        }
        found
    }

    /// The value that `percent` of those counted do not exceed.
    pub(crate) fn percentile(&self, percent: f64) -> Option<Duration> {
        self.at_ranks([rank(percent, self.count())])[0]
    }
}

impl Merge for Histogram {
    fn merge(&mut self, other: &Self) {
        let Some(other) = &other.0 else { return };
        let Some(all) = &mut self.0 else {
            self.0 = Some(other.clone());
            return;
        };
        all.counters.add(&other.counters).expect("an hour in nanoseconds has a counter");
        all.nanos_sum += other.nanos_sum;
        all.nanos_min = all.nanos_min.min(other.nanos_min);
        all.nanos_max = all.nanos_max.max(other.nanos_max);
    }
}

impl Recorded {
    fn empty() -> Self {
        let counters = Counters::new(DIGITS).expect("three digits are possible");
        Self { counters, nanos_sum: 0, nanos_min: u64::MAX, nanos_max: 0 }
    }
}

/// The rank, from 1, of a percentile among `count` samples.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank is between 1 and the count, and counts stay far below 2^52"
)]
pub(crate) fn rank(percent: f64, count: u64) -> u64 {
    // 95 % of 1600 is 1520 and not the 1521 that a rounding error in the last digit would make it.
    let exact = percent / 100.0 * count as f64 - 1e-6;
    (exact.ceil().max(1.0) as u64).min(count.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(nanos: impl IntoIterator<Item = u64>) -> Histogram {
        let mut histogram = Histogram::default();
        nanos.into_iter().for_each(|it| histogram.record(Duration::from_nanos(it)));
        histogram
    }

    #[test]
    fn a_percentile_is_a_rank_rounded_up() {
        for (percent, count, expected) in
            [(50.0, 1, 1), (95.0, 1600, 1520), (99.9, 1000, 999), (99.9, 1001, 1000), (0.0, 9, 1)]
        {
            assert_eq!(rank(percent, count), expected, "{percent} of {count}");
        }
    }

    #[test]
    fn small_durations_are_exact_and_large_ones_right_to_three_digits() {
        assert_eq!(of(1..=1000).percentile(99.0), Some(Duration::from_nanos(990)));
        let seconds = of((1..=100).map(|s| s * 1_000_000_000));
        let p99 = seconds.percentile(99.0).unwrap().as_secs_f64();
        assert!((98.9..=99.1).contains(&p99), "{p99}");
    }

    #[test]
    fn least_most_and_average_are_exact_whatever_the_digits() {
        let histogram = of([123_456_789, 987_654_321]);
        assert_eq!(histogram.min(), Some(Duration::from_nanos(123_456_789)));
        assert_eq!(histogram.max(), Some(Duration::from_nanos(987_654_321)));
        assert_eq!(histogram.avg(), Some(Duration::from_nanos(555_555_555)));
        assert_eq!(histogram.percentile(100.0), histogram.max());
    }

    #[test]
    fn more_than_an_hour_counts_as_an_hour() {
        let histogram = of([u64::MAX, 1]);
        assert_eq!(histogram.count(), 2);
        assert_eq!(histogram.max(), Some(Duration::from_nanos(u64::MAX)));
        let median = histogram.at_ranks([2])[0].unwrap().as_secs_f64();
        assert!((3600.0..3604.0).contains(&median), "{median}");
    }

    #[test]
    fn nothing_counted_has_no_percentile() {
        assert_eq!(of([]).percentile(50.0), None);
        assert_eq!(of([]).avg(), None);
        assert_eq!(of([7]).at_ranks([1, 2]), [Some(Duration::from_nanos(7)), None]);
    }
}
