//! The journal's tables: a SQLite database beside that of the users.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{
    credentials,
    rows::{ConnectionRow, InvitationRow, Kept, KeyRow, ParcelRow, RouteRow, Write},
};
use crate::{
    aries::didcomm::Verkey,
    sandbox::{SandboxError, store},
};

const FILE: &str = "aries.sqlite";

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS port (number INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, seed BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS invitations (
        id TEXT PRIMARY KEY, desk TEXT NOT NULL, seed BLOB NOT NULL, details TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS connections (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL, desk TEXT NOT NULL, seed BLOB NOT NULL,
        mine BLOB NOT NULL, theirs BLOB NOT NULL, complete INTEGER NOT NULL, details TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS routes (key BLOB PRIMARY KEY, holder INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS routes_of ON routes (holder);
    CREATE TABLE IF NOT EXISTS parcels (
        number INTEGER PRIMARY KEY, holder INTEGER NOT NULL, key BLOB NOT NULL, message BLOB NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS parcels_of ON parcels (holder);
    CREATE TABLE IF NOT EXISTS registries (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL, keys TEXT NOT NULL, tails BLOB NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS lists (
        registry TEXT NOT NULL, timestamp INTEGER NOT NULL, length INTEGER NOT NULL,
        bits BLOB NOT NULL, head TEXT NOT NULL, PRIMARY KEY (registry, timestamp)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS published (
        kind TEXT NOT NULL, id TEXT NOT NULL, document BLOB NOT NULL, PRIMARY KEY (kind, id)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS issued (
        registry TEXT NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, details TEXT NOT NULL,
        PRIMARY KEY (registry, place)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS pending (
        registry TEXT NOT NULL, place INTEGER NOT NULL, notice TEXT,
        PRIMARY KEY (registry, place)
    ) STRICT;
";

/// The tables of one directory; nobody else has them open.
pub(super) struct Tables {
    connection: Connection,
    file: PathBuf,
}

impl Tables {
    pub(super) fn open(directory: &Path) -> Result<Self, SandboxError> {
        let (connection, file) = store::open_file(directory, FILE, TABLES)?;
        Ok(Self { connection, file })
    }

    pub(super) fn read(&mut self) -> Result<Kept, SandboxError> {
        read(&self.connection)
            .map_err(|source| SandboxError::Database { file: self.file.clone(), source })
    }

    /// Writes in one transaction: all of it is kept, or nothing.
    pub(super) fn write<'a>(
        &mut self,
        writes: impl Iterator<Item = &'a Write>,
    ) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        for one in writes {
            write(&transaction, one)?;
        }
        transaction.commit()
    }

    pub(super) fn close(self) -> Result<(), SandboxError> {
        store::close_file(self.connection, self.file)
    }
}

fn write(to: &Transaction, write: &Write) -> rusqlite::Result<()> {
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        to.prepare_cached(sql)?.execute(values).map(drop)
    };
    match write {
        Write::Port(port) => {
            run("DELETE FROM port", &[])?;
            run("INSERT INTO port VALUES (?1)", params![port])
        }
        Write::Key { name, key } => {
            run("INSERT INTO keys VALUES (?1, ?2)", params![name, key.seed()])
        }
        Write::Invitation(InvitationRow { desk, id, seed, details }) => {
            run("INSERT INTO invitations VALUES (?1, ?2, ?3, ?4)", params![id, desk, seed, details])
        }
        Write::Spent { id } => run("DELETE FROM invitations WHERE id = ?1", params![id]),
        Write::Connection(row) => {
            let ConnectionRow { desk, id, number, seed, mine, theirs, complete, details } = row;
            let (mine, theirs) = (mine.as_bytes(), theirs.as_bytes());
            run(
                "INSERT INTO connections VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![number, id, desk, seed, mine, theirs, complete, details],
            )
        }
        Write::Complete { number } => {
            run("UPDATE connections SET complete = 1 WHERE number = ?1", params![number])
        }
        Write::Forget { number } => {
            run("DELETE FROM parcels WHERE holder = ?1", params![number])?;
            run("DELETE FROM routes WHERE holder = ?1", params![number])?;
            run("DELETE FROM connections WHERE number = ?1", params![number])
        }
        Write::Route(RouteRow { key, holder }) => {
            run("INSERT OR REPLACE INTO routes VALUES (?1, ?2)", params![key.as_bytes(), holder])
        }
        Write::Unroute { key } => run("DELETE FROM routes WHERE key = ?1", params![key.as_bytes()]),
        Write::Parcel(ParcelRow { number, holder, to, message }) => run(
            "INSERT OR REPLACE INTO parcels VALUES (?1, ?2, ?3, ?4)",
            params![number, holder, to.as_bytes(), message.as_ref()],
        ),
        Write::Delivered { number } => {
            run("DELETE FROM parcels WHERE number = ?1", params![number])
        }
        Write::Registry(row) => credentials::registry(row, &run),
        Write::Published(row) => credentials::publish(row, &run),
        Write::List(row, revoked) => credentials::list(row, revoked, &run),
        Write::Issued(row) => credentials::issue(row, &run),
        Write::Pending(row) => credentials::pend(row, &run),
    }
}

fn read(from: &Connection) -> rusqlite::Result<Kept> {
    let port = from.query_row("SELECT number FROM port", [], |row| row.get(0)).optional()?;
    Ok(Kept {
        port,
        keys: all(from, "SELECT name, seed FROM keys", |row| {
            Ok(KeyRow { name: row.get(0)?, seed: row.get(1)? })
        })?,
        invitations: all(from, "SELECT id, desk, seed, details FROM invitations", |row| {
            Ok(InvitationRow {
                id: row.get(0)?,
                desk: row.get(1)?,
                seed: row.get(2)?,
                details: row.get(3)?,
            })
        })?,
        connections: all(
            from,
            "SELECT number, id, desk, seed, mine, theirs, complete, details
             FROM connections ORDER BY number",
            connection,
        )?,
        routes: all(from, "SELECT key, holder FROM routes", |row| {
            Ok(RouteRow { key: key(row, 0)?, holder: row.get(1)? })
        })?,
        parcels: all(
            from,
            "SELECT number, holder, key, message FROM parcels ORDER BY number",
            |row| {
                let message: Vec<u8> = row.get(3)?;
                let (to, message) = (key(row, 2)?, Bytes::from(message));
                Ok(ParcelRow { number: row.get(0)?, holder: row.get(1)?, to, message })
            },
        )?,
        registries: credentials::registries(from)?,
        lists: credentials::lists(from)?,
        published: credentials::published(from)?,
        issued: credentials::issued(from)?,
        pending: credentials::pending(from)?,
    })
}

fn connection(row: &Row) -> rusqlite::Result<ConnectionRow> {
    Ok(ConnectionRow {
        number: row.get(0)?,
        id: row.get(1)?,
        desk: row.get(2)?,
        seed: row.get(3)?,
        mine: key(row, 4)?,
        theirs: key(row, 5)?,
        complete: row.get(6)?,
        details: row.get(7)?,
    })
}

fn key(row: &Row, column: usize) -> rusqlite::Result<Verkey> {
    row.get(column).map(Verkey::from_bytes)
}

pub(super) fn all<T>(
    from: &Connection,
    sql: &str,
    read: impl FnMut(&Row) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    from.prepare(sql)?.query_map([], read)?.collect()
}
