//! What is due next, over all rows of the plan.

use std::{sync::Arc, time::Duration};

use super::runner::Runner;
use crate::{
    bus::DropReason,
    plan::{Arrival, Schedule},
};

/// What is due next, over all rows of the plan.
pub(super) struct Agenda {
    runner: Arc<Runner>,
    items: Vec<Item>,
    /// What was taken last, of one row.
    batch: Vec<Arrival>,
}

/// Arrivals that are taken at once: one lock for all of them, but not for long.
const BATCH: usize = 128;

struct Item {
    row: u16,
    schedule: Schedule,
    next: Option<Arrival>,
}

impl Agenda {
    /// Lays the schedules of all rows side by side, each with the index of its row.
    pub(super) fn new(runner: Arc<Runner>, schedules: Vec<(u16, Schedule)>) -> Self {
        let items = schedules
            .into_iter()
            .map(|(row, mut schedule)| Item { row, next: schedule.next(), schedule })
            .collect();
        Self { runner, items, batch: Vec::with_capacity(BATCH) }
    }

    pub(super) fn runner(&self) -> &Arc<Runner> {
        &self.runner
    }

    /// When the next arrival is due; rows that are over are done with.
    pub(super) fn next_due(&mut self) -> Option<Duration> {
        let stopping = self.runner.stopping().then_some(DropReason::NotReached);
        for item in &mut self.items {
            if let Some(reason) = stopping.or_else(|| self.runner.row(item.row).over()) {
                item.give_up(&self.runner, reason);
            }
        }
        self.items.iter().filter_map(|item| item.next.map(|arrival| arrival.due)).min()
    }

    /// Hands over all that is due by `now`, unless the run stops meanwhile.
    pub(super) fn hand_over(&mut self, now: Duration) {
        while !self.runner.stopping()
            && let Some(row) = self.take(now)
        {
            self.runner.arrive(row, &self.batch);
        }
    }

    /// Drops all that was due by `now`, because the generator itself stood still.
    pub(super) fn skip(&mut self, now: Duration) {
        while let Some(row) = self.take(now) {
            let (due, count) = (self.batch[0].due, self.batch.len() as u64);
            self.runner.dropped(row, due, count, DropReason::GeneratorStalled);
        }
    }

    /// Takes what is due by `now` of the row that has waited longest, at most a batch of it.
    fn take(&mut self, now: Duration) -> Option<u16> {
        let due = |item: &Item| item.next.map(|arrival| arrival.due).filter(|due| *due <= now);
        let items = self.items.iter_mut().filter(|item| due(item).is_some());
        let item = items.min_by_key(|item| due(item))?;
        self.batch.clear();
        while self.batch.len() < BATCH
            && let Some(arrival) = item.next.take_if(|arrival| arrival.due <= now)
        {
            self.batch.push(arrival);
            item.next = item.schedule.next();
        }
        Some(item.row)
    }
}

impl Item {
    fn give_up(&mut self, runner: &Runner, reason: DropReason) {
        if let Some(next) = self.next.take() {
            // The hint is exact; counting one by one would take minutes for a plan of days.
            let (rest, _) = self.schedule.size_hint();
            runner.dropped(self.row, next.due, 1 + rest as u64, reason);
        }
    }
}
