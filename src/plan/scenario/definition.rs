//! A scenario, read and found right.

use std::{collections::BTreeMap, fs, io::Read, path::Path, time::Duration};

use toml::Table;

use super::{
    Datapool, HttpSettings, Row, SandboxSettings, ScenarioError, check, config,
    config::ConfigError, file::File, place::Places,
};
use crate::plan::Threshold;

/// Bytes that a scenario file may have.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// What to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name; that of its file without the ending if it gives none.
    pub name: String,
    /// What it is for, in its author's words.
    pub description: Option<String>,
    /// Seed of every die that is thrown; 0 if the file gives none.
    pub seed: u64,
    /// The part of planned trips, from 0 to 1, that may be dropped in a load that counts as
    /// achieved; 1% if the file gives none.
    pub max_dropped: f64,
    /// How long trips that are under way at the plan's end may take; 30 s if the file says nothing.
    pub grace: Duration,
    /// What journeys read; strings, numbers, booleans, arrays and tables alone.
    pub config: Table,
    /// Rows of data, by name.
    pub datapools: BTreeMap<String, Datapool>,
    /// What `engine create-data` runs.
    pub create: Vec<Row>,
    /// What `engine scenario run` runs.
    pub load: Vec<Row>,
    /// How journeys speak HTTP.
    pub http: HttpSettings,
    /// How the embedded target behaves.
    pub sandbox: SandboxSettings,
    /// What the run has to reach.
    pub thresholds: Vec<Threshold>,
}

impl Scenario {
    /// Reads a scenario from a file.
    ///
    /// # Errors
    /// When the file cannot be read, or is no right scenario.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ScenarioError> {
        let path = path.as_ref();
        let unreadable = |source| ScenarioError::Read { path: path.to_owned(), source };
        let file = fs::File::open(path).map_err(unreadable)?;
        let mut text = String::new();
        file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
        if text.len() as u64 > FILE_BYTES_MAX {
            return Err(ScenarioError::TooLarge { path: path.to_owned() });
        }
        Self::parse(&text, path)
    }

    /// Reads a scenario from the text of a file; the path is for its name and for errors.
    ///
    /// # Errors
    /// When the text is no right scenario.
    pub fn parse(text: &str, path: impl AsRef<Path>) -> Result<Self, ScenarioError> {
        let path = path.as_ref();
        let places = Places::of(text);
        let file: File =
            toml::from_str(text).map_err(|error| places.unreadable(&error).invalid(path, text))?;
        check::scenario(file, path).map_err(|wrong| places.locate(wrong).invalid(path, text))
    }

    /// Sets a value of `[config]` from outside the file; dots in the key reach into tables.
    ///
    /// A text that begins with `{` becomes the inline table that it is, unless it is JSON. Any other
    /// becomes a string, unless a number or a boolean stands there now and the text is one as well.
    ///
    /// # Errors
    /// When a part of the key is empty, or names something that is no table to reach into, or
    /// all of it names a table and the text is none, or the text begins as a table and is none.
    pub fn override_config(&mut self, key: &str, text: &str) -> Result<(), ConfigError> {
        config::set(&mut self.config, key, text)
    }

    /// The seed of a row's arrivals; each row has another.
    #[must_use]
    pub fn row_seed(&self, row: u16) -> u64 {
        const GOLDEN_RATIO: u64 = 0x9E37_79B9_7F4A_7C15;
        self.seed.wrapping_add(u64::from(row).wrapping_mul(GOLDEN_RATIO))
    }
}
