//! What all trips of one plan row have in common.

use std::{collections::BTreeMap, sync::Arc};

use tokio::{sync::watch, time::Instant};

use super::{Shared, http};
use crate::bus::{Bus, Event, Message};

/// Settings by key, as a scenario file, the environment and the command line gave them.
pub type Settings = BTreeMap<String, serde_json::Value>;

/// What all trips of one plan row have in common.
pub struct Surroundings {
    /// Where everything is told.
    pub bus: Bus,
    /// When the run began; every message counts from here.
    pub began: Instant,
    /// The same moment in milliseconds since the Unix epoch.
    pub began_unix_ms: u64,
    /// Seed of the run.
    pub seed: u64,
    /// Name of the journey.
    pub journey: Arc<str>,
    /// `[config]` of the scenario, overridden by environment and command line.
    pub config: Arc<Settings>,
    /// `options` of the plan row.
    pub options: Settings,
    /// What trips of all rows have in common.
    pub shared: Arc<Shared>,
    /// The process's HTTP connections.
    pub http: http::Client,
    /// Becomes true when no more trips start.
    pub stopping: watch::Receiver<bool>,
}

impl Surroundings {
    /// Tells every subscriber that something happened just now.
    pub fn tell(&self, event: Event) {
        self.bus.publish(Message { at: self.began.elapsed(), event });
    }
}
