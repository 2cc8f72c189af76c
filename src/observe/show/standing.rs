//! How far a run is, counted from its messages.

use std::time::Duration;

use crate::bus::{End, Event, Message, Model, Row, Run};

/// How far a run is.
#[derive(Default)]
pub(super) struct Standing {
    /// The latest time that was heard of.
    pub(super) at: Duration,
    pub(super) rows: Vec<RowStanding>,
    ticked: Duration,
}

/// How far a row of the plan is.
pub(super) struct RowStanding {
    pub(super) plan: Row,
    pub(super) started: u64,
    pub(super) ended: u64,
    pub(super) failed: u64,
    pub(super) dropped: u64,
    /// What the plan wanted in the last whole second: arrivals, or users.
    pub(super) wanted: u64,
    /// Trips that ended in the last second, in tenths per second.
    pub(super) done: Tenths,
    /// How late trips began in the last second, at worst.
    pub(super) lag: Duration,
    /// The same, in the second that is not over.
    lag_so_far: Duration,
    ended_by_tick: u64,
}

/// A number to one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tenths(pub(super) u64);

impl Standing {
    pub(super) fn new(run: &Run) -> Self {
        Self { rows: run.rows.iter().map(RowStanding::new).collect(), ..Self::default() }
    }

    /// Counts a message.
    pub(super) fn count(&mut self, message: &Message) {
        self.at = self.at.max(message.at);
        match &message.event {
            Event::Started { trip, lag, .. } => {
                if let Some(row) = self.row(trip.row) {
                    row.started += 1;
                    row.lag_so_far = row.lag_so_far.max(*lag);
                }
            }
            Event::Ended { trip, end, .. } => {
                if let Some(row) = self.row(trip.row) {
                    row.ended += 1;
                    row.failed += u64::from(matches!(end, End::Failed { .. }));
                }
            }
            Event::Dropped { row, count, .. } => {
                if let Some(row) = self.row(*row) {
                    row.dropped = row.dropped.saturating_add(*count);
                }
            }
            Event::Health(_) => self.tick(),
            Event::Began(_)
            | Event::Transaction { .. }
            | Event::Request { .. }
            | Event::Recorded { .. }
            | Event::Purged { .. }
            | Event::Sent { .. }
            | Event::Measured { .. }
            | Event::Exchange { .. }
            | Event::Unheard { .. }
            | Event::Stalled { .. }
            | Event::Draining(_)
            | Event::Finished => {}
        }
    }

    /// Trips that are under way, of all rows together.
    pub(super) fn in_flight(&self) -> u64 {
        self.rows.iter().map(RowStanding::in_flight).sum()
    }

    /// Length of the plan.
    pub(super) fn duration(&self) -> Duration {
        self.rows.iter().map(|row| row.plan.duration).max().unwrap_or_default()
    }

    fn row(&mut self, row: u16) -> Option<&mut RowStanding> {
        self.rows.get_mut(usize::from(row))
    }

    /// Ends a second: its rates are those that are shown until the next has ended.
    fn tick(&mut self) {
        let window = self.at.saturating_sub(self.ticked);
        if window.is_zero() {
            return;
        }
        self.ticked = self.at;
        let second = whole_seconds(self.at).saturating_sub(1);
        for row in &mut self.rows {
            row.wanted = wanted(&row.plan, second);
            row.done = Tenths::rate(row.ended - row.ended_by_tick, window);
            row.ended_by_tick = row.ended;
            row.lag = std::mem::take(&mut row.lag_so_far);
        }
    }
}

impl RowStanding {
    fn new(plan: &Row) -> Self {
        Self {
            plan: plan.clone(),
            started: 0,
            ended: 0,
            failed: 0,
            dropped: 0,
            wanted: 0,
            done: Tenths(0),
            lag: Duration::ZERO,
            lag_so_far: Duration::ZERO,
            ended_by_tick: 0,
        }
    }

    /// Trips under way; an end may be heard of before its start.
    pub(super) fn in_flight(&self) -> u64 {
        self.started.saturating_sub(self.ended)
    }

    /// Whether the row is a number of trips that take as long as they take.
    pub(super) fn counts_trips(&self) -> Option<u64> {
        self.plan.planned.filter(|_| self.plan.model == Model::Closed)
    }
}

/// What the plan wants in a second; a row that takes as long as it takes keeps its users.
fn wanted(plan: &Row, second: u64) -> u64 {
    let planned = usize::try_from(second).ok().and_then(|second| plan.by_second.get(second));
    match planned.or(plan.by_second.last()) {
        _ if planned.is_none() && !plan.duration.is_zero() => 0,
        Some(&wanted) => u64::from(wanted),
        None => plan.max_in_flight,
    }
}

impl Tenths {
    /// So many in a time that is not zero, per second.
    fn rate(count: u64, window: Duration) -> Self {
        let nanos = window.as_nanos();
        let tenths = (u128::from(count) * 10_000_000_000 + nanos / 2) / nanos;
        Self(u64::try_from(tenths).unwrap_or(u64::MAX))
    }
}

/// The nearest whole second: health comes a moment after each.
pub(super) fn whole_seconds(at: Duration) -> u64 {
    at.saturating_add(Duration::from_millis(500)).as_secs()
}
