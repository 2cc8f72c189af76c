//! The arrivals of a share, in order of time.

use std::{mem, time::Duration};

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
/// (a second or two for 10⁸), then one by one as it goes.
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
    let ends = (1..=open.seconds()).map(Duration::from_secs);
    match spacing {
        Spacing::Even => {
            let mut before = 0;
            ends.map(|end| {
                let until = share.below(open.count_before(end));
                u32::try_from(until - mem::replace(&mut before, until)).unwrap_or(u32::MAX)
            })
            .collect()
        }
        Spacing::Poisson => {
            let mut poisson = Poisson::new(open.trips(), seed);
            let mut areas = share
                .numbers(0..open.trips())
                .map(|number| poisson.area_before(number, open.area()))
                .peekable();
            ends.map(|end| {
                let area = open.area_at(end);
                let mut arrivals = 0_u32;
                while areas.next_if(|stands| *stands < area).is_some() {
                    arrivals = arrivals.saturating_add(1);
                }
                arrivals
            })
            .collect()
        }
    }
}
