//! What became of the trips of a row: started, ended, dropped, and how late.

use std::{collections::BTreeMap, time::Duration};

use super::{Histogram, Merge, Timing};
use crate::bus::DropReason;

/// How much later than the plan ends a trip may begin and still be in time.
const GRACE: Duration = Duration::from_secs(1);

/// What became of the trips of a row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trips {
    pub(crate) started: u64,
    /// Those that began before the plan was over.
    pub(crate) started_in_time: u64,
    pub(crate) dropped: BTreeMap<DropReason, u64>,
    pub(crate) timing: Timing,
    /// The part of the lag spent waiting for a slot or a row.
    pub(crate) queued: Histogram,
    /// The rest of the lag, which is the generator's own.
    pub(crate) own: Histogram,
}

impl Trips {
    /// A trip began at a time, in a plan of a length.
    pub(crate) fn start(&mut self, at: Duration, plan: Duration, lag: Duration, queued: Duration) {
        self.started += 1;
        self.started_in_time += u64::from(at < plan.saturating_add(GRACE));
        self.queued.record(queued);
        self.own.record(lag.saturating_sub(queued));
    }

    /// Trips were due and will never start.
    pub(crate) fn drop_some(&mut self, count: u64, reason: DropReason) {
        let dropped = self.dropped.entry(reason).or_default();
        *dropped = dropped.saturating_add(count);
    }

    pub(crate) fn dropped_for(&self, reason: DropReason) -> u64 {
        self.dropped.get(&reason).copied().unwrap_or(0)
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Those that users would have missed: all that were dropped, but where the plan asked to end
    /// with the datapool, and those that were not due when the run was stopped.
    pub(crate) fn missed(&self) -> u64 {
        let nobodys = [DropReason::DatapoolStop, DropReason::NotReached];
        self.dropped() - nobodys.into_iter().map(|reason| self.dropped_for(reason)).sum::<u64>()
    }

    /// Those whose response time is not known: never begun, or never ended.
    pub(crate) fn censored(&self) -> u64 {
        self.missed().saturating_add(self.timing.cancelled)
    }
}

impl Merge for Trips {
    fn merge(&mut self, other: &Self) {
        self.started += other.started;
        self.started_in_time += other.started_in_time;
        other.dropped.iter().for_each(|(reason, count)| self.drop_some(*count, *reason));
        self.timing.merge(&other.timing);
        self.queued.merge(&other.queued);
        self.own.merge(&other.own);
    }
}
