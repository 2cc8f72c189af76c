//! What was planned and what came about; the section that k6 does not have.

use std::time::Duration;

use super::{
    super::{
        figures::{bytes, number, percent, span, tame},
        fold::{Histogram, Machine},
        scope::{Lane, Scope},
        trend::Trend,
    },
    table::Table,
};
use crate::bus::DropReason;

const EXPLANATION: &str = "response counts from when a trip was due, service from when it began; \
                           the difference is what users would have waited";

/// Writes what each row planned, and how its trips fared.
pub(super) fn rows(table: &mut Table, lanes: &[Lane<'_>]) {
    for lane in lanes {
        let volume = lane.row.map_or("volume not known", |row| row.volume.as_str());
        table.heading(format!("{}: {}", tame(&lane.label), tame(volume)));
        arrivals(table, lane);
        if lane.is_open() && lane.tally.trips.started > 0 {
            lateness(table, lane);
        }
    }
}

/// Writes what the machine of the generator had to give.
pub(super) fn machine(table: &mut Table, machine: &Machine) {
    let (Some(avg), Some(max)) = (machine.cores_avg(), machine.cores_max()) else { return };
    let resident = machine.resident_bytes_max;
    table.heading("generator");
    table.figure("cpu_cores", number(avg), format!("max={}", number(max)));
    #[expect(clippy::cast_precision_loss, reason = "two digits are written")]
    table.figure("memory", bytes(resident as f64), "");
    table.figure("overslept", span(machine.overslept_max), "");
}

/// Sentences about what is not to be seen in the figures alone.
pub(super) fn remarks(lanes: &[Lane<'_>], scope: &Scope) -> Vec<String> {
    let mut remarks = Vec::new();
    if scope.open {
        remarks.push(EXPLANATION.to_owned());
    }
    let censored = scope.trips.censored();
    if censored > 0 {
        remarks.push(format!(
            "{censored} trips were dropped or cancelled: percentiles count them as slower than \
             all others; avg, min and max leave them out"
        ));
    }
    if lanes.iter().any(|lane| unaccounted(lane) > 0) {
        remarks.push("unaccounted trips were neither started nor dropped when the log ends".into());
    }
    remarks
}

fn arrivals(table: &mut Table, lane: &Lane<'_>) {
    let (trips, planned) = (&lane.tally.trips, lane.planned());
    table.figure("planned", planned, "");
    table.figure("started", trips.started, percent(trips.started, planned));
    if trips.dropped() > 0 {
        table.figure("dropped", trips.dropped(), percent(trips.dropped(), planned));
    }
    for (reason, count) in &trips.dropped {
        table.figure(format!("  {{ {} }}", reason_name(*reason)), count, percent(*count, planned));
    }
    if unaccounted(lane) > 0 {
        table.figure("unaccounted", unaccounted(lane), percent(unaccounted(lane), planned));
    }
}

fn lateness(table: &mut Table, lane: &Lane<'_>) {
    let trips = &lane.tally.trips;
    table.columns("schedule_lag", cells(Trend::complete(&trips.timing.lag)));
    table.columns("  { own lateness }", seen_cells(&trips.own));
    table.columns("  { waiting for a slot }", seen_cells(&trips.queued));
    table.columns("response", cells(lane.response()));
    table.columns("service", seen_cells(&trips.timing.service));
}

/// Planned trips that the log says nothing of.
fn unaccounted(lane: &Lane<'_>) -> u64 {
    let trips = &lane.tally.trips;
    lane.planned().saturating_sub(trips.started).saturating_sub(trips.dropped())
}

/// The name of a reason, as messages write it.
pub(crate) fn reason_name(reason: DropReason) -> &'static str {
    match reason {
        DropReason::Backlog => "backlog",
        DropReason::DatapoolEmpty => "datapool_empty",
        DropReason::DatapoolStop => "datapool_stop",
        DropReason::NotReached => "not_reached",
        DropReason::GeneratorStalled => "generator_stalled",
        DropReason::RunOver => "run_over",
        DropReason::Aborted => "aborted",
    }
}

fn seen_cells(seen: &Histogram) -> [(&'static str, String); 3] {
    cells(Trend::complete(seen))
}

fn cells(trend: Trend<'_>) -> [(&'static str, String); 3] {
    let percentile = |percent| trend.percentile(percent).map_or("-".into(), |it| it.to_string());
    let max = trend.seen.max().map_or("-".into(), |it: Duration| span(it));
    [("p(50)", percentile(50.0)), ("p(99)", percentile(99.0)), ("max", max)]
}
