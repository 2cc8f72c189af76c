//! What is said of a run, in words.

use std::{fmt, time::Duration};

use crate::bus::{Ending, Model, Phase, Row, Run};

use super::standing::{RowStanding, Standing, Tenths};

/// What is known before the first trip starts, in k6's layout.
pub(super) fn header(run: &Run) -> String {
    let phase = match run.phase {
        Phase::CreateData => "create-data",
        Phase::ScenarioRun => "scenario run",
        Phase::JourneyRun => "journey run",
    };
    let longest = run.rows.iter().map(|row| row.duration).max().unwrap_or_default();
    let mut lines = vec![
        format!("  scenario: {}", run.scenario),
        format!("     phase: {phase}"),
        format!("      seed: {}", run.seed),
    ];
    if run.share.1 > 1 {
        lines.push(format!("     share: {} of {}", run.share.0, run.share.1));
    }
    lines.push(match run.rows.len() {
        1 => format!("      plan: 1 row{}", length(longest)),
        many => format!("      plan: {many} rows{}", length(longest)),
    });
    lines.extend(run.rows.iter().map(|row| format!("            * {}", planned(row))));
    lines.extend(run.remarks.iter().map(|remark| format!("    remark: {remark}")));
    lines.join("\n")
}

fn length(longest: Duration) -> String {
    if longest.is_zero() { String::new() } else { format!(", {}", span(longest)) }
}

fn planned(row: &Row) -> String {
    let pool = row.datapool.as_ref().map_or(String::new(), |pool| format!(", datapool {pool}"));
    let trips = match (row.planned, row.model) {
        (Some(trips), Model::Open) => {
            format!(" ({trips} trips, up to {} at a time)", row.max_in_flight)
        }
        (Some(_), Model::Closed) | (None, _) => String::new(),
    };
    format!("{}: {}{trips}{pool}", row.journey, row.volume)
}

/// A line of plain progress for a row.
pub(super) fn running(standing: &Standing, row: &RowStanding) -> String {
    let of = match standing.duration() {
        Duration::ZERO => String::new(),
        whole => format!(" of {}", span(whole)),
    };
    let (at, journey) = (clock(standing.at), &row.plan.journey);
    format!("running {at}{of}: {journey} {}", figures(row))
}

/// The last line of plain progress for a row.
pub(super) fn finished(standing: &Standing, row: &RowStanding) -> String {
    let (at, journey) = (clock(standing.at), &row.plan.journey);
    format!("finished after {at}: {journey} {}", counts(row))
}

/// The figures of a row in the last second.
pub(super) fn figures(row: &RowStanding) -> String {
    let asked = match row.plan.model {
        Model::Open => format!("{}/s asked", Tenths(row.wanted.saturating_mul(10))),
        Model::Closed => format!("{} users asked", row.wanted),
    };
    let (in_flight, lag) = (row.in_flight(), short(row.lag));
    format!("{asked}, {}/s done, {in_flight} in flight, {}, lag {lag}", row.done, counts(row))
}

fn counts(row: &RowStanding) -> String {
    let of = row.counts_trips().map_or(String::new(), |trips| format!(" of {trips}"));
    let RowStanding { ended, failed, dropped, .. } = row;
    format!("{ended}{of} ended, {failed} failed, {dropped} dropped")
}

/// What a bar says beside its bar; a narrow terminal cuts off its end.
pub(super) fn beside_bar(standing: &Standing, row: &RowStanding) -> String {
    let (whole, figures) = (row.plan.duration, figures(row));
    if whole.is_zero() {
        return format!("{}  {figures}", clock(standing.at));
    }
    let (at, left) = (clock(standing.at.min(whole)), span(whole.saturating_sub(standing.at)));
    format!("{at}/{}, {left} left  {figures}", span(whole))
}

/// Why no more trips start, and what is waited for.
pub(super) fn draining(ending: &Ending, in_flight: u64, drain: Option<Duration>) -> String {
    let wait = drain.map_or(String::new(), |drain| format!(" up to {}", span(drain)));
    let wait = format!("waiting{wait} for {in_flight} under way");
    match ending {
        Ending::Complete if in_flight == 0 => "all trips are done".into(),
        Ending::Complete => format!("all trips have started: {wait}"),
        Ending::Signal => {
            format!("stopping: no new trips, {wait}; press ctrl-c again to end at once")
        }
        Ending::DatapoolExhausted(name) => {
            format!("stopping: datapool {name} has no row left, {wait}")
        }
        Ending::SubscriberFailed(error) => format!("stopping: {error}, {wait}"),
    }
}

/// What a stall of the generator meant.
pub(super) fn stalled(lasted: Duration) -> String {
    format!(
        "the generator stood still for {}: what was due meanwhile is dropped, not sent in a burst",
        short(lasted)
    )
}

/// Time on the clock: `0m10.0s`, `1h2m3.4s`.
pub(super) fn clock(at: Duration) -> String {
    let tenths = at.saturating_add(Duration::from_millis(50)).as_millis() / 100;
    let (minutes, seconds, tenth) = (tenths / 600, tenths / 10 % 60, tenths % 10);
    match minutes / 60 {
        0 => format!("{minutes}m{seconds}.{tenth}s"),
        hours => format!("{hours}h{}m{seconds}.{tenth}s", minutes % 60),
    }
}

/// A length of time: `30s`, `1m0s`, `1h0m0s`.
pub(super) fn span(length: Duration) -> String {
    let seconds = length.saturating_add(Duration::from_millis(500)).as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, _) if length.subsec_millis() > 0 && seconds < 10 => short(length),
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m{seconds}s"),
        (hours, minutes, seconds) => format!("{hours}h{minutes}m{seconds}s"),
    }
}

/// A latency: `0.1ms`, `12.3ms`, `1.2s`.
pub(super) fn short(latency: Duration) -> String {
    let tenths = |unit: u128| (latency.as_micros() * 10 + unit / 2) / unit;
    let (millis, seconds) = (tenths(1000), tenths(1_000_000));
    match millis {
        ..10_000 => format!("{}.{}ms", millis / 10, millis % 10),
        _ => format!("{}.{}s", seconds / 10, seconds % 10),
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}
