//! One line of `series.csv`, and how its cells are written.

use std::time::Duration;

use serde::Serialize;

use crate::bus::Health;

use super::{
    latency::{Latencies, Trio},
    second::Counts,
};

/// A line; its fields are the header. What nothing is known of is an empty cell.
#[derive(Serialize)]
pub(super) struct Line {
    second: u64,
    planned: u64,
    users: u64,
    started: u64,
    ended: u64,
    failed: u64,
    dropped: u64,
    in_flight: u64,
    backlog: Option<u64>,
    response_p50_ms: Option<String>,
    response_p95_ms: Option<String>,
    response_p99_ms: Option<String>,
    response_max_ms: Option<String>,
    lag_p99_ms: Option<String>,
    http_reqs: u64,
    http_failed: u64,
    cpu: Option<String>,
    resident_mb: Option<String>,
}

/// What the plan says of a second, and what is left of those before it.
pub(super) struct Setting {
    pub(super) second: u64,
    pub(super) planned: u64,
    pub(super) users: u64,
    pub(super) in_flight: u64,
}

impl Line {
    pub(super) fn new(
        setting: &Setting,
        counts: &Counts,
        health: Option<&Health>,
        latencies: &Trio,
    ) -> Self {
        let response = |share| millis(&latencies.response, share);
        Self {
            second: setting.second,
            planned: setting.planned,
            users: setting.users,
            started: counts.started,
            ended: counts.ended,
            failed: counts.failed,
            dropped: counts.dropped,
            in_flight: setting.in_flight,
            backlog: health.map(|it| it.backlog),
            response_p50_ms: response(0.5),
            response_p95_ms: response(0.95),
            response_p99_ms: response(0.99),
            response_max_ms: response(1.0),
            lag_p99_ms: millis(&latencies.lag, 0.99),
            http_reqs: counts.http_reqs,
            http_failed: counts.http_failed,
            cpu: health.map(|it| format!("{:.3}", it.cpu)),
            resident_mb: health.map(|it| megabytes(it.resident_bytes)),
        }
    }
}

fn millis(latencies: &Latencies, share: f64) -> Option<String> {
    latencies.quantile(share).map(|it: Duration| {
        let micros = it.as_micros();
        format!("{}.{:03}", micros / 1000, micros % 1000)
    })
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}
