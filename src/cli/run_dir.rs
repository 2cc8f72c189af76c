//! The directory of a run: `runs/<utc>-<scenario>`, flushed each second, its files for the
//! owner's eyes alone.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::error::CliError;
use crate::report;

/// The directory of a run.
pub(super) struct RunDir(PathBuf);

impl RunDir {
    /// Makes `chosen`, or `runs/<utc>-<scenario>`; a run that is there already is never overwritten.
    pub(super) fn create(
        chosen: Option<&Path>,
        scenario: &str,
        began_unix_ms: u64,
    ) -> Result<Self, CliError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        if let Some(path) = chosen {
            if path.join("messages.msgpack").exists() || path.join("summary.json").exists() {
                return Err(CliError::RunExists(path.into()));
            }
            builder.create(path).map_err(CliError::io("make", path))?;
            return Ok(Self(path.into()));
        }
        let runs = Path::new("runs");
        builder.create(runs).map_err(CliError::io("make", runs))?;
        let name = format!("{}-{scenario}", report::utc(began_unix_ms).replace(':', "-"));
        let names = std::iter::once(name.clone()).chain((2..1000).map(|n| format!("{name}-{n}")));
        builder.recursive(false);
        for path in names.map(|name| runs.join(name)) {
            match builder.create(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(CliError::io("make", path)(error)),
            }
        }
        Err(CliError::RunExists(runs.join(name)))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Makes a file in it.
    pub(super) fn file(&self, name: &str) -> Result<File, CliError> {
        let path = self.0.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        options.open(&path).map_err(CliError::io("write", path))
    }

    /// Writes a whole file in it.
    pub(super) fn write(&self, name: &str, content: &str) -> Result<(), CliError> {
        let written = self.file(name)?.write_all(content.as_bytes());
        written.map_err(CliError::io("write", self.0.join(name)))
    }
}

/// Opens a file that must be there.
pub(super) fn open(path: &Path) -> Result<File, CliError> {
    File::open(path).map_err(CliError::io("read", path))
}
