//! `engine scenario check`: reads, finds and types everything, prints the plan, sends nothing.

use std::{collections::BTreeMap, fmt::Write, path::Path, sync::Arc, time::Duration};

use super::{
    Code,
    args::ScenarioCheck,
    error::CliError,
    launch::unix_ms,
    say,
    scenario::{open, rehome},
    targets,
};
use crate::{
    bus::Phase,
    datapool::DataPool,
    journey::Journeys,
    plan::{
        Scenario, Share, Spacing, Volume,
        scenario::{Mode, Row},
        volume::{Model, Peak},
    },
    quantity::Span,
    run::{Choices, PrepareError, Vetted, prepare, raise_descriptor_limit},
};

pub(super) fn run(order: &ScenarioCheck, journeys: &Journeys) -> Code {
    // Flags that change volumes are those of the load, where there is one.
    let mut scenario = open(&order.file, &order.changes, Phase::ScenarioRun)?;
    if scenario.load.is_empty() {
        scenario = open(&order.file, &order.changes, Phase::CreateData)?;
    }
    rehome(&mut scenario, &order.recorder_dir);
    let mut text = format!("scenario {}, seed {}\n", scenario.name, scenario.seed);
    for phase in [Phase::CreateData, Phase::ScenarioRun] {
        if !plan_of(&scenario, phase).is_empty() {
            text += &checked(&scenario, phase, order, journeys)?;
        }
    }
    if !scenario.thresholds.is_empty() {
        text += "\nthresholds\n";
    }
    text.extend(scenario.thresholds.iter().map(|it| format!("  {it}\n")));
    say::result(text).map(|()| 0)
}

/// What a phase comes to, once everything it needs has been found.
fn checked(
    scenario: &Scenario,
    phase: Phase,
    order: &ScenarioCheck,
    journeys: &Journeys,
) -> Result<String, CliError> {
    let share = order.changes.share.unwrap_or(Share::WHOLE);
    let embedded = targets::embedded(scenario);
    let scenario = &targets::imagined(scenario);
    let choices = Choices {
        phase,
        share,
        recorder_dir: order.recorder_dir.clone(),
        began_unix_ms: unix_ms(),
        descriptors: raise_descriptor_limit(),
        // The embedded target is not started, so where it would be is not known.
        vetted: if embedded { Vetted::Nothing } else { Vetted::Lent },
        remarks: Vec::new(),
    };
    let remark = match prepare(scenario, journeys, &choices) {
        Ok(prepared) => {
            let rows = |pool: &Arc<DataPool>| (pool.name().to_owned(), pool.len() as u64);
            pools(scenario, phase, share, prepared.pools().map(rows).collect())
        }
        Err(error) if will_be_made(scenario, &error, &order.recorder_dir) => {
            format!("  not there yet: {error}\n")
        }
        Err(error) => return Err(error.into()),
    };
    let rows = (0..).zip(plan_of(scenario, phase));
    let rows: String =
        rows.map(|(index, row)| described(row, scenario.row_seed(index), share)).collect();
    Ok(format!("\n{}\n{rows}{remark}", title(phase)))
}

/// What is in the datapools of a phase, and what should be.
fn pools(scenario: &Scenario, phase: Phase, share: Share, there: BTreeMap<String, u64>) -> String {
    let line = |(name, rows): (String, u64)| {
        let need = Need::of(plan_of(scenario, phase), &name, share);
        let mode = scenario.datapools[&name].mode;
        format!("  datapool {name}: {}\n", need.held_against(rows, mode))
    };
    there.into_iter().map(line).collect()
}

fn plan_of(scenario: &Scenario, phase: Phase) -> &[Row] {
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

fn described(row: &Row, seed: u64, share: Share) -> String {
    let mut text = format!("  {}: {}\n", row.journey, row.volume);
    let mut line = |name: &str, value: &str| {
        writeln!(text, "    {name:<10} {value}").expect("writing to a String never fails");
    };
    let planned = row.volume.trips_of(share);
    let planned = planned.map_or_else(|| "as many as users manage".into(), |it| it.to_string());
    match row.volume.model() {
        Model::Open => {
            let busiest = row.by_second(seed, share).into_iter().max().unwrap_or_default();
            let spacing = match row.arrival {
                Spacing::Even => "evenly spaced",
                Spacing::Poisson => "Poisson",
            };
            line("arrivals", &format!("{planned}, {spacing}, {busiest} in the busiest second"));
        }
        Model::Closed => line("trips", &planned),
    }
    line("peak", &row.peak().to_string());
    if let Some(lasts) = row.duration() {
        line("duration", &Span(lasts).to_string());
    }
    if let Some(most) = row.max_in_flight {
        line("in flight", &format!("{most} at most"));
    }
    if let Some(pool) = &row.datapool {
        line("rows of", pool);
    }
    if let Some(name) = &row.records {
        line("records", name);
    }
    text
}

/// What the rows of a phase ask of one datapool.
struct Need {
    /// Trips, if the plan knows how many.
    trips: Option<u64>,
    /// Users that keep a row busy all the time.
    users: u64,
    /// Arrivals per second, all rows at their peaks.
    per_second: f64,
}

impl Need {
    fn of(plan: &[Row], pool: &str, share: Share) -> Self {
        let mut need = Self { trips: Some(0), users: 0, per_second: 0.0 };
        for row in plan.iter().filter(|row| row.datapool.as_deref() == Some(pool)) {
            need.trips = need.trips.zip(row.volume.trips_of(share)).map(|(sum, it)| sum + it);
            match (row.peak(), &row.volume) {
                (Peak::Rate(rate), _) => {
                    need.per_second += rate.per_second() / f64::from(share.of());
                }
                (Peak::Users(_), Volume::Trips(trips)) => need.users += trips.users_of(share),
                (Peak::Users(users), _) => need.users += share.below(users),
            }
        }
        need
    }

    /// `500 rows, lent again and again; enough for trips of up to 5s`
    fn held_against(&self, rows: u64, mode: Mode) -> String {
        match (mode, self.trips) {
            (Mode::Once, Some(trips)) if rows < trips => {
                format!("{rows} rows, each lent once: {trips} are needed, {} more", trips - rows)
            }
            (Mode::Once, Some(trips)) => format!("{rows} rows, each lent once: {trips} are needed"),
            (Mode::Once, None) => format!("{rows} rows, each lent once: one a trip is needed"),
            (Mode::Recycle, _) => {
                format!("{rows} rows, lent again and again: {}", self.lasts(rows))
            }
        }
    }

    /// How long a trip may keep a row that is lent again, at the peak.
    fn lasts(&self, rows: u64) -> String {
        let free = rows.saturating_sub(self.users);
        if rows < self.users {
            return format!(
                "{} are needed for as many users, {} more",
                self.users,
                self.users - rows
            );
        }
        if self.per_second == 0.0 {
            return format!("{} are needed, one for each user", self.users);
        }
        let lasts = Duration::from_secs(free).div_f64(self.per_second);
        let lasts = Duration::from_millis(u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX));
        format!("enough at the peak while a trip takes up to {}", Span(lasts))
    }
}

/// Whether a pool is missing only because this scenario's own first phase has not run yet.
fn will_be_made(scenario: &Scenario, error: &PrepareError, recorder_dir: &Path) -> bool {
    let Some(missing) = error.missing_source() else { return false };
    let made = |name: &String| recorder_dir.join(format!("{name}.msgpack")) == missing;
    !missing.exists() && scenario.create.iter().filter_map(|row| row.records.as_ref()).any(made)
}
