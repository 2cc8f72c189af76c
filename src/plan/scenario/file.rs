//! The keys of a scenario file, before they are checked against each other.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use toml::Table;

use super::{Datapool, HttpSettings, SandboxSettings, http::some_time};
use crate::plan::{Spacing, Volume};
use crate::quantity::{Percent, Span, from_text};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) seed: u64,
    #[serde(default = "one_percent", deserialize_with = "from_text::<Percent, _, _>")]
    pub(super) max_dropped: f64,
    #[serde(default = "thirty_seconds", deserialize_with = "from_text::<Span, _, _>")]
    pub(super) grace: Duration,
    #[serde(default)]
    pub(super) config: Table,
    #[serde(default)]
    pub(super) datapool: BTreeMap<String, Datapool>,
    #[serde(default)]
    pub(super) create: Vec<FileRow>,
    #[serde(default)]
    pub(super) load: Vec<FileRow>,
    #[serde(default)]
    pub(super) http: HttpSettings,
    #[serde(default)]
    pub(super) sandbox: SandboxSettings,
    #[serde(default)]
    pub(super) thresholds: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileRow {
    pub(super) journey: String,
    pub(super) datapool: Option<String>,
    pub(super) volume: Volume,
    pub(super) arrival: Option<Spacing>,
    pub(super) max_in_flight: Option<u32>,
    #[serde(default = "thirty_seconds", deserialize_with = "from_text::<Span, _, _>")]
    pub(super) max_backlog: Duration,
    #[serde(default = "an_hour", deserialize_with = "some_time")]
    pub(super) max_trip: Duration,
    #[serde(default)]
    pub(super) options: Table,
    pub(super) records: Option<String>,
}

fn one_percent() -> f64 {
    0.01
}

fn an_hour() -> Duration {
    Duration::from_hours(1)
}

fn thirty_seconds() -> Duration {
    Duration::from_secs(30)
}
