//! Whose time the waits for answers were: the other side's by its own word, or the way's.

use std::time::Duration;

use super::{Histogram, Merge};
use crate::bus::Measured;

/// Waits for answers, and the parts of those whose answer said what the other side took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waits {
    /// All of them, also those of which no part is known.
    pub(crate) count: u64,
    /// What the other side says it took.
    pub(crate) server: Histogram,
    /// What is left of those waits, and of no others.
    pub(crate) network: Histogram,
}

/// What one wait was made of: the other side's part and the rest, where they are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wait(Option<(Duration, Duration)>);

impl Wait {
    /// The wait among what was measured together, if one was.
    pub(super) fn among(values: &[Measured]) -> Option<Self> {
        let part = |suffix| values.iter().find(|it| it.name.ends_with(suffix)).map(|it| it.took);
        part("_waiting")?;
        Some(Self(part("_theirs").zip(part("_network"))))
    }
}

impl Waits {
    pub(super) fn add(&mut self, Wait(parts): Wait) {
        self.count += 1;
        if let Some((server, network)) = parts {
            self.server.record(server);
            self.network.record(network);
        }
    }
}

impl Merge for Waits {
    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.server.merge(&other.server);
        self.network.merge(&other.network);
    }
}
