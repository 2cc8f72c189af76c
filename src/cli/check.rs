//! `engine scenario check`: reads, finds and types everything, prints the plan, sends nothing.

use std::path::Path;

use super::{Code, args::ScenarioCheck, launch::unix_ms, scenario::open};
use crate::{
    bus::{Phase, Row},
    journey::Journeys,
    plan::{Scenario, Share, scenario},
    run::{Choices, PrepareError, prepare, raise_descriptor_limit},
};

pub(super) fn run(order: &ScenarioCheck, journeys: &Journeys) -> Code {
    let scenario = open(&order.file, &order.changes)?;
    println!("scenario {}, seed {}", scenario.name, scenario.seed);
    for phase in [Phase::CreateData, Phase::ScenarioRun] {
        if plan_of(&scenario, phase).is_empty() {
            continue;
        }
        let choices = Choices {
            phase,
            share: order.changes.share.unwrap_or(Share::WHOLE),
            recorder_dir: order.recorder_dir.clone(),
            began_unix_ms: unix_ms(),
            descriptors: raise_descriptor_limit(),
            remarks: Vec::new(),
        };
        println!("\n{}", title(phase));
        match prepare(&scenario, journeys, choices) {
            Ok(prepared) => {
                for row in &prepared.header().rows {
                    print_row(row);
                }
                for pool in prepared.pools() {
                    println!("  datapool {}: {} rows", pool.name(), pool.len());
                }
            }
            Err(error) if will_be_made(&scenario, &error, &order.recorder_dir) => {
                println!("  not checked yet: {error}; `engine create-data` makes it");
            }
            Err(error) => return Err(error.into()),
        }
    }
    for threshold in &scenario.thresholds {
        println!("\nthreshold {threshold}");
    }
    Ok(0)
}

fn plan_of(scenario: &Scenario, phase: Phase) -> &[scenario::Row] {
    match phase {
        Phase::CreateData => &scenario.create,
        Phase::ScenarioRun | Phase::JourneyRun => &scenario.load,
    }
}

fn title(phase: Phase) -> &'static str {
    match phase {
        Phase::CreateData => "create-data",
        Phase::ScenarioRun | Phase::JourneyRun => "scenario run",
    }
}

fn print_row(row: &Row) {
    println!("  {}: {}", row.journey, row.volume);
    let planned = row.planned.map_or_else(|| "as many as users manage".into(), |n| n.to_string());
    println!("    trips planned   {planned}");
    if !row.duration.is_zero() {
        println!("    duration        {:?}", row.duration);
    }
    if let Some(peak) = row.by_second.iter().max() {
        let unit = match row.model {
            crate::bus::Model::Open => "arrivals in its busiest second",
            crate::bus::Model::Closed => "users",
        };
        println!("    peak            {peak} {unit}");
    }
    println!("    max_in_flight   {}", row.max_in_flight);
    if let Some(pool) = &row.datapool {
        println!("    rows of         {pool}");
    }
}

/// Whether a pool is missing only because this scenario's own first phase has not run yet.
fn will_be_made(scenario: &Scenario, error: &PrepareError, recorder_dir: &Path) -> bool {
    let Some(missing) = error.missing_source() else { return false };
    let made = |name: &String| recorder_dir.join(format!("{name}.msgpack")) == missing;
    !missing.exists() && scenario.create.iter().filter_map(|row| row.records.as_ref()).any(made)
}
