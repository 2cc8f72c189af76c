//! `engine journey`: list them, or run one trip and print everything that happens in it.

use std::io;

use super::{
    Code,
    args::{self, JourneyRun},
    error::CliError,
    launch::{self, travel},
    say, scenario, targets,
    trace::Trace,
};
use crate::{
    bus::{Phase, Subscribers},
    journey::{Journey, Journeys, http},
    observe::{Keep, Recorder},
    plan::{Scenario, Share},
    run::{Choices, Vetted, prepare, raise_descriptor_limit},
};

/// Exit code of a single trip that failed.
const TRIP_FAILED: u8 = 107;

pub(super) fn run(order: &args::Journey, journeys: &Journeys) -> Code {
    match order {
        args::Journey::List => {
            let width = journeys.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
            for (name, journey) in journeys.iter() {
                let (about, rows) = (journey.about(), rows_of(journey));
                say::result(format_args!("{name:<width$} {about}{rows}\n"))?;
            }
            Ok(0)
        }
        args::Journey::Run(order) => run_once(order, journeys),
    }
}

fn rows_of(journey: &Journey) -> String {
    journey.row_type().map(|row| format!(" (takes rows of {row})")).unwrap_or_default()
}

fn run_once(order: &JourneyRun, journeys: &Journeys) -> Code {
    let mut scenario = scenario_of(order, journeys)?;
    let sandbox = targets::resolve(&mut scenario)?;
    let http = http::Client::new(launch::http_settings(&scenario.http)?)?;
    let choices = Choices {
        phase: Phase::JourneyRun,
        share: Share::WHOLE,
        recorder_dir: order.recorder_dir.clone(),
        began_unix_ms: launch::unix_ms(),
        descriptors: raise_descriptor_limit(),
        vetted: Vetted::Lent,
        remarks: Vec::new(),
    };
    let prepared = prepare(&scenario, journeys, &choices)?;
    let recorder = Recorder::open(&order.recorder_dir, Keep::Append)?;
    let mut seats = Subscribers::default();
    let seated = seats.subscribe("trace", Trace::new(io::stdout()));
    let trace = seated.map_err(CliError::Runtime)?;
    let seated = seats.subscribe_to_records("recorder", recorder);
    let recorder = seated.map_err(CliError::Runtime)?;
    let bus = seats.open().map_err(CliError::Runtime)?;

    let travelled = travel(prepared, &bus, http);
    bus.close();
    let trace = trace.join()?;
    recorder.join()?.finish().map_err(CliError::Runtime)?;
    travelled?;
    drop(sandbox);
    Ok(if trace.failed() { TRIP_FAILED } else { 0 })
}

/// A scenario of one trip, with the configuration of the scenario file that was named.
fn scenario_of(order: &JourneyRun, journeys: &Journeys) -> Result<Scenario, CliError> {
    let journey = journeys.find(&order.name).ok_or_else(|| {
        let near = journeys.nearest(&order.name);
        let hint = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
        CliError::NoJourney { name: order.name.clone(), hint }
    })?;
    let mut one = one_trip(order)?;
    if let Some(file) = &order.scenario {
        let mut scenario = Scenario::open(file)?;
        scenario::rehome(&mut scenario, &order.recorder_dir);
        let row = scenario.load.iter().find(|row| row.journey == order.name);
        if let Some(row) = row {
            one.load[0].options.clone_from(&row.options);
            if order.datapool.is_none() {
                one.load[0].datapool.clone_from(&row.datapool);
            }
        }
        let load = std::mem::take(&mut one.load);
        let datapools = std::mem::take(&mut one.datapools);
        one = Scenario { load, thresholds: Vec::new(), ..scenario };
        one.datapools.extend(datapools);
    }
    if let (Some(rows), None) = (journey.row_type(), &one.load[0].datapool) {
        return Err(CliError::NeedsDatapool(order.name.clone(), rows));
    }
    scenario::configure(&mut one, &order.config)?;
    one.seed = order.seed.unwrap_or(one.seed);
    Ok(one)
}

fn one_trip(order: &JourneyRun) -> Result<Scenario, CliError> {
    let mut row = toml::Table::new();
    row.insert("journey".into(), order.name.clone().into());
    row.insert("volume".into(), "1 trips by 1 users".into());
    let mut scenario = toml::Table::new();
    if let Some(file) = &order.datapool {
        row.insert("datapool".into(), "rows".into());
        let source = toml::Table::from_iter([("source".into(), file.display().to_string().into())]);
        let pools = toml::Table::from_iter([("rows".into(), source.into())]);
        scenario.insert("datapool".into(), pools.into());
    }
    scenario.insert("load".into(), vec![row].into());
    Ok(Scenario::parse(&scenario.to_string(), "the command line")?)
}
