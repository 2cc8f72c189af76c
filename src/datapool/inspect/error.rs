//! What keeps a file of rows from being shown, turned or rewritten.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::datapool::{Fault, RowsError};

/// Why a file of rows cannot be shown, turned or rewritten.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InspectError {
    /// Its rows cannot be read.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// What is made of it cannot be written.
    #[error("cannot write rows: {0}")]
    Write(io::Error),
    /// The JSON lines cannot be read.
    #[error("cannot read JSON lines: {0}")]
    Input(io::Error),
    /// A line of JSON is not a row.
    #[error("line {number}: {problem}")]
    Line {
        /// Number of the line, from 1.
        number: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// The file cannot be rewritten; it is as it was.
    #[error("cannot rewrite {}: {error}", path.display())]
    Rewrite {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file is CSV, which has nothing to rewrite.
    #[error("cannot compact {}: only a .msgpack file has superseded rows", path.display())]
    NotMessagePack {
        /// The file.
        path: PathBuf,
    },
}

impl InspectError {
    /// Says of what keeps a file from being read which file it is.
    pub(super) fn rows(path: &std::path::Path) -> impl Fn(Fault) -> Self + '_ {
        |fault| RowsError { path: path.to_path_buf(), fault }.into()
    }
}
