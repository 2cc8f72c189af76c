//! What became of exchanges, as one of their sides sees it.

use std::{sync::Arc, time::Duration};

use super::{Bounded, Histogram, Merge};
use crate::bus::Change;

/// Steps of one protocol that are told apart; each may take 135 KB.
const STEPS_MAX: usize = 12;
const WHYS_MAX: usize = 20;

/// What became of the exchanges of one protocol, as one side sees it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exchanges {
    pub(crate) started: u64,
    pub(crate) finished: u64,
    pub(crate) failed: u64,
    /// Those of which nobody knows what became of them: their side was not heard.
    pub(crate) lost: u64,
    /// Those that there was no room to follow; they are in no other figure.
    pub(crate) unfollowed: u64,
    /// Those of the finished in which a verifier found what was presented false.
    pub(crate) found_false: u64,
    /// From the beginning to the end.
    pub(crate) took: Histogram,
    /// From one state to the next.
    pub(crate) steps: Bounded<(Arc<str>, Arc<str>), Histogram, STEPS_MAX>,
    /// Those that failed, by why.
    pub(crate) whys: Bounded<Arc<str>, u64, WHYS_MAX>,
}

impl Exchanges {
    pub(super) fn add(&mut self, change: &Change) {
        match change {
            Change::Started => self.started += 1,
            Change::Step { from, to, took } => {
                let step = (Arc::clone(from), Arc::clone(to));
                self.steps.update(&step, |times| times.record(*took));
            }
            Change::Finished { took, verified } => {
                self.finished += 1;
                self.found_false += u64::from(*verified == Some(false));
                self.took.record(*took);
            }
            Change::Failed { why } => {
                self.failed += 1;
                self.whys.update(why, |count| *count += 1);
            }
            Change::Lost => self.lost += 1,
            Change::Unfollowed => self.unfollowed += 1,
        }
    }

    /// Those that began and came to no end that anybody has heard of, although their side was heard.
    pub(crate) fn pending(&self) -> u64 {
        let known = self.finished.saturating_add(self.failed).saturating_add(self.lost);
        self.started.saturating_sub(known)
    }

    /// All of which it is not known that they ended: no promise that none is pending holds with them.
    pub(crate) fn unknown(&self) -> u64 {
        self.pending().saturating_add(self.lost).saturating_add(self.unfollowed)
    }
}

impl Merge for Exchanges {
    fn merge(&mut self, other: &Self) {
        self.started += other.started;
        self.finished += other.finished;
        self.failed += other.failed;
        self.lost += other.lost;
        self.unfollowed += other.unfollowed;
        self.found_false += other.found_false;
        self.took.merge(&other.took);
        self.steps.merge(&other.steps);
        self.whys.merge(&other.whys);
    }
}

/// How often a side was not heard, and for how long all together.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Unheard {
    pub(crate) times: u64,
    pub(crate) lasted: Duration,
}

impl Merge for Unheard {
    fn merge(&mut self, other: &Self) {
        self.times += other.times;
        self.lasted = self.lasted.saturating_add(other.lasted);
    }
}
