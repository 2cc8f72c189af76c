//! `engine demo`: both phases on the embedded target, as anyone would run them.

use std::path::Path;

use super::{
    Code,
    args::{DEFAULT_RECORDER_DIR, Run, Tone},
    create,
    launch::{Order, launch},
    scenario,
};
use crate::{bus::Phase, journey::Journeys, observe::Keep, plan::Scenario};

/// The scenario, as it stands in the repository.
const SCENARIO: &str = include_str!("../../journeys/scenarios/wallets.toml");
const PATH: &str = "journeys/scenarios/wallets.toml";
/// Where the demo keeps its wallets: not among anyone's own.
const HOME: &str = "demo-data";

/// Provisions what wallets are missing, then lets the recorded ones work; a volume, rate or duration
/// that is asked for is that of the second phase.
pub(super) fn run(order: &Run, tone: &Tone, journeys: &Journeys) -> Code {
    let mut scenario = Scenario::parse(SCENARIO, PATH)?;
    let mut order = order.clone();
    if order.recorder_dir == Path::new(DEFAULT_RECORDER_DIR) {
        order.recorder_dir = HOME.into();
    }
    let order = &order;
    scenario.sandbox.directory = order.recorder_dir.join("sandbox");
    scenario::rehome(&mut scenario, &order.recorder_dir);
    scenario::change(&mut scenario, &order.changes, Phase::ScenarioRun)?;
    let mut creation = scenario.clone();
    create::top_up(&mut creation, &order.recorder_dir, tone)?;
    if !creation.create.is_empty() {
        let phase = Phase::CreateData;
        let output = order.output.as_ref().map(|path| path.join("create-data"));
        let run = &Run { output, ..order.clone() };
        let order = Order { scenario: creation, phase, keep: Keep::Append, run, tone };
        let code = launch(order, journeys)?.verdict().exit_code();
        if code != 0 {
            return Ok(code);
        }
    }
    let phase = Phase::ScenarioRun;
    let order = Order { scenario, phase, keep: Keep::Append, run: order, tone };
    Ok(launch(order, journeys)?.verdict().exit_code())
}
