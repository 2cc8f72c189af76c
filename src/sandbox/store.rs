//! Where a sandbox keeps things: SQLite databases in a directory, or in memory alone.

use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};

use super::SandboxError;

// Whoever holds the lock holds it to the end: two sandboxes in one directory would count users
// twice. NORMAL leaves writes to the operating system at commit, which outlives a killed process.
const SETUP: &str = "
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
";

/// Where a sandbox keeps its users, keys and connections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Store {
    /// Nowhere: they end with the sandbox.
    #[default]
    Memory,
    /// In `users.sqlite` and `aries.sqlite` in this directory, made if there is none; they survive a
    /// kill of the process.
    Directory(PathBuf),
}

/// Opens a database of this process alone, and readies its tables.
pub(super) fn open_memory(tables: &str) -> Result<(Connection, PathBuf), SandboxError> {
    let file = PathBuf::from(":memory:");
    match Connection::open(&file).and_then(|connection| set_up(connection, tables)) {
        Ok(connection) => Ok((connection, file)),
        Err(source) => Err(SandboxError::Database { file, source }),
    }
}

/// Opens a database of this directory that nobody else has open, and readies its tables.
pub(super) fn open_file(
    directory: &Path,
    name: &str,
    tables: &str,
) -> Result<(Connection, PathBuf), SandboxError> {
    let file = make_file(directory, name)
        .map_err(|source| SandboxError::Directory { directory: directory.into(), source })?;
    match Connection::open(&file).and_then(|connection| set_up(connection, tables)) {
        Ok(connection) => Ok((connection, file)),
        Err(source) if is_in_use(&source) => {
            Err(SandboxError::InUse { directory: directory.into() })
        }
        Err(source) => Err(SandboxError::Database { file, source }),
    }
}

/// Moves all that is in the write-ahead log to the database file, and closes it.
pub(super) fn close_file(connection: Connection, file: PathBuf) -> Result<(), SandboxError> {
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .and_then(|()| connection.close().map_err(|(_, source)| source))
        .map_err(|source| SandboxError::Database { file, source })
}

fn set_up(connection: Connection, tables: &str) -> rusqlite::Result<Connection> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.execute_batch(SETUP)?;
    connection.execute_batch(tables)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// SQLite gives the files that it makes beside this one the same mode.
fn make_file(directory: &Path, name: &str) -> io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let file = directory.join(name);
    OpenOptions::new().append(true).create(true).mode(0o600).open(&file)?;
    fs::set_permissions(&file, Permissions::from_mode(0o600))?;
    Ok(file)
}

fn is_in_use(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
