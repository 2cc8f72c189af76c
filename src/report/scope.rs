//! The part of a run that figures are for: one row of the plan, or several together.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{
    fold::{Exchanges, Histogram, Merge, Requests, RowTally, Tally, Timing, Trips, Waits},
    trend::Trend,
};
use crate::bus::{DropReason, Model, Phase, Row, Run};

/// What there was no more room for is called so.
pub(crate) const OTHERS: &str = "(others)";

/// A row of the plan, and what became of it.
#[derive(Debug)]
pub(crate) struct Lane<'a> {
    /// The journey; with the row's number where a journey has several.
    pub(crate) label: String,
    /// `None` where the header does not know it.
    pub(crate) row: Option<&'a Row>,
    pub(crate) tally: &'a RowTally,
}

impl Lane<'_> {
    pub(crate) fn journey(&self) -> &str {
        self.row.map_or(&self.label, |row| &row.journey)
    }

    /// Trips that were planned; where the plan has no number, those that were due.
    pub(crate) fn planned(&self) -> u64 {
        let trips = &self.tally.trips;
        let due = trips.started.saturating_add(trips.dropped());
        self.row.and_then(|row| row.planned).unwrap_or(due)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.row.is_none_or(|row| row.model == Model::Open)
    }

    /// Response times of trips.
    pub(crate) fn response(&self) -> Trend<'_> {
        response(&self.tally.trips, self.floor())
    }

    /// What a dropped arrival had waited for at least.
    fn floor(&self) -> Duration {
        let waited = self.tally.trips.dropped_for(DropReason::Backlog) > 0;
        self.row.filter(|_| waited).map_or(Duration::ZERO, |row| row.max_backlog)
    }
}

/// Pairs the rows of the header with their tallies.
pub(crate) fn lanes<'a>(run: &'a Run, tally: &'a Tally) -> Vec<Lane<'a>> {
    let names: Vec<&str> = run.rows.iter().map(|row| row.journey.as_str()).collect();
    let label = |index: usize| match names.get(index) {
        None => format!("row {}", index + 1),
        Some(name) if names.iter().filter(|it| *it == name).count() > 1 => {
            format!("{name} (row {})", index + 1)
        }
        Some(name) => (*name).to_owned(),
    };
    tally
        .rows
        .iter()
        .map(|(index, tally)| {
            let index = usize::from(*index);
            Lane { label: label(index), row: run.rows.get(index), tally }
        })
        .collect()
}

/// The header of the whole run: what its shares plan, together.
pub(crate) fn header(tally: &Tally) -> Run {
    let mut shares = tally.headers.values();
    let Some(first) = shares.next() else { return unknown_header() };
    let mut run = Run::clone(first);
    for share in shares {
        for (row, other) in run.rows.iter_mut().zip(&share.rows) {
            row.planned = row.planned.zip(other.planned).map(|(a, b)| a.saturating_add(b));
            row.max_in_flight = row.max_in_flight.saturating_add(other.max_in_flight);
        }
        run.began_unix_ms = run.began_unix_ms.min(share.began_unix_ms);
    }
    run
}

fn unknown_header() -> Run {
    Run {
        engine: env!("CARGO_PKG_VERSION").into(),
        scenario: "(unknown)".into(),
        phase: Phase::ScenarioRun,
        seed: 0,
        began_unix_ms: 0,
        share: (0, 1),
        rows: Vec::new(),
        thresholds: Vec::new(),
        max_dropped: 0.0,
        remarks: vec!["the log has no beginning: what was planned is not known".into()],
    }
}

/// The figures of one row, or of several together.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// Whether trips have due times to be late for.
    pub(crate) open: bool,
    pub(crate) trips: Trips,
    pub(crate) transactions: BTreeMap<String, Transaction>,
    pub(crate) requests: Requests,
    pub(crate) sent: BTreeMap<String, u64>,
    /// Durations that journeys measured, by name.
    pub(crate) measured: BTreeMap<String, Histogram>,
    /// What arrivals that were dropped had waited for at least.
    floor: Duration,
}

/// The figures of one transaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Transaction {
    pub(crate) timing: Timing,
    /// For answers within it, and within none of its own inner ones.
    pub(crate) waits: Waits,
    /// How many more there would have been in the trips that were dropped.
    missed: u64,
    floor: Duration,
}

impl Scope {
    pub(crate) fn of<'a>(lanes: impl IntoIterator<Item = &'a Lane<'a>>) -> Self {
        let mut scope = Self::default();
        lanes.into_iter().for_each(|lane| scope.add(lane));
        for transaction in scope.transactions.values_mut() {
            transaction.floor = scope.floor;
        }
        scope
    }

    /// Response times of trips.
    pub(crate) fn response(&self) -> Trend<'_> {
        response(&self.trips, self.floor)
    }

    /// All transactions, whatever their name.
    pub(crate) fn any_transaction(&self) -> Transaction {
        let mut all = Transaction { floor: self.floor, ..Transaction::default() };
        self.transactions.values().for_each(|it| all.merge(it));
        all
    }

    fn add(&mut self, lane: &Lane<'_>) {
        let tally = lane.tally;
        self.open |= lane.is_open();
        self.floor = self.floor.max(lane.floor());
        self.trips.merge(&tally.trips);
        self.requests.merge(&tally.requests);
        for (name, timing) in tally.transactions.iter() {
            let missed = estimate(timing, &tally.trips);
            let one = Transaction { timing: timing.clone(), missed, ..Transaction::default() };
            self.transactions.entry(named(name)).or_default().merge(&one);
        }
        for (name, waits) in tally.waits.iter() {
            if let Some(transaction) = self.transactions.get_mut(&named(name)) {
                transaction.waits.merge(waits);
            }
        }
        for (kind, count) in tally.sent.iter() {
            *self.sent.entry(named(kind)).or_default() += count;
        }
        for (name, times) in tally.measured.iter() {
            self.measured.entry(named(name)).or_default().merge(times);
        }
    }
}

impl Transaction {
    /// Response times; those of dropped trips are missing as well as those that were cancelled.
    pub(crate) fn response(&self) -> Trend<'_> {
        let censored = self.timing.cancelled.saturating_add(self.missed);
        Trend { seen: &self.timing.response, censored, floor: self.floor }
    }

    fn merge(&mut self, other: &Self) {
        self.timing.merge(&other.timing);
        self.waits.merge(&other.waits);
        self.missed = self.missed.saturating_add(other.missed);
    }
}

fn response(trips: &Trips, floor: Duration) -> Trend<'_> {
    Trend { seen: &trips.timing.response, censored: trips.censored(), floor }
}

/// Names a key, or what there was no more room for.
pub(crate) fn named(key: Option<&impl AsRef<str>>) -> String {
    key.map_or(OTHERS, AsRef::as_ref).to_owned()
}

/// The steps of exchanges as they follow each other, `from → to`.
pub(crate) fn steps(exchanges: &Exchanges) -> Vec<(String, &Histogram)> {
    let mut left: Vec<_> = exchanges.steps.iter().collect();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let goes_on = |step: Option<&(Arc<str>, Arc<str>)>| {
            left.iter().any(|(other, _)| other.zip(step).is_some_and(|(a, b)| a.1 == b.0))
        };
        // What goes round in a circle begins anywhere.
        let next = left.iter().position(|(step, _)| !goes_on(*step)).unwrap_or(0);
        let (step, times) = left.remove(next);
        let name = step.map_or(OTHERS.to_owned(), |(from, to)| format!("{from} → {to}"));
        ordered.push((name, times));
    }
    ordered
}

/// Transactions that dropped trips would have made, if they had made as many as the others.
fn estimate(timing: &Timing, trips: &Trips) -> u64 {
    let seen = u128::from(timing.completed() + timing.cancelled);
    let (missed, started) = (u128::from(trips.missed()), u128::from(trips.started.max(1)));
    u64::try_from((seen * missed + started / 2) / started).unwrap_or(u64::MAX)
}
