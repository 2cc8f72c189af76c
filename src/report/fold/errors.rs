//! Failures, grouped by what they have in common.

use std::{sync::Arc, time::Duration};

use super::Merge;

/// What failures of one group have in common: their kind, and the transaction they happened in.
pub(crate) type ErrorKey = (Arc<str>, Option<Arc<str>>);

/// How often a failure happened, when, and what it said the first time.
#[derive(Debug, Clone, Default)]
pub(crate) struct ErrorGroup {
    pub(crate) count: u64,
    /// The first one, with what it said; of two at a time, the first in alphabetical order.
    pub(crate) first: Option<(Duration, Arc<str>)>,
    pub(crate) last: Duration,
}

impl ErrorGroup {
    pub(crate) fn add(&mut self, at: Duration, message: &Arc<str>) {
        self.merge(&Self { count: 1, first: Some((at, Arc::clone(message))), last: at });
    }
}

impl Merge for ErrorGroup {
    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.last = self.last.max(other.last);
        let earlier = match (&self.first, &other.first) {
            (Some(ours), Some(theirs)) => theirs < ours,
            (ours, _) => ours.is_none(),
        };
        if earlier {
            self.first.clone_from(&other.first);
        }
    }
}
