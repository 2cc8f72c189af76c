//! The open model: trips arrive at a rate, whatever the target does.

use std::time::Duration;

use super::{
    error::Fault,
    line::Line,
    stage::{Stage, check, length, nanos, peak},
};
use crate::quantity::{Rate, gcd};

/// The most trips that a volume may come to.
pub const TRIPS_MAX: u64 = 1_000_000_000_000;

/// Straight lines of rate; the area under them is the number of arrivals.
///
/// Arrival `n`, from 0, exists if the whole area is more than `n`. It is due at the last
/// nanosecond at which the area is not more than `n`: the exact root rounded down, and the end
/// of a wait rather than its start. Hence `due(n) < t` just when `area(t) > n`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    stages: Vec<Stage<Rate>>,
    limit: Option<u64>,
    lines: Vec<Line>,
    /// Doubled pieces that make an arrival.
    arrival: u128,
    /// Doubled pieces of the whole plan.
    area: u128,
    lasts: u64,
}

impl Open {
    pub(super) fn new(stages: Vec<Stage<Rate>>) -> Result<Self, (usize, Fault)> {
        check(&stages)?;
        let denominator = denominator(&stages)?;
        let arrival = 2 * u128::from(denominator);
        let mut lines: Vec<Line> = Vec::with_capacity(stages.len());
        let (mut starts, mut area) = (0, 0);
        for (index, stage) in stages.iter().enumerate() {
            let pieces = |rate: Rate| rate.fraction().0 * (denominator / rate.fraction().1);
            let (from, to) = (pieces(stage.from), pieces(stage.to));
            let line = Line { starts, lasts: nanos(stage.lasts), from, to, before: area };
            starts += line.lasts;
            area += line.area();
            lines.push(line);
            if area > u128::from(TRIPS_MAX) * arrival {
                return Err((index, Fault::TooManyTrips));
            }
        }
        Ok(Self { stages, limit: None, lines, arrival, area, lasts: starts })
    }

    /// So many trips and not one more, at a rate.
    pub(super) fn trips_at(trips: u64, rate: Rate) -> Result<Self, Fault> {
        let (arrivals, period) = rate.fraction();
        if trips == 0 {
            return Err(Fault::NoTrips);
        }
        if rate.is_zero() {
            return Err(Fault::Nothing);
        }
        let nanos = (u128::from(trips) * u128::from(period)).div_ceil(u128::from(arrivals));
        let nanos = u64::try_from(nanos).map_err(|_| Fault::TooLong)?;
        let stage = Stage { from: rate, to: rate, lasts: Duration::from_nanos(nanos) };
        let mut open = Self::new(vec![stage]).map_err(|(_, fault)| fault)?;
        open.area = open.area.min(u128::from(trips) * open.arrival);
        open.limit = Some(trips);
        Ok(open)
    }

    /// Its stages.
    #[must_use]
    pub fn stages(&self) -> &[Stage<Rate>] {
        &self.stages
    }

    /// The number of trips it was written with, as in `1000 trips at 20/s`.
    #[must_use]
    pub fn limit(&self) -> Option<u64> {
        self.limit
    }

    /// Its length.
    #[must_use]
    pub fn duration(&self) -> Duration {
        length(&self.stages)
    }

    /// Its highest rate.
    #[must_use]
    pub fn peak(&self) -> Rate {
        peak(&self.stages)
    }

    /// How many trips arrive.
    #[must_use]
    pub fn trips(&self) -> u64 {
        self.arrivals_in(self.area)
    }

    /// When arrival `number`, from 0, is due; `None` if there is no such arrival.
    #[must_use]
    pub fn due(&self, number: u64) -> Option<Duration> {
        let area = u128::from(number) * self.arrival;
        (area < self.area).then(|| {
            let line = self.lines.partition_point(|line| line.before + line.area() <= area);
            self.due_in(line, area)
        })
    }

    /// How many arrivals are due before `time`.
    #[must_use]
    pub fn count_before(&self, time: Duration) -> u64 {
        self.arrivals_in(self.area_at(time))
    }

    /// The area before `time`, rounded up: arrivals that stand below it are due before.
    pub(in crate::plan) fn area_at(&self, time: Duration) -> u128 {
        let time = nanos(time);
        if time >= self.lasts {
            return self.area;
        }
        let after = self.lines.partition_point(|line| line.starts <= time);
        let line = &self.lines[after - 1];
        self.area.min(line.before + line.area_until(time - line.starts))
    }

    /// Its length in seconds, the last of which may be cut short.
    pub(in crate::plan) fn seconds(&self) -> u64 {
        self.lasts.div_ceil(1_000_000_000)
    }

    /// The area at which an arrival is due.
    pub(in crate::plan) fn area_before(&self, number: u64) -> u128 {
        u128::from(number) * self.arrival
    }

    /// The area under the whole plan.
    pub(in crate::plan) fn area(&self) -> u128 {
        self.area
    }

    /// The line, `from` or later, in which an area is passed that is less than the whole.
    pub(in crate::plan) fn line_of(&self, area: u128, mut from: usize) -> usize {
        while self.lines[from].before + self.lines[from].area() <= area {
            from += 1;
        }
        from
    }

    /// When an area is passed that is within the line.
    pub(in crate::plan) fn due_in(&self, line: usize, area: u128) -> Duration {
        let line = &self.lines[line];
        Duration::from_nanos(line.starts + line.reaches(area - line.before))
    }

    fn arrivals_in(&self, area: u128) -> u64 {
        u64::try_from(area.div_ceil(self.arrival)).expect("a plan has at most 10^12 trips")
    }
}

/// The least common denominator of all rates, in nanoseconds.
fn denominator(stages: &[Stage<Rate>]) -> Result<u64, (usize, Fault)> {
    let mut common = 1_u64;
    for (index, stage) in stages.iter().enumerate() {
        for rate in [stage.from, stage.to] {
            let (wide, nanos) = (u128::from(common), u128::from(rate.fraction().1));
            let least = wide / gcd(wide, nanos) * nanos;
            common = u64::try_from(least).map_err(|_| (index, Fault::Unlike))?;
        }
    }
    Ok(common)
}
