//! A row of the plan with all it needs at hand: journey, datapool, limits.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    bus::DropReason,
    datapool::{DataPool, RawLease},
    journey::{Journey, Surroundings},
    plan::{Volume, scenario::OnEmpty},
};

/// A row of the plan, ready to run.
pub(super) struct Row {
    pub(super) index: u16,
    pub(super) journey: Journey,
    pub(super) pool: Option<(Arc<DataPool>, OnEmpty)>,
    pub(super) volume: Volume,
    pub(super) max_in_flight: usize,
    pub(super) max_backlog: Duration,
    pub(super) max_trip: Duration,
    pub(super) around: Arc<Surroundings>,
    /// The rows that may start a trip when one of this row ends: itself, and those that
    /// borrow from the same pool.
    pub(super) neighbours: Vec<u16>,
    /// Rung when a row of data may be free again, for one of the users who wait for it; the
    /// neighbours share it.
    pub(super) returned: Arc<Notify>,
    /// Set when the pool has no more rows for this row of the plan.
    pub(super) over: OnceLock<DropReason>,
}

/// What a pool answers to a trip that wants to start.
pub(super) enum Loan {
    /// The journey needs no row.
    Nothing,
    /// A row, lent.
    Row(RawLease),
    /// None is free now.
    Later,
    /// None will be lent to this row again: what it still plans is dropped for this reason.
    Never(DropReason),
    /// None is free in the pool of this name, and that ends the run.
    Fail(String),
}

impl Row {
    /// Asks the pool for a row.
    pub(super) fn lend(&self) -> Loan {
        let Some((pool, on_empty)) = &self.pool else { return Loan::Nothing };
        match (pool.checkout(), on_empty) {
            (Some(lent), _) => Loan::Row(lent),
            (None, OnEmpty::Fail) => Loan::Fail(pool.name().into()),
            (None, OnEmpty::Stop) => self.never(DropReason::DatapoolStop),
            (None, OnEmpty::Wait(_)) if pool.is_exhausted() => {
                self.never(DropReason::DatapoolEmpty)
            }
            (None, OnEmpty::Wait(_)) => Loan::Later,
        }
    }

    fn never(&self, reason: DropReason) -> Loan {
        Loan::Never(*self.over.get_or_init(|| reason))
    }

    /// Whether the pool has a row to lend.
    pub(super) fn has_free(&self) -> bool {
        self.pool.as_ref().is_some_and(|(pool, _)| pool.free() > 0)
    }

    /// Why the row's pool has ended it, if it has.
    pub(super) fn over(&self) -> Option<DropReason> {
        self.over.get().copied()
    }

    /// How long an arrival that has a slot waits for a row, and what it is dropped for then.
    pub(super) fn patience(&self) -> (Duration, DropReason) {
        match self.pool {
            Some((_, OnEmpty::Wait(limit))) => (limit, DropReason::DatapoolEmpty),
            _ => (self.max_backlog, DropReason::Backlog),
        }
    }
}
