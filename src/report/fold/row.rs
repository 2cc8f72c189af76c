//! What the messages of one row of the plan come to.

use std::{borrow::Cow, sync::Arc, time::Duration};

use super::{
    Bounded, ErrorGroup, ErrorKey, Histogram, Lived, Merge, Requests, Timing, Trips, Waits,
    waits::Wait,
};
use crate::bus::{End, Measured};

pub(super) const TRANSACTIONS_MAX: usize = 1_000;
pub(super) const ERROR_GROUPS_MAX: usize = 200;
pub(super) const KINDS_MAX: usize = 100;
/// Each may take 135 KB.
pub(super) const MEASURED_MAX: usize = 64;

/// What the messages of one row come to.
#[derive(Debug, Clone)]
pub(crate) struct RowTally {
    /// Length of the plan; without end until the header has told it.
    pub(crate) plan: Duration,
    pub(crate) trips: Trips,
    pub(crate) transactions: Bounded<Arc<str>, Timing, TRANSACTIONS_MAX>,
    pub(crate) requests: Requests,
    /// Messages of the journeys' own, by kind.
    pub(crate) sent: Bounded<Arc<str>, u64, KINDS_MAX>,
    /// Durations that journeys measured, by name.
    pub(crate) measured: Bounded<Cow<'static, str>, Histogram, MEASURED_MAX>,
    /// Waits for answers, by the transaction they were part of.
    pub(crate) waits: Bounded<Arc<str>, Waits, TRANSACTIONS_MAX>,
    pub(crate) errors: Bounded<ErrorKey, ErrorGroup, ERROR_GROUPS_MAX>,
}

impl Default for RowTally {
    fn default() -> Self {
        Self {
            plan: Duration::MAX,
            trips: Trips::default(),
            transactions: Bounded::default(),
            requests: Requests::default(),
            sent: Bounded::default(),
            measured: Bounded::default(),
            waits: Bounded::default(),
            errors: Bounded::default(),
        }
    }
}

impl RowTally {
    pub(crate) fn start(&mut self, at: Duration, lag: Duration, queued: Duration) {
        self.trips.start(at, self.plan, lag, queued);
    }

    pub(crate) fn end_transaction(&mut self, name: &Arc<str>, lived: Lived, end: &End) {
        self.transactions.update(name, |timing| timing.end(lived, end));
        self.note_error(Some(name), lived.at, end);
    }

    pub(crate) fn measure(&mut self, transaction: Option<&Arc<str>>, values: &[Measured]) {
        for it in values {
            self.measured.update(&it.name, |all| all.record(it.took));
        }
        if let Some((name, wait)) = transaction.zip(Wait::among(values)) {
            self.waits.update(name, |waits| waits.add(wait));
        }
    }

    pub(crate) fn end_trip(&mut self, lived: Lived, end: &End) {
        self.trips.timing.end(lived, end);
        self.note_error(None, lived.at, end);
    }

    /// Only the level that tells a failure first has its message: so each is counted once.
    fn note_error(&mut self, transaction: Option<&Arc<str>>, at: Duration, end: &End) {
        if let End::Failed { kind, message: Some(message) } = end {
            let key = (Arc::clone(kind), transaction.cloned());
            self.errors.update(&key, |group| group.add(at, message));
        }
    }
}

impl Merge for RowTally {
    fn merge(&mut self, other: &Self) {
        self.plan = self.plan.min(other.plan);
        self.trips.merge(&other.trips);
        self.transactions.merge(&other.transactions);
        self.requests.merge(&other.requests);
        self.sent.merge(&other.sent);
        self.measured.merge(&other.measured);
        self.waits.merge(&other.waits);
        self.errors.merge(&other.errors);
    }
}
