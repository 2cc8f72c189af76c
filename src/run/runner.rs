//! The heart: what all of a run's trips share, and how a run ends.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
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

use super::{gate::Gate, row::Row};
use crate::bus::{Bus, DropReason, Ending, Event, Message};

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

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Whether no trip may start any more.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
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
}

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
