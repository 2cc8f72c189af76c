//! All metrics by name, in k6's shape.

use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::{
    super::{
        Report, ThresholdResult, Value,
        figures::per_second,
        fold::{Histogram, Machine},
        scope::{Scope, named},
        trend::Trend,
    },
    values::{Object, quantile, seen, values},
};

/// All metrics of a run that have samples, and those that thresholds are about.
pub(super) fn metrics(report: &Report, total: &Scope) -> Object {
    let run = report.tally.last;
    let mut metrics = Map::new();
    // First, so that a name the engine itself has for something stays its own.
    for (name, times) in &total.measured {
        metrics.insert(name.clone(), complete(times));
    }
    iterations(&mut metrics, total, run);
    for (name, transaction) in &total.transactions {
        metrics.insert(format!("transaction{{{name}}}"), trend(transaction.response()));
    }
    http(&mut metrics, total, run);
    for (name, it) in report.tally.recorded.iter() {
        metrics.insert(format!("recorded{{{}}}", named(name)), counter(it.rows, "default", run));
    }
    for (kind, count) in &total.sent {
        metrics.insert(format!("sent{{{kind}}}"), counter(*count, "default", run));
    }
    machine(&mut metrics, &report.tally.machine);
    report.verdict.thresholds.iter().for_each(|it| threshold(&mut metrics, it));
    metrics
}

fn iterations(metrics: &mut Object, total: &Scope, run: Duration) {
    let trips = &total.trips;
    metrics.insert("iterations".into(), counter(trips.timing.completed(), "default", run));
    metrics.insert("iteration_duration".into(), trend(total.response()));
    metrics.insert("service_time".into(), complete(&trips.timing.service));
    metrics.insert("dropped_iterations".into(), counter(trips.dropped(), "default", run));
    metrics.insert("schedule_lag".into(), complete(&trips.timing.lag));
}

fn http(metrics: &mut Object, total: &Scope, run: Duration) {
    let requests = &total.requests;
    if requests.count == 0 {
        return;
    }
    metrics.insert("http_reqs".into(), counter(requests.count, "default", run));
    metrics.insert("http_req_failed".into(), rate(requests.failed, requests.count));
    metrics.insert("data_sent".into(), counter(requests.sent_bytes, "data", run));
    metrics.insert("data_received".into(), counter(requests.received_bytes, "data", run));
    for (name, times) in requests.times.named() {
        metrics.insert(format!("http_req_{name}"), complete(times));
    }
}

fn machine(metrics: &mut Object, machine: &Machine) {
    if let (Some(avg), Some(max)) = (machine.cores_avg(), machine.cores_max()) {
        let memory = json!({"max": machine.resident_bytes_max});
        metrics.insert("generator_cpu".into(), gauge("default", &json!({"avg": avg, "max": max})));
        metrics.insert("generator_memory".into(), gauge("data", &memory));
    }
}

/// Adds what came of a threshold to its metric, which need not have been measured.
fn threshold(metrics: &mut Object, it: &ThresholdResult) {
    let metric = metrics.entry(it.metric.clone()).or_insert_with(|| asked(it));
    if let Some(metric) = metric.as_object_mut() {
        let thresholds = metric.entry("thresholds").or_insert_with(|| json!({}));
        thresholds[&it.expression] = json!({"ok": it.passed});
    }
}

/// A metric of which nothing is known but what a threshold asked for.
fn asked(it: &ThresholdResult) -> Json {
    let mut values = Map::new();
    let name = it.aggregate.to_string();
    let (kind, contains) = match it.value {
        Some(Value::Time(time)) => {
            quantile(&mut values, &name, Some(time));
            ("trend", "time")
        }
        Some(value) => {
            values.insert(name, json!(value.number()));
            let fraction = matches!(value, Value::Fraction(_));
            (if fraction { "rate" } else { "counter" }, "default")
        }
        None => ("trend", "default"),
    };
    json!({"type": kind, "contains": contains, "values": values})
}

fn complete(histogram: &Histogram) -> Json {
    json!({"type": "trend", "contains": "time", "values": seen(histogram)})
}

fn trend(trend: Trend<'_>) -> Json {
    json!({"type": "trend", "contains": "time", "values": values(trend)})
}

fn counter(count: u64, contains: &str, run: Duration) -> Json {
    let values = json!({"count": count, "rate": per_second(count, run)});
    json!({"type": "counter", "contains": contains, "values": values})
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn rate(part: u64, of: u64) -> Json {
    let values = json!({
        "rate": part as f64 / of.max(1) as f64,
        "passes": part,
        "fails": of.saturating_sub(part),
    });
    json!({"type": "rate", "contains": "default", "values": values})
}

fn gauge(contains: &str, values: &Json) -> Json {
    json!({"type": "gauge", "contains": contains, "values": values})
}
