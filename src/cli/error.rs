//! What keeps a command from doing what it should, and the exit code for it.

use std::{error::Error, fmt::Write, io, path::PathBuf};

use anstyle::{AnsiColor, Style};
use thiserror::Error;

use crate::{
    akrida::AkridaError,
    bus::SubscriberError,
    datapool::{RowsError, inspect::InspectError},
    journey::http::SettingsError,
    observe::{CreateError, RecorderError, ReplayError},
    plan::{ScenarioError, ThresholdError, scenario::ConfigError, volume::OverrideError},
    run::PrepareError,
    sandbox::SandboxError,
};

/// How the word `error` looks.
pub(super) const STYLE: Style = AnsiColor::Red.on_default().bold();

/// What keeps a command from doing what it should.
#[derive(Debug, Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error("--volume, --rate and --duration: [[{table}]] row {row} ({journey}): {source}")]
    Override { table: &'static str, row: usize, journey: String, source: OverrideError },
    #[error("{0} has no [[{1}]] rows, so there is nothing to do; `engine {2}` runs its others")]
    NoRows(PathBuf, &'static str, &'static str),
    #[error(
        "{path} holds {rows} rows already: say --append to add to them, --fresh to replace them, \
         or --top-up to make only what is missing"
    )]
    Recorded { path: PathBuf, rows: u64 },
    #[error(
        "--top-up: [[create]] row {row} ({journey}) must say `records = \"…\"` and plan a number of trips, such as `1000 trips by 8 users`"
    )]
    CannotTopUp { row: usize, journey: String },
    #[error("no journey is called `{name}`{hint}; `engine journey list` lists them")]
    NoJourney { name: String, hint: String },
    #[error(
        "journey `{0}` takes rows of {1}: give it a datapool of them with --datapool FILE, such as recorder-data/NAME.msgpack"
    )]
    NeedsDatapool(String, &'static str),
    #[error("{0} holds a run already: name another directory with -o, or delete this one")]
    RunExists(PathBuf),
    #[error("cannot {action} {path}")]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error(transparent)]
    Runtime(io::Error),
    #[error(transparent)]
    Subscriber(#[from] SubscriberError),
    #[error(transparent)]
    Recorder(#[from] RecorderError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    #[error(transparent)]
    Http(#[from] SettingsError),
    #[error(transparent)]
    Rows(#[from] RowsError),
    #[error(transparent)]
    Inspect(#[from] InspectError),
    #[error("{place}: {source}")]
    Config { place: String, source: ConfigError },
    #[error(
        "-e {key}: did you mean `{near}`?; a key that [config] does not have yet is written there first"
    )]
    UnknownKey { key: String, near: String },
    #[error(transparent)]
    Threshold(#[from] ThresholdError),
    #[error(transparent)]
    Akrida(#[from] AkridaError),
    #[error(transparent)]
    Create(#[from] CreateError),
}

impl CliError {
    /// Says what could not be done with a path.
    pub(super) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Scenario(_)
            | Self::Prepare(_)
            | Self::Override { .. }
            | Self::NoRows(..)
            | Self::UnknownKey { .. } => 104,
            Self::Recorded { .. }
            | Self::CannotTopUp { .. }
            | Self::NoJourney { .. }
            | Self::NeedsDatapool(..)
            | Self::Config { .. }
            | Self::RunExists(_) => 2,
            _ => 1,
        }
    }

    /// The message, followed by those of its causes.
    pub(super) fn with_sources(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            let said = error.to_string();
            // A transparent variant repeats its source's own message.
            if !text.ends_with(&said) {
                write!(text, ": {said}").expect("writing to a String never fails");
            }
            cause = error.source();
        }
        text
    }
}
