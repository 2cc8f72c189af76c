//! What a run says of itself before it begins.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::nanos;

/// What a report needs to know of a run before it begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Version of the engine.
    pub engine: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Which part of the scenario runs.
    pub phase: Phase,
    /// Seed of every die in the run.
    pub seed: u64,
    /// Milliseconds since the Unix epoch at which the run began.
    pub began_unix_ms: u64,
    /// The share `(i, n)` of the plan that this process does.
    pub share: (u32, u32),
    /// Rows of the plan; messages name them by index.
    pub rows: Vec<Row>,
    /// Thresholds as written: metric, expression.
    pub thresholds: Vec<(String, String)>,
    /// The share of planned trips, from 0 to 1, that may be dropped in a load that counts as achieved.
    pub max_dropped: f64,
    /// Things a reader of the report must know of, such as an embedded target.
    pub remarks: Vec<String>,
}

/// A part of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// `engine create-data`.
    CreateData,
    /// `engine scenario run`.
    ScenarioRun,
    /// `engine journey run`.
    JourneyRun,
}

/// A row of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Name of the journey.
    pub journey: String,
    /// Name of the datapool, if it has one.
    pub datapool: Option<String>,
    /// The volume as written.
    pub volume: String,
    /// Open or closed.
    pub model: Model,
    /// How many trips are planned; unknown for users kept busy for a time.
    pub planned: Option<u64>,
    /// Length of the plan.
    #[serde(with = "nanos")]
    pub duration: Duration,
    /// Open model: arrivals due in each second. Closed model: users wanted in each second.
    pub by_second: Vec<u32>,
    /// Trips that may be under way at a time.
    pub max_in_flight: u64,
    /// How long an arrival may wait for a slot.
    #[serde(with = "nanos")]
    pub max_backlog: Duration,
}

/// Who decides when the next trip begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// The plan: trips arrive at a rate, whatever the target does.
    Open,
    /// The target: a number of users begin anew when they are done.
    Closed,
}
