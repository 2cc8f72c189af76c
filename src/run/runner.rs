//! The heart: arrivals come in, trips start when there is a slot and a row, all are accounted for.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{Notify, watch},
    task::AbortHandle,
    time::Instant,
};

use super::{
    gate::{Gate, Waiting},
    row::{Loan, Row},
    trip::Slot,
};
use crate::{
    bus::{Bus, DropReason, Ending, Event, Message, TripId},
    datapool::RawLease,
    plan::Arrival,
};

/// All rows of a run at work.
pub(super) struct Runner {
    rows: Vec<Row>,
    gates: Vec<Mutex<Gate>>,
    bus: Bus,
    began: Instant,
    runtime: Handle,
    stopping: watch::Sender<bool>,
    /// Set when no trip may start any more, not even one that waits.
    closed: AtomicBool,
    /// What ends the run before its plan does.
    fatal: Mutex<Option<Ending>>,
    users: Mutex<Vec<AbortHandle>>,
    /// Rung when a trip ends: the run may be idle.
    freed: Notify,
    /// The longest that the pacer overslept since somebody last asked, in nanoseconds.
    overslept: AtomicU64,
}

impl Runner {
    /// Must be called within the runtime that trips shall run on.
    pub(super) fn new(
        rows: Vec<Row>,
        bus: Bus,
        began: Instant,
        stopping: watch::Sender<bool>,
    ) -> Self {
        Self {
            gates: rows.iter().map(|_| Mutex::default()).collect(),
            rows,
            bus,
            began,
            runtime: Handle::current(),
            stopping,
            closed: AtomicBool::new(false),
            fatal: Mutex::default(),
            users: Mutex::default(),
            freed: Notify::new(),
            overslept: AtomicU64::new(0),
        }
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(super) fn row(&self, index: u16) -> &Row {
        &self.rows[usize::from(index)]
    }

    pub(super) fn freed(&self) -> &Notify {
        &self.freed
    }

    /// Time since the run began.
    pub(super) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    pub(super) fn began(&self) -> Instant {
        self.began
    }

    pub(super) fn time_of(&self, moment: Instant) -> Duration {
        moment.saturating_duration_since(self.began)
    }

    pub(super) fn tell(&self, event: Event) {
        self.bus.publish(Message { at: self.now(), event });
    }

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
        while let Some((waiting, lent)) = self.take_next(row) {
            let queued = match self.now().saturating_sub(waiting.since) {
                short if short < JITTER => Duration::ZERO,
                queued => queued,
            };
            let slot = Slot::new(Arc::clone(self), row, waiting.arrival);
            let trip = self.runtime.spawn(slot.travel(lent, queued));
            self.gate(row).abort_with(waiting.arrival.number, trip.abort_handle());
        }
    }

    /// The next arrival of a row that has a slot, with the row of data it needs.
    fn take_next(&self, row: u16) -> Option<(Waiting, Option<RawLease>)> {
        if self.closed.load(Ordering::Acquire) {
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

    fn drop_waiting(&self, row: u16, reason: DropReason) {
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
        for &row in &plan.neighbours {
            self.pump(row);
        }
        if plan.pool.is_some() {
            plan.returned.notify_one();
        }
        self.freed.notify_waiters();
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

/// A wait below this is the time that taking a slot itself takes.
const JITTER: Duration = Duration::from_micros(1);

/// The end of a run.
impl Runner {
    /// Lets no further trip be planned; those that wait may still start.
    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
        self.freed.notify_waiters();
        self.rows.iter().for_each(|row| row.returned.notify_waiters());
    }

    /// Waits until [`stop`](Self::stop).
    pub(super) async fn until_stopping(&self) {
        // The sender is ours, so waiting ends only when it says so.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    pub(super) fn stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Lets no further trip start, and drops those that wait.
    pub(super) fn close(&self, reason: DropReason) {
        self.stop();
        self.closed.store(true, Ordering::Release);
        for row in &self.rows {
            self.drop_waiting(row.index, reason);
        }
    }

    /// Ends all that is under way, wherever it is.
    pub(super) fn abort(&self) {
        let users = std::mem::take(&mut *lock(&self.users));
        let trips = self.rows.iter().flat_map(|row| self.gate(row.index).take_abort_handles());
        users.into_iter().chain(trips.collect::<Vec<_>>()).for_each(|task| task.abort());
    }

    /// Ends the run before its plan does; the first reason counts.
    pub(super) fn fail(&self, ending: Ending) {
        lock(&self.fatal).get_or_insert(ending);
    }

    /// What ends the run before its plan does, a failed subscriber included.
    pub(super) fn fatal(&self) -> Option<Ending> {
        let fatal = lock(&self.fatal).clone();
        fatal.or_else(|| self.bus.failure().map(Ending::SubscriberFailed))
    }
}

/// Who is under way.
impl Runner {
    pub(super) fn gate(&self, row: u16) -> MutexGuard<'_, Gate> {
        lock(&self.gates[usize::from(row)])
    }

    pub(super) fn add_user(&self, user: AbortHandle) {
        let mut users = lock(&self.users);
        // Users who left are forgotten before room is made for more.
        if users.len() == users.capacity() {
            users.retain(|user| !user.is_finished());
        }
        users.push(user);
    }

    /// Users at work, between trips as well as in them.
    pub(super) fn users(&self) -> usize {
        let mut users = lock(&self.users);
        users.retain(|user| !user.is_finished());
        users.len()
    }

    pub(super) fn in_flight(&self) -> usize {
        self.rows.iter().map(|row| self.gate(row.index).in_flight()).sum()
    }

    pub(super) fn backlog(&self) -> usize {
        self.rows.iter().map(|row| self.gate(row.index).backlog()).sum()
    }

    /// Notes how late the pacer woke.
    pub(super) fn overslept(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        self.overslept.fetch_max(by, Ordering::Relaxed);
    }

    /// The longest that the pacer overslept since this was last asked.
    pub(super) fn take_overslept(&self) -> Duration {
        Duration::from_nanos(self.overslept.swap(0, Ordering::Relaxed))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
