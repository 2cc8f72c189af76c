//! The whole of `summary.json`.

use serde_json::{Map, Value as Json, json};

use super::{
    super::{
        Report,
        failures::{Failures, failures},
        figures::utc,
        scope::{Lane, Scope, lanes},
        text::reason_name,
        trend::ms,
    },
    exchanges,
    metrics::metrics,
    values::{seen, timing},
};

/// Raised with every change that breaks a reader.
const SCHEMA_VERSION: u32 = 1;

/// Writes the report for machines.
pub(crate) fn summary(report: &Report) -> Json {
    let run = &report.run;
    let lanes = lanes(run, &report.tally);
    json!({
        "schemaVersion": SCHEMA_VERSION,
        "engine": run.engine,
        "scenario": run.scenario,
        "phase": run.phase,
        "seed": run.seed,
        "began": utc(run.began_unix_ms),
        "remarks": run.remarks,
        "state": {"durationMs": ms(report.tally.last), "finished": report.tally.finished},
        "metrics": metrics(report, &Scope::of(&lanes)),
        "transactions": lanes.iter().flat_map(transactions).collect::<Json>(),
        "schedule": lanes.iter().map(row).collect::<Json>(),
        "exchanges": exchanges::exchanges(&report.tally),
        "unheard": exchanges::unheard(&report.tally),
        "errors": failures(&lanes).iter().map(failure).collect::<Json>(),
        "notes": report.tally.cuts(),
        "verdict": verdict(report),
    })
}

fn transactions(lane: &Lane<'_>) -> Vec<Json> {
    let scope = Scope::of([lane]);
    let named = |(name, transaction): (&String, &super::super::scope::Transaction)| {
        let mut object = timing(&transaction.timing, transaction.response());
        object.insert("journey".into(), json!(lane.label));
        object.insert("name".into(), json!(name));
        let waits = &transaction.waits;
        if waits.server.count() > 0 {
            object.insert("answers".into(), json!(waits.count));
            object.insert("server".into(), seen(&waits.server).into());
            object.insert("network".into(), seen(&waits.network).into());
        }
        object.into()
    };
    scope.transactions.iter().map(named).collect()
}

fn row(lane: &Lane<'_>) -> Json {
    let trips = &lane.tally.trips;
    let dropped: Map<_, _> = trips
        .dropped
        .iter()
        .map(|(reason, count)| (reason_name(*reason).to_owned(), json!(count)))
        .collect();
    let mut object = timing(&trips.timing, lane.response());
    object.insert("journey".into(), json!(lane.label));
    object.insert("planned".into(), json!(lane.planned()));
    object.insert("started".into(), json!(trips.started));
    object.insert("startedInTime".into(), json!(trips.started_in_time));
    object.insert("dropped".into(), dropped.into());
    object.insert("ownLateness".into(), seen(&trips.own).into());
    object.insert("waiting".into(), seen(&trips.queued).into());
    if let Some(row) = lane.row {
        object.insert("datapool".into(), json!(row.datapool));
        object.insert("volume".into(), json!(row.volume));
        object.insert("model".into(), json!(row.model));
        object.insert("maxInFlight".into(), json!(row.max_in_flight));
    }
    object.into()
}

fn failure(it: &Failures) -> Json {
    json!({
        "kind": it.kind,
        "journey": it.journey,
        "transaction": it.transaction,
        "count": it.count,
        "firstMs": ms(it.first),
        "lastMs": ms(it.last),
        "sample": it.sample,
    })
}

fn verdict(report: &Report) -> Json {
    let verdict = report.verdict();
    let achieved = verdict.achieved;
    let generator: Json = verdict
        .generator
        .iter()
        .map(|it| json!({"name": it.name(), "message": it.to_string()}))
        .collect();
    json!({
        "outcome": verdict.outcome.name(),
        "message": verdict.outcome.to_string(),
        "exitCode": verdict.exit_code(),
        "generator": generator,
        "achieved": {
            "planned": achieved.planned,
            "started": achieved.started,
            "missed": achieved.missed,
            "done": achieved.done,
            "failed": achieved.failed,
            "missedMax": achieved.missed_max,
        },
    })
}
