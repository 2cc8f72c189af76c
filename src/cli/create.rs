//! `engine create-data`: provision users and record them.

use std::{collections::BTreeMap, path::Path};

use super::{
    Code,
    args::{CreateData, Tone},
    error::CliError,
    launch::{Order, launch, rehearse},
    say, scenario,
};
use crate::{
    bus::Phase,
    datapool,
    journey::Journeys,
    observe::Keep,
    plan::{Scenario, Volume},
};

pub(super) fn run(order: &CreateData, tone: &Tone, journeys: &Journeys) -> Code {
    let mut scenario = scenario::open(&order.file, &order.run.changes, Phase::CreateData)?;
    if scenario.create.is_empty() {
        return Err(CliError::NoRows(order.file.clone(), "create", "scenario run"));
    }
    let recorded = &order.run.recorder_dir;
    scenario::rehome(&mut scenario, recorded);
    let keep = match (order.keep.fresh, order.keep.append, order.keep.top_up) {
        (true, ..) => Keep::Fresh,
        (_, true, _) => Keep::Append,
        (.., true) => {
            let whole = scenario.clone();
            top_up(&mut scenario, recorded, tone)?;
            if scenario.create.is_empty() {
                // What is there may be of another target.
                let (phase, keep) = (Phase::CreateData, Keep::Append);
                let order = Order { scenario: whole, phase, keep, run: &order.run, tone };
                return rehearse(order, journeys).map(|()| 0);
            }
            Keep::Append
        }
        _ => {
            refuse_to_mix(&scenario, recorded)?;
            Keep::Append
        }
    };
    let phase = Phase::CreateData;
    let order = Order { scenario, phase, keep, run: &order.run, tone };
    Ok(launch(order, journeys)?.verdict().exit_code())
}

/// Leaves of each row only what is missing of it.
pub(super) fn top_up(
    scenario: &mut Scenario,
    recorded: &Path,
    tone: &Tone,
) -> Result<(), CliError> {
    let mut there = BTreeMap::new();
    let mut rows = Vec::new();
    for (index, mut row) in std::mem::take(&mut scenario.create).into_iter().enumerate() {
        let (Some(name), Some(planned)) = (row.records.clone(), row.volume.trips()) else {
            return Err(CliError::CannotTopUp { row: index + 1, journey: row.journey });
        };
        let there = match there.entry(name.clone()) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(rows_in(&recorded.join(format!("{name}.msgpack")))?)
            }
        };
        let kept = planned.min(*there);
        *there -= kept;
        if !tone.quiet {
            say::remark(format_args!("{name}: {kept} of {planned} rows are recorded already"));
        }
        if let Some(volume) = fewer(&row.volume, planned - kept) {
            row.volume = volume;
            rows.push(row);
        }
    }
    scenario.create = rows;
    Ok(())
}

/// The same volume with another number of trips; `None` if that is none.
fn fewer(volume: &Volume, trips: u64) -> Option<Volume> {
    let text = volume.to_string();
    let (_, rest) = text.split_once(' ')?;
    format!("{trips} {rest}").parse().ok()
}

/// Adding to what an earlier run recorded, or replacing it, must be asked for.
fn refuse_to_mix(scenario: &Scenario, recorded: &Path) -> Result<(), CliError> {
    let named = scenario.create.iter().filter_map(|row| row.records.as_ref());
    let named = named.map(|name| recorded.join(format!("{name}.msgpack")));
    let created_for = |pool: &&std::path::PathBuf| pool.parent() == Some(recorded);
    let lent: Vec<_> = scenario.create.iter().filter_map(|row| row.datapool.as_ref()).collect();
    let sources = scenario.datapools.iter().filter(|(name, _)| !lent.contains(name));
    let sources = sources.map(|(_, pool)| &pool.source).filter(created_for).cloned();
    for path in named.chain(sources) {
        let rows = rows_in(&path)?;
        if rows > 0 {
            return Err(CliError::Recorded { path, rows });
        }
    }
    Ok(())
}

/// Rows in a recorded datapool; none if there is no such file yet.
fn rows_in(path: &Path) -> Result<u64, CliError> {
    if !path.exists() {
        return Ok(0);
    }
    Ok(datapool::read(path)?.rows.len() as u64)
}
