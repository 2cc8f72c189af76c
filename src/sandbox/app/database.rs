//! The users of a store: a SQLite database of their own.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, params};

use super::credentials::Secret;
use crate::sandbox::{
    SandboxError, Store,
    store::{close_file, open_file, open_memory},
};

/// Users kept at most.
pub(super) const USERS_MAX: u64 = 10_000_000;

const TABLES: &str = "
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
            Store::Memory => open_memory(TABLES)?,
            Store::Directory(directory) => open_file(directory, "users.sqlite", TABLES)?,
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
