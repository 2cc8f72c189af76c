//! The arrivals of a share, in order of time.

use std::time::Duration;

use serde::Deserialize;

use super::poisson::Poisson;
use crate::plan::{Share, volume::Open};

/// A moment at which a trip is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Its number in the whole plan, from 0.
    pub number: u64,
    /// When it is due, from the start of the plan.
    pub due: Duration,
}

/// How arrivals lie along the lines of rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Spacing {
    /// Evenly: each where the area under the lines reaches its number.
    #[default]
    Even,
    /// As independent users would arrive; as many as planned all the same.
    Poisson,
}

/// The arrivals of a share of an open volume, in order of time.
///
/// An even one is made at once and takes tens of nanoseconds per arrival. One of Poisson draws
/// every gap of the whole plan twice, whatever its share: first all of them, when it is made
/// (about ten seconds for 10⁹), then one by one as it goes.
#[derive(Debug, Clone)]
pub struct Schedule {
    open: Open,
    share: Share,
    next: u64,
    trips: u64,
    line: usize,
    poisson: Option<Poisson>,
}

impl Schedule {
    /// The arrivals of `share`; `seed` throws the dice of Poisson ones alone.
    ///
    /// Rows of one run should have seeds of their own, or their users arrive together:
    /// [`Scenario::row_seed`](crate::plan::Scenario::row_seed).
    #[must_use]
    pub fn new(open: &Open, spacing: Spacing, seed: u64, share: Share) -> Self {
        let trips = open.trips();
        let poisson = match spacing {
            Spacing::Even => None,
            Spacing::Poisson => Some(Poisson::new(trips, seed)),
        };
        Self { open: open.clone(), share, next: share.nth(0), trips, line: 0, poisson }
    }
}

impl Iterator for Schedule {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        let number = self.next;
        if number >= self.trips {
            return None;
        }
        self.next += u64::from(self.share.of());
        let area = match &mut self.poisson {
            None => self.open.area_before(number),
            Some(poisson) => poisson.area_before(number, self.open.area()),
        };
        self.line = self.open.line_of(area, self.line);
        Some(Arrival { number, due: self.open.due_in(self.line, area) })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.share.below(self.trips).saturating_sub(self.share.below(self.next));
        usize::try_from(left).map_or((usize::MAX, None), |left| (left, Some(left)))
    }
}

/// How many arrivals of a share are due in each second of the plan.
pub(in crate::plan) fn by_second(
    open: &Open,
    spacing: Spacing,
    seed: u64,
    share: Share,
) -> Vec<u32> {
    let mut seconds = Vec::new();
    match spacing {
        Spacing::Even => {
            let mut before = 0;
            for second in 1..=open.seconds() {
                let until = share.below(open.count_before(Duration::from_secs(second)));
                seconds.push(u32::try_from(until - before).unwrap_or(u32::MAX));
                before = until;
            }
        }
        Spacing::Poisson => {
            seconds.resize(usize::try_from(open.seconds()).unwrap_or(usize::MAX), 0);
            for arrival in Schedule::new(open, spacing, seed, share) {
                let second = usize::try_from(arrival.due.as_secs()).unwrap_or(usize::MAX);
                if let Some(arrivals) = seconds.get_mut(second) {
                    *arrivals = arrivals.saturating_add(1);
                }
            }
        }
    }
    seconds
}
