//! Where users are kept: a SQLite database in a directory, or in memory alone.

use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::{SandboxError, credentials::Secret};

/// Users kept at most.
pub(super) const USERS_MAX: u64 = 10_000_000;

// Whoever holds the lock holds it to the end: two sandboxes in one directory would count users
// twice. NORMAL leaves writes to the operating system at commit, which outlives a killed process.
const SETUP: &str = "
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY,
        username TEXT NOT NULL UNIQUE,
        salt BLOB NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
";
const INSERT: &str = "
    INSERT INTO users (username, salt, hash) VALUES (?1, ?2, ?3)
    ON CONFLICT (username) DO NOTHING RETURNING id";
const FIND: &str = "SELECT id, salt, hash FROM users WHERE username = ?1";

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

/// A user to be.
pub(super) struct NewUser {
    pub(super) username: String,
    pub(super) secret: Secret,
}

/// What became of a new user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Created {
    /// A user of this id.
    User(i64),
    /// Nothing: somebody has that name.
    Taken,
    /// Nothing: there are [`USERS_MAX`] already.
    Full,
}

/// A user as kept.
pub(super) struct Account {
    pub(super) id: i64,
    pub(super) secret: Secret,
}

/// The users of one store; nobody else has it open.
pub(super) struct Database {
    connection: Connection,
    file: PathBuf,
    users: u64,
}

impl Database {
    pub(super) fn open(store: &Store) -> Result<Self, SandboxError> {
        let (connection, file) = match store {
            Store::Memory => open_memory(SETUP)?,
            Store::Directory(directory) => open_file(directory, "users.sqlite", SETUP)?,
        };
        match users(&connection) {
            Ok(users) => Ok(Self { connection, file, users }),
            Err(source) => Err(SandboxError::Database { file, source }),
        }
    }

    /// How many users there are.
    pub(super) fn users(&self) -> u64 {
        self.users
    }

    /// Creates users, all in one transaction: either all that can be are kept, or none.
    pub(super) fn create(&mut self, new_users: &[NewUser]) -> rusqlite::Result<Vec<Created>> {
        let mut users = self.users;
        let transaction = self.connection.transaction()?;
        let mut insert = transaction.prepare_cached(INSERT)?;
        let mut all_created = Vec::with_capacity(new_users.len());
        for NewUser { username, secret } in new_users {
            if users >= USERS_MAX {
                all_created.push(Created::Full);
                continue;
            }
            let row = params![username, secret.salt, secret.hash];
            let id = insert.query_row(row, |row| row.get(0)).optional()?;
            users += u64::from(id.is_some());
            all_created.push(id.map_or(Created::Taken, Created::User));
        }
        drop(insert);
        transaction.commit()?;
        self.users = users;
        Ok(all_created)
    }

    pub(super) fn find(&self, username: &str) -> rusqlite::Result<Option<Account>> {
        let mut find = self.connection.prepare_cached(FIND)?;
        find.query_row([username], |row| {
            let secret = Secret { salt: row.get(1)?, hash: row.get(2)? };
            Ok(Account { id: row.get(0)?, secret })
        })
        .optional()
    }

    pub(super) fn close(self) -> Result<(), SandboxError> {
        close_file(self.connection, self.file)
    }
}

/// Counts the users; both statements are prepared to see that they fit.
fn users(connection: &Connection) -> rusqlite::Result<u64> {
    connection.prepare_cached(INSERT)?;
    connection.prepare_cached(FIND)?;
    let users: i64 = connection.query_row("SELECT COUNT(*) FROM users", [], |row| row.get(0))?;
    Ok(users.unsigned_abs())
}

fn open_memory(setup: &str) -> Result<(Connection, PathBuf), SandboxError> {
    let file = PathBuf::from(":memory:");
    match Connection::open(&file).and_then(|connection| set_up(connection, setup)) {
        Ok(connection) => Ok((connection, file)),
        Err(source) => Err(SandboxError::Database { file, source }),
    }
}

/// Opens a database of this directory that nobody else has open, and readies its tables.
pub(super) fn open_file(
    directory: &Path,
    name: &str,
    setup: &str,
) -> Result<(Connection, PathBuf), SandboxError> {
    let file = make_file(directory, name)
        .map_err(|source| SandboxError::Directory { directory: directory.into(), source })?;
    match Connection::open(&file).and_then(|connection| set_up(connection, setup)) {
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

fn set_up(connection: Connection, setup: &str) -> rusqlite::Result<Connection> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.execute_batch(setup)?;
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
