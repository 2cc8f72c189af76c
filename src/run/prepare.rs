//! Everything found and read, nothing started: every mistake a user can make shows here.

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{
    admit::{self, Vetted},
    error::PrepareError,
    header::header,
};
use crate::{
    bus::{self, Phase},
    datapool::{DataPool, Mode},
    journey::{Journey, Journeys, Settings},
    plan::{
        POISSON_TRIPS_MAX, Scenario, Share, Spacing,
        scenario::{self, OnEmpty},
    },
    quantity::shortened,
};

/// Trips that a row without a say of its own lets run at a time, where descriptors allow for it.
const MAX_IN_FLIGHT: u32 = 10_000;

/// What the scenario file does not say.
pub struct Choices {
    /// Which part of the scenario runs.
    pub phase: Phase,
    /// The part of the plan that this process does.
    pub share: Share,
    /// Where rows are recorded: a pool read from there is recorded when a trip changes its row.
    pub recorder_dir: PathBuf,
    /// Milliseconds since the Unix epoch at which the run begins.
    pub began_unix_ms: u64,
    /// File descriptors this process may open: each trip under way needs one at least.
    pub descriptors: u64,
    /// Which rows are held against `[config]`.
    pub vetted: Vetted,
    /// Things a reader of the report must know of.
    pub remarks: Vec<String>,
}

/// A run of which everything has been found and read, and nothing started.
pub struct Prepared {
    pub(super) header: bus::Run,
    pub(super) rows: Vec<PreparedRow>,
    pub(super) config: Settings,
    pub(super) grace: Duration,
}

pub(super) struct PreparedRow {
    pub(super) journey: Journey,
    pub(super) pool: Option<(Arc<DataPool>, OnEmpty)>,
    pub(super) plan: scenario::Row,
    pub(super) max_in_flight: usize,
    pub(super) options: Settings,
    pub(super) seed: u64,
}

impl Prepared {
    /// What a report needs to know of the run.
    #[must_use]
    pub fn header(&self) -> &bus::Run {
        &self.header
    }

    /// The datapools it borrows from.
    pub fn pools(&self) -> impl Iterator<Item = &Arc<DataPool>> {
        self.rows.iter().filter_map(|row| row.pool.as_ref().map(|(pool, _)| pool))
    }
}

/// Finds every journey, opens, types and vets every datapool, lays out the plan; starts nothing.
///
/// # Errors
/// The first mistake, with its place.
pub fn prepare(
    scenario: &Scenario,
    journeys: &Journeys,
    choices: &Choices,
) -> Result<Prepared, PrepareError> {
    let (table, plan) = match choices.phase {
        Phase::CreateData => ("create", &scenario.create),
        Phase::ScenarioRun | Phase::JourneyRun => ("load", &scenario.load),
    };
    let config = scenario.config.iter().map(|(key, value)| (key.clone(), json(value))).collect();
    let mut pools = BTreeMap::new();
    let mut rows = Vec::new();
    for (index, row) in plan.iter().enumerate() {
        let place = Place { table, row: index + 1 };
        let journey = place.journey(journeys, &row.journey)?;
        place.reads_options(&journey, row)?;
        journey.check_config(&config).map_err(PrepareError::Config)?;
        place.can_be_drawn(row)?;
        let pool = match &row.datapool {
            Some(name) => Some(open(scenario, name, &choices.recorder_dir, &mut pools)?),
            None => place.without_pool(&journey, &row.journey)?,
        };
        if let Some((pool, _)) = &pool {
            admit::lent(pool, (&journey, row), &config, choices.vetted)?;
        }
        admit::recorded((&journey, row), &config, choices)?;
        let max_in_flight = in_flight(row, choices.descriptors);
        let options = row.options.iter().map(|(key, value)| (key.clone(), json(value))).collect();
        let seed = scenario.row_seed(u16::try_from(index).map_err(|_| PrepareError::TooManyRows)?);
        rows.push(PreparedRow { journey, pool, plan: row.clone(), max_in_flight, options, seed });
    }
    let header = header(scenario, &rows, choices);
    Ok(Prepared { header, rows, config, grace: scenario.grace })
}

struct Place {
    table: &'static str,
    row: usize,
}

impl Place {
    fn journey(&self, journeys: &Journeys, name: &str) -> Result<Journey, PrepareError> {
        journeys.find(name).cloned().ok_or_else(|| PrepareError::NoJourney {
            table: self.table,
            row: self.row,
            name: name.into(),
            hint: journeys
                .nearest(name)
                .map(|near| format!(": did you mean `{near}`?"))
                .unwrap_or_default(),
        })
    }

    /// An option that is not read would be left out without a word.
    fn reads_options(&self, journey: &Journey, row: &scenario::Row) -> Result<(), PrepareError> {
        let Some(names) = journey.options() else { return Ok(()) };
        let unknown = row.options.keys().find(|key| !names.contains(&key.as_str()));
        unknown.map_or(Ok(()), |name| {
            Err(PrepareError::UnknownOption {
                table: self.table,
                row: self.row,
                journey: row.journey.clone(),
                name: shortened(name),
                hint: match names {
                    [] => "this journey has none".into(),
                    _ => scenario::suggestion(name, names),
                },
            })
        })
    }

    /// Flags may have made a volume longer than the scenario file could.
    fn can_be_drawn(&self, row: &scenario::Row) -> Result<(), PrepareError> {
        let drawn = row.arrival == Spacing::Poisson;
        if drawn && row.volume.trips().is_some_and(|trips| trips > POISSON_TRIPS_MAX) {
            return Err(PrepareError::TooManyToDraw { table: self.table, row: self.row });
        }
        Ok(())
    }

    fn without_pool<T>(&self, journey: &Journey, name: &str) -> Result<Option<T>, PrepareError> {
        journey.row_type().map_or(Ok(None), |row_type| {
            Err(PrepareError::NeedsDatapool {
                table: self.table,
                row: self.row,
                journey: name.into(),
                row_type,
            })
        })
    }
}

type Pools = BTreeMap<String, Arc<DataPool>>;

/// Opens a pool the first time a row names it; rows that share a pool share its rows.
fn open(
    scenario: &Scenario,
    name: &str,
    recorder_dir: &Path,
    pools: &mut Pools,
) -> Result<(Arc<DataPool>, OnEmpty), PrepareError> {
    let source = &scenario.datapools[name];
    if let Some(pool) = pools.get(name) {
        return Ok((Arc::clone(pool), source.on_empty));
    }
    let mode = match source.mode {
        scenario::Mode::Recycle => Mode::Recycle,
        scenario::Mode::Once => Mode::Once,
    };
    if !source.source.exists() {
        return Err(PrepareError::MissingPool { name: name.into(), path: source.source.clone() });
    }
    let pool = DataPool::open(name, &source.source, mode)?;
    let pool = Arc::new(match recorded_as(&source.source, recorder_dir) {
        Some(name) => pool.recorded(name),
        None => pool,
    });
    if let Some(torn) = pool.torn() {
        let (bytes, offset) = (torn.bytes, torn.offset);
        tracing::warn!(
            "datapool {name}: the last row is torn and left out ({bytes} bytes at {offset})"
        );
    }
    if pool.is_empty() {
        return Err(PrepareError::EmptyPool { name: name.into(), path: source.source.clone() });
    }
    let (rows, superseded) = (pool.len(), pool.superseded());
    tracing::info!("datapool {name}: {rows} rows, {superseded} superseded ones left out");
    pools.insert(name.into(), Arc::clone(&pool));
    Ok((pool, source.on_empty))
}

/// The name under which the recorder keeps a file, if it lies where the recorder writes.
fn recorded_as<'a>(source: &'a Path, recorder_dir: &Path) -> Option<&'a str> {
    let parent = source.parent()?.canonicalize().ok()?;
    let kept = source.extension().is_some_and(|extension| extension == "msgpack");
    let there = recorder_dir.canonicalize().is_ok_and(|recorder_dir| recorder_dir == parent);
    (kept && there).then(|| source.file_stem()?.to_str()).flatten()
}

/// Trips of a row that may be under way: as asked, else as many as descriptors allow for.
fn in_flight(row: &scenario::Row, descriptors: u64) -> usize {
    let affordable = || {
        let descriptors = descriptors.saturating_sub(256).max(16);
        MAX_IN_FLIGHT.min(u32::try_from(descriptors).unwrap_or(MAX_IN_FLIGHT))
    };
    row.max_in_flight.map_or_else(affordable, NonZeroU32::get) as usize
}

/// A TOML value as the JSON that journeys read.
fn json(value: &toml::Value) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}
