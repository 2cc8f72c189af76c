//! `engine scenario`: run, check and list.

use std::{fs, path::Path};

use super::{
    Code, args,
    args::{Changes, DEFAULT_RECORDER_DIR, Tone},
    check,
    error::CliError,
    launch::{Order, launch},
    say,
};
use crate::{
    bus::Phase,
    journey::Journeys,
    observe::Keep,
    plan::{Scenario, scenario::Row, volume::OverrideError},
};

/// Prefix of environment variables that set a key of `[config]`.
const CONFIG: &str = "ENGINE_CONF_";
/// Keys of `[config]` that wallets read where a scenario leaves them out.
const OPTIONAL: [&str; 8] = [
    "mediator",
    "issuer",
    "verifier",
    "wallets",
    "ledger",
    "credential",
    "proof_requests",
    "webhooks",
];

pub(super) fn run(order: &args::Scenario, tone: &Tone, journeys: &Journeys) -> Code {
    match order {
        args::Scenario::Run(order) => {
            let mut scenario = open(&order.file, &order.run.changes, Phase::ScenarioRun)?;
            rehome(&mut scenario, &order.run.recorder_dir);
            if scenario.load.is_empty() {
                return Err(CliError::NoRows(order.file.clone(), "load", "create-data"));
            }
            let order = Order {
                scenario,
                phase: Phase::ScenarioRun,
                keep: Keep::Append,
                run: &order.run,
                tone,
            };
            Ok(launch(order, journeys)?.verdict().exit_code())
        }
        args::Scenario::Check(order) => check::run(order, journeys),
        args::Scenario::List { directory } => list(directory),
    }
}

/// Reads a scenario file and makes the changes that the command line and the environment ask for.
pub(super) fn open(file: &Path, changes: &Changes, phase: Phase) -> Result<Scenario, CliError> {
    let mut scenario = Scenario::open(file)?;
    change(&mut scenario, changes, phase)?;
    Ok(scenario)
}

/// Reads what the scenario reads from the default recorder directory from another one.
pub(super) fn rehome(scenario: &mut Scenario, recorder_dir: &Path) {
    for pool in scenario.datapools.values_mut() {
        let recorded = pool.source.parent() == Some(Path::new(DEFAULT_RECORDER_DIR));
        if let (true, Some(name)) = (recorded, pool.source.file_name()) {
            pool.source = recorder_dir.join(name);
        }
    }
}

/// Makes the changes that the command line and the environment ask for; volumes change in the
/// rows of one phase alone, since the rows of the other are written in another model.
pub(super) fn change(
    scenario: &mut Scenario,
    changes: &Changes,
    phase: Phase,
) -> Result<(), CliError> {
    configure(scenario, &changes.config)?;
    scenario.seed = changes.seed.unwrap_or(scenario.seed);
    let (table, rows) = match phase {
        Phase::CreateData => ("create", &mut scenario.create),
        Phase::ScenarioRun | Phase::JourneyRun => ("load", &mut scenario.load),
    };
    for (index, row) in rows.iter_mut().enumerate() {
        let journey = row.journey.clone();
        change_row(row, changes).map_err(|source| CliError::Override {
            table,
            row: index + 1,
            journey,
            source,
        })?;
    }
    Ok(())
}

/// Sets keys of `[config]` from the environment, then from the command line.
pub(super) fn configure(
    scenario: &mut Scenario,
    given: &[(String, String)],
) -> Result<(), CliError> {
    let known: Vec<_> = scenario.config.keys().cloned().collect();
    for (name, value) in std::env::vars_os() {
        // Other programs' variables need not be text.
        let Some(key) = name.to_str().and_then(|name| name.strip_prefix(CONFIG)) else { continue };
        let value = value.to_string_lossy();
        // A shell has no dots in names: two underscores reach into a table.
        let key = key.to_lowercase().replace("__", ".");
        scenario
            .override_config(&key, &value)
            .map_err(|source| CliError::Config { place: name.display().to_string(), source })?;
    }
    for (key, value) in given {
        doubt(key, &known)?;
        scenario
            .override_config(key, value)
            .map_err(|source| CliError::Config { place: format!("-e {key}"), source })?;
    }
    Ok(())
}

/// Refuses a key that is a slip away from one that `[config]` has, and warns of another new one.
fn doubt(key: &str, known: &[String]) -> Result<(), CliError> {
    let first = key.split('.').next().unwrap_or(key);
    if known.is_empty() || known.iter().any(|it| it == first) || OPTIONAL.contains(&first) {
        return Ok(());
    }
    // Short keys are alike by chance.
    let slip = |it: &&String| it.len() > 3 && strsim::osa_distance(it, first) == 1;
    if let Some(near) = known.iter().find(slip) {
        return Err(CliError::UnknownKey { key: key.to_owned(), near: near.clone() });
    }
    tracing::warn!("-e {key}: [config] has no such key, only {}", known.join(", "));
    Ok(())
}

/// Splits `key=value` at the first `=`.
pub(super) fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.into(), value.into())),
        _ => Err(format!("`{text}` is not KEY=VALUE, such as app_url=http://127.0.0.1:8080")),
    }
}

fn change_row(row: &mut Row, changes: &Changes) -> Result<(), OverrideError> {
    if let Some(volume) = &changes.volume {
        row.volume = volume.clone();
    }
    if let Some(duration) = changes.duration {
        row.volume = row.volume.clone().with_duration(duration.into())?;
    }
    if let Some(rate) = changes.rate {
        row.volume = row.volume.clone().with_rate(rate)?;
    }
    row.max_in_flight = changes.max_in_flight.or(row.max_in_flight);
    Ok(())
}

/// Lists the scenario files of a directory, each with its name, description and phases.
fn list(directory: &Path) -> Code {
    let entries = fs::read_dir(directory).map_err(CliError::io("read", directory))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    for path in paths {
        say::result(match Scenario::open(&path) {
            Ok(scenario) => format!(
                "{}  {} create, {} load{}\n",
                path.display(),
                scenario.create.len(),
                scenario.load.len(),
                scenario.description.map(|text| format!("  {text}")).unwrap_or_default()
            ),
            Err(error) => format!("{}  invalid: {error}\n", path.display()),
        })?;
    }
    Ok(0)
}
