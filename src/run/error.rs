//! What is wrong with a scenario, beyond its text.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::{datapool::PoolError, plan::POISSON_TRIPS_MAX};

/// What is wrong with a scenario, beyond its text.
#[derive(Debug, Error)]
pub enum PrepareError {
    /// A journey that the program does not have.
    #[error(
        "[[{table}]] row {row}: no journey is called `{name}`{hint}; `engine journey list` lists them"
    )]
    NoJourney {
        /// `create` or `load`.
        table: &'static str,
        /// Number of the row, from 1.
        row: usize,
        /// The name asked for.
        name: String,
        /// The nearest right name, if one is near.
        hint: String,
    },
    /// A journey that takes rows, in a row of the plan without a datapool.
    #[error(
        "[[{table}]] row {row}: journey `{journey}` takes rows of {row_type}: name a datapool, such as `datapool = \"users\"`"
    )]
    NeedsDatapool {
        /// `create` or `load`.
        table: &'static str,
        /// Number of the row, from 1.
        row: usize,
        /// The journey.
        journey: String,
        /// The type of its rows.
        row_type: &'static str,
    },
    /// An entry of a row's `options` that its journey does not read.
    #[error("[[{table}]] row {row} ({journey}): unknown option `{name}`: {hint}")]
    UnknownOption {
        /// `create` or `load`.
        table: &'static str,
        /// Number of the row, from 1.
        row: usize,
        /// The journey.
        journey: String,
        /// The name given.
        name: String,
        /// The nearest right name, or all there are.
        hint: String,
    },
    /// A `[config]` that a journey cannot use.
    #[error("{0}")]
    Config(String),
    /// A datapool that cannot be used.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// A datapool whose file is not there.
    #[error("datapool `{name}`: there is no {path}; make it with `engine create-data`")]
    MissingPool {
        /// Its name.
        name: String,
        /// Its file.
        path: PathBuf,
    },
    /// A datapool without a single row.
    #[error("datapool `{name}`: {path} holds no rows; make some with `engine create-data`")]
    EmptyPool {
        /// Its name.
        name: String,
        /// Its file.
        path: PathBuf,
    },
    /// More Poisson arrivals than can be drawn in a sensible time.
    #[error(
        "[[{table}]] row {row}: with poisson arrivals a volume comes to {POISSON_TRIPS_MAX} trips at most; shorten it, or say `arrival = \"even\"`"
    )]
    TooManyToDraw {
        /// `create` or `load`.
        table: &'static str,
        /// Number of the row, from 1.
        row: usize,
    },
    /// More rows than messages can name.
    #[error("a scenario has at most 65,535 rows")]
    TooManyRows,
}

impl PrepareError {
    /// The file of a datapool that is not there.
    #[must_use]
    pub fn missing_source(&self) -> Option<&Path> {
        match self {
            Self::MissingPool { path, .. } => Some(path),
            _ => None,
        }
    }
}
