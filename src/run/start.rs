//! Who starts next: arrivals that have a slot and a row of data, the one that was due first.

use std::{sync::Arc, time::Duration};

use super::{gate::Waiting, row::Loan, runner::Runner, trip::Slot};
use crate::{
    bus::{DropReason, Ending, Event, TripId},
    datapool::RawLease,
    plan::Arrival,
};

/// A wait below this is the time that taking a slot itself takes.
const JITTER: Duration = Duration::from_micros(1);

impl Runner {
    /// Arrivals are due: each starts, waits or is dropped.
    pub(super) fn arrive(self: &Arc<Self>, row: u16, arrivals: &[Arrival]) {
        let now = self.now();
        let taken_in = self.gate(row).arrive(arrivals, now);
        self.pump(row);
        let refused = &arrivals[taken_in..];
        if let Some(first) = refused.first() {
            self.dropped(row, first.due, refused.len() as u64, DropReason::Backlog);
        }
    }

    /// Starts whatever may start in a row.
    fn pump(self: &Arc<Self>, row: u16) {
        while self.start_next(row) {}
    }

    /// Starts whatever may start in rows that borrow from one pool: whoever has been due longest
    /// first, or the first of the rows would take every row of data that comes back.
    fn pump_all(self: &Arc<Self>, rows: &[u16]) {
        if let &[row] = rows {
            return self.pump(row);
        }
        let due =
            |row: u16| Some((self.gate(row).next(self.row(row).max_in_flight)?.arrival.due, row));
        while let Some((_, row)) = rows.iter().filter_map(|row| due(*row)).min() {
            if !self.start_next(row) {
                return;
            }
        }
    }

    /// Starts the next arrival of a row; `false` if it has none that may start.
    fn start_next(self: &Arc<Self>, row: u16) -> bool {
        let Some((waiting, lent)) = self.take_next(row) else { return false };
        let queued = match self.now().saturating_sub(waiting.since) {
            short if short < JITTER => Duration::ZERO,
            queued => queued,
        };
        let slot = Slot::new(Arc::clone(self), row, waiting.arrival);
        let trip = self.runtime().spawn(slot.travel(lent, queued));
        self.gate(row).abort_with(waiting.arrival.number, trip.abort_handle());
        true
    }

    /// The next arrival of a row that has a slot, with the row of data it needs.
    fn take_next(&self, row: u16) -> Option<(Waiting, Option<RawLease>)> {
        if self.is_closed() {
            return None;
        }
        let plan = self.row(row);
        let mut gate = self.gate(row);
        let waiting = gate.next(plan.max_in_flight)?;
        let lent = match plan.lend() {
            Loan::Nothing => None,
            Loan::Row(lent) => Some(lent),
            Loan::Later => return None,
            Loan::Never(reason) => {
                drop(gate);
                self.drop_waiting(row, reason);
                return None;
            }
            Loan::Fail(pool) => {
                self.fail(Ending::DatapoolExhausted(pool));
                return None;
            }
        };
        gate.start_next();
        Some((waiting, lent))
    }

    /// Drops what has waited for too long.
    pub(super) fn expire(&self, row: u16) {
        let now = self.now();
        let plan = self.row(row);
        loop {
            let mut gate = self.gate(row);
            let (limit, reason) = if gate.next(plan.max_in_flight).is_none() {
                (plan.max_backlog, DropReason::Backlog)
            } else {
                plan.patience()
            };
            let Some(expired) = gate.expire(limit, now) else { return };
            drop(gate);
            self.dropped(row, expired.arrival.due, 1, reason);
        }
    }

    pub(super) fn drop_waiting(&self, row: u16, reason: DropReason) {
        let waiting = self.gate(row).clear();
        for waiting in waiting {
            self.dropped(row, waiting.arrival.due, 1, reason);
        }
    }

    /// Counts arrivals that will never start.
    pub(super) fn dropped(&self, row: u16, due: Duration, count: u64, reason: DropReason) {
        if count > 0 {
            self.tell(Event::Dropped { row, due, count, reason });
        }
    }

    /// A trip is over: its slot and its row are free for whoever waits for them.
    pub(super) fn ended(self: &Arc<Self>, trip: TripId) {
        self.gate(trip.row).end(trip.number);
        let plan = self.row(trip.row);
        self.pump_all(&plan.neighbours);
        if plan.pool.is_some() {
            plan.returned.notify_one();
        }
        self.freed().notify_waiters();
    }

    /// Lends what is free to whoever waits: a trip may give its row back before it ends.
    pub(super) fn lend_again(self: &Arc<Self>, row: u16) {
        let plan = self.row(row);
        if plan.has_free() {
            self.pump(row);
            plan.returned.notify_waiters();
        }
    }
}
