//! How something that has a due time ended, and how long it took.

use std::time::Duration;

use super::{Histogram, Merge};
use crate::bus::End;

/// The times of one trip or transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lived {
    /// When it ended.
    pub(crate) at: Duration,
    /// Actual start minus due time.
    pub(crate) lag: Duration,
    /// From its actual start to its end.
    pub(crate) service: Duration,
}

/// How often, how it ended, and how long it took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timing {
    pub(crate) done: u64,
    pub(crate) failed: u64,
    /// Their response is not known, but that it would have been longer than they lived.
    pub(crate) cancelled: u64,
    /// From due time to end, of those that were not cancelled.
    pub(crate) response: Histogram,
    /// From actual start to end, of those that were not cancelled.
    pub(crate) service: Histogram,
    /// From due time to actual start, of all.
    pub(crate) lag: Histogram,
}

impl Timing {
    pub(crate) fn end(&mut self, lived: Lived, end: &End) {
        self.lag.record(lived.lag);
        match end {
            End::Done => self.done += 1,
            End::Failed { .. } => self.failed += 1,
            End::Cancelled => {
                self.cancelled += 1;
                return;
            }
        }
        self.service.record(lived.service);
        self.response.record(lived.lag.saturating_add(lived.service));
    }

    /// Those that were not cancelled.
    pub(crate) fn completed(&self) -> u64 {
        self.done + self.failed
    }
}

impl Merge for Timing {
    fn merge(&mut self, other: &Self) {
        self.done += other.done;
        self.failed += other.failed;
        self.cancelled += other.cancelled;
        self.response.merge(&other.response);
        self.service.merge(&other.service);
        self.lag.merge(&other.lag);
    }
}
