//! The figures of a scope, in k6's order: custom, transactions, HTTP, execution, network.

use std::time::Duration;

use super::{
    super::{
        figures::{bytes, number, per_second, percent, span, tame},
        fold::{Histogram, Tally, Timing, Waits},
        scope::{Scope, named},
        trend::Trend,
    },
    table::Table,
};

/// Names and figures of a trend's columns, one for all tables.
pub(super) type Cells = Vec<(&'static str, String)>;

/// Writes the figures of a scope, of a run of a length, under the headings that have any.
pub(super) fn results(table: &mut Table, scope: &Scope, run: Duration) {
    transactions(table, scope);
    http(table, scope, run);
    execution(table, scope, run);
    network(table, scope, run);
}

/// Writes what journeys measured, recorded and sent.
pub(super) fn custom(table: &mut Table, scope: &Scope, tally: &Tally) {
    let mut recorded = tally.recorded.iter().peekable();
    if scope.measured.is_empty() && scope.sent.is_empty() && recorded.peek().is_none() {
        return;
    }
    table.heading("CUSTOM");
    measured(table, scope);
    for (name, it) in recorded {
        let rest = format!("{} {}", rate(it.rows, tally.last), amount(it.bytes));
        table.figure(format!("recorded{{{}}}", tame(&named(name))), it.rows, rest);
    }
    for (kind, count) in &scope.sent {
        table.figure(format!("sent{{{}}}", tame(kind)), count, rate(*count, tally.last));
    }
}

/// Writes the figures of one journey.
pub(super) fn of_journey(table: &mut Table, scope: &Scope, run: Duration) {
    if !scope.measured.is_empty() {
        table.heading("CUSTOM");
        measured(table, scope);
    }
    results(table, scope, run);
}

fn measured(table: &mut Table, scope: &Scope) {
    for (name, times) in &scope.measured {
        table.columns(tame(name), seen_cells(times));
    }
}

fn transactions(table: &mut Table, scope: &Scope) {
    if scope.transactions.is_empty() {
        return;
    }
    table.heading("TRANSACTIONS");
    for (name, transaction) in &scope.transactions {
        let timing = &transaction.timing;
        table.columns(tame(name), cells(transaction.response()));
        service(table, scope, timing);
        waits(table, &transaction.waits);
        failed(table, timing);
    }
}

fn http(table: &mut Table, scope: &Scope, run: Duration) {
    let requests = &scope.requests;
    if requests.count == 0 {
        return;
    }
    table.heading("HTTP");
    for (name, times) in requests.times.named() {
        table.columns(format!("http_req_{name}"), seen_cells(times));
    }
    let of = format!("{} out of {}", requests.failed, requests.count);
    table.figure("http_req_failed", percent(requests.failed, requests.count), of);
    table.figure("http_reqs", requests.count, rate(requests.count, run));
    for (status, count) in &requests.statuses {
        table.figure(format!("  {{ status:{status} }}"), count, "");
    }
    for (kind, count) in requests.failures.iter() {
        table.figure(format!("  {{ failure:{} }}", tame(&named(kind))), count, "");
    }
}

fn execution(table: &mut Table, scope: &Scope, run: Duration) {
    let (trips, dropped) = (&scope.trips, scope.trips.dropped());
    table.heading("EXECUTION");
    if dropped > 0 {
        table.figure("dropped_iterations", dropped, rate(dropped, run));
    }
    table.columns("iteration_duration", cells(scope.response()));
    service(table, scope, &trips.timing);
    failed(table, &trips.timing);
    let completed = trips.timing.completed();
    table.figure("iterations", completed, rate(completed, run));
    if trips.timing.cancelled > 0 {
        table.figure("  { cancelled }", trips.timing.cancelled, "");
    }
}

fn network(table: &mut Table, scope: &Scope, run: Duration) {
    let requests = &scope.requests;
    if requests.count == 0 {
        return;
    }
    table.heading("NETWORK");
    for (name, count) in
        [("data_received", requests.received_bytes), ("data_sent", requests.sent_bytes)]
    {
        let rate = format!("{}/s", bytes(per_second(count, run)));
        table.figure(name, amount(count), rate);
    }
}

/// Writes the service times, where due times make them differ from responses.
fn service(table: &mut Table, scope: &Scope, timing: &Timing) {
    if scope.open {
        table.columns("  { service }", seen_cells(&timing.service));
    }
}

/// Writes what the other side says it took for its answers, and what is left of the waits for those.
fn waits(table: &mut Table, waits: &Waits) {
    let timed = waits.server.count();
    if timed == 0 {
        return;
    }
    table.columns("  { server }", seen_cells(&waits.server));
    table.columns("  { network }", seen_cells(&waits.network));
    let of = format!("{timed} out of {} answers", waits.count);
    table.figure("  { timed by server }", percent(timed, waits.count), of);
}

fn failed(table: &mut Table, timing: &Timing) {
    let of = format!("{} out of {}", timing.failed, timing.completed());
    table.figure("  { failed }", percent(timing.failed, timing.completed()), of);
}

pub(super) fn seen_cells(seen: &Histogram) -> Cells {
    cells(Trend::complete(seen))
}

fn cells(trend: Trend<'_>) -> Cells {
    let seen = |it: Option<Duration>| it.map_or("-".into(), span);
    let percentiles = trend.percentiles([50.0, 90.0, 95.0, 99.0, 99.9]);
    let [med, p90, p95, p99, p999] =
        percentiles.map_or([(); 5].map(|()| "-".to_owned()), |all| all.map(|it| it.to_string()));
    vec![
        ("avg", seen(trend.seen.avg())),
        ("min", seen(trend.seen.min())),
        ("med", med),
        ("max", seen(trend.seen.max())),
        ("p(90)", p90),
        ("p(95)", p95),
        ("p(99)", p99),
        ("p(99.9)", p999),
    ]
}

fn rate(count: u64, run: Duration) -> String {
    format!("{}/s", number(per_second(count, run)))
}

#[expect(clippy::cast_precision_loss, reason = "two digits are written")]
fn amount(count: u64) -> String {
    bytes(count as f64)
}
