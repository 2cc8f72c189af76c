//! Files that nobody but their owner may read: they hold keys, and rows of people.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use thiserror::Error;

/// Why a file of a run could not be made.
#[derive(Debug, Error)]
#[error("cannot create {}", path.display())]
pub struct CreateError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// What every file is opened with that rows or messages go to.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Creates a file that was not there before.
pub(super) fn create(path: &Path) -> Result<File, CreateError> {
    options()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(|source| CreateError { path: path.to_owned(), source })
}

/// Names the file in an error that does not.
pub(super) fn name(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
