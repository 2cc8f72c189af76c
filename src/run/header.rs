//! What a prepared run says of itself.

use super::prepare::{Choices, PreparedRow};
use crate::{
    bus::{self, Model, Phase},
    plan::{Scenario, Share, Threshold, Volume, volume},
};

/// What a report needs to know of a run before it begins.
pub(super) fn header(scenario: &Scenario, rows: &[PreparedRow], choices: &Choices) -> bus::Run {
    bus::Run {
        engine: env!("CARGO_PKG_VERSION").into(),
        scenario: scenario.name.clone(),
        phase: choices.phase,
        seed: scenario.seed,
        began_unix_ms: choices.began_unix_ms,
        share: (choices.share.index(), choices.share.of()),
        rows: rows.iter().map(|row| row_header(row, choices.share)).collect(),
        thresholds: thresholds(scenario, choices.phase),
        max_dropped: scenario.max_dropped,
        remarks: choices.remarks.clone(),
    }
}

/// Thresholds are promises about the load; what provisions is complete or not.
fn thresholds(scenario: &Scenario, phase: Phase) -> Vec<(String, String)> {
    let written = |it: &Threshold| (it.metric.to_string(), it.expression.to_string());
    match phase {
        Phase::ScenarioRun => scenario.thresholds.iter().map(written).collect(),
        Phase::CreateData | Phase::JourneyRun => Vec::new(),
    }
}

fn row_header(row: &PreparedRow, share: Share) -> bus::Row {
    let plan = &row.plan;
    bus::Row {
        journey: plan.journey.clone(),
        datapool: plan.datapool.clone(),
        volume: plan.volume.to_string(),
        model: match plan.volume.model() {
            volume::Model::Open => Model::Open,
            volume::Model::Closed => Model::Closed,
        },
        planned: plan.volume.trips_of(share),
        duration: plan.volume.duration().unwrap_or_default(),
        by_second: plan.volume.by_second(plan.arrival, row.seed, share),
        max_in_flight: match &plan.volume {
            // Nobody is under way but its users.
            Volume::Trips(trips) => trips.users_of(share),
            Volume::Open(_) | Volume::Users(_) => row.max_in_flight as u64,
        },
        max_backlog: plan.max_backlog,
    }
}
