//! A row of a scenario: which journey, with whose data, how much of it and when.

use std::{num::NonZeroU32, time::Duration};

use toml::Table;

use crate::plan::{Share, Spacing, Volume, volume::Peak};

/// A row of `[[create]]` or `[[load]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name of the journey.
    pub journey: String,
    /// Name of the datapool that its trips borrow from.
    pub datapool: Option<String>,
    /// How much, and when.
    pub volume: Volume,
    /// How arrivals lie along an open volume.
    pub arrival: Spacing,
    /// Trips that may be under way at a time, if the file says so.
    pub max_in_flight: Option<NonZeroU32>,
    /// How long an arrival may wait for a slot; zero drops it at once.
    pub max_backlog: Duration,
    /// How long a trip may take before it has failed; an hour if the file says nothing.
    pub max_trip: Duration,
    /// What the journey is told; strings, numbers, booleans, arrays and tables alone.
    pub options: Table,
    /// Name of the datapool that its trips record under; in `[[create]]` alone.
    pub records: Option<String>,
}

impl Row {
    /// How many trips are planned; `None` if that is up to the target.
    #[must_use]
    pub fn planned(&self) -> Option<u64> {
        self.volume.trips()
    }

    /// The highest rate or number of users.
    #[must_use]
    pub fn peak(&self) -> Peak {
        self.volume.peak()
    }

    /// The length of the plan; `None` if it ends when its trips are done.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        self.volume.duration()
    }

    /// What a share has to do in each second of the plan; `seed` is that of the row.
    #[must_use]
    pub fn by_second(&self, seed: u64, share: Share) -> Vec<u32> {
        self.volume.by_second(self.arrival, seed, share)
    }
}
