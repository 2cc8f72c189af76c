//! What the journal keeps of credentials: registries, their lists, and what was issued in them.

use bytes::Bytes;
use rusqlite::{Connection, ToSql, params};

use super::{
    rows::{IssuedRow, ListRow, PendingRow, PublishedRow, RegistryRow},
    tables::all,
};

/// Runs a statement with values.
type Run<'a> = dyn Fn(&str, &[&dyn ToSql]) -> rusqlite::Result<()> + 'a;

pub(super) fn registry(row: &RegistryRow, run: &Run) -> rusqlite::Result<()> {
    let RegistryRow { id, keys, tails } = row;
    let sql = "INSERT INTO registries (id, keys, tails) VALUES (?1, ?2, ?3)";
    run(sql, params![id, keys, tails.as_ref()])
}

pub(super) fn list(row: &ListRow, revoked: &[u32], run: &Run) -> rusqlite::Result<()> {
    let ListRow { registry, timestamp, length, bits, head } = row;
    for index in revoked {
        let sql = "DELETE FROM pending WHERE registry = ?1 AND place = ?2";
        run(sql, params![registry, index])?;
    }
    let sql = "INSERT INTO lists VALUES (?1, ?2, ?3, ?4, ?5)";
    run(sql, params![registry, i64::try_from(*timestamp).unwrap_or(i64::MAX), length, bits, head])
}

pub(super) fn publish(row: &PublishedRow, run: &Run) -> rusqlite::Result<()> {
    let PublishedRow { kind, id, document } = row;
    run("INSERT INTO published VALUES (?1, ?2, ?3)", params![kind, id, document.as_ref()])
}

pub(super) fn issue(row: &IssuedRow, run: &Run) -> rusqlite::Result<()> {
    let IssuedRow { id, registry, index, details } = row;
    run("INSERT INTO issued VALUES (?1, ?2, ?3, ?4)", params![registry, index, id, details])
}

pub(super) fn pend(row: &PendingRow, run: &Run) -> rusqlite::Result<()> {
    let PendingRow { registry, index, notice } = row;
    run("INSERT OR REPLACE INTO pending VALUES (?1, ?2, ?3)", params![registry, index, notice])
}

pub(super) fn registries(from: &Connection) -> rusqlite::Result<Vec<RegistryRow>> {
    all(from, "SELECT id, keys, tails FROM registries ORDER BY number", |row| {
        let tails: Vec<u8> = row.get(2)?;
        Ok(RegistryRow { id: row.get(0)?, keys: row.get(1)?, tails: Bytes::from(tails) })
    })
}

pub(super) fn lists(from: &Connection) -> rusqlite::Result<Vec<ListRow>> {
    let sql = "SELECT registry, timestamp, length, bits, head FROM lists ORDER BY timestamp";
    all(from, sql, |row| {
        Ok(ListRow {
            registry: row.get(0)?,
            timestamp: row.get::<_, i64>(1)?.cast_unsigned(),
            length: row.get(2)?,
            bits: row.get(3)?,
            head: row.get(4)?,
        })
    })
}

pub(super) fn published(from: &Connection) -> rusqlite::Result<Vec<PublishedRow>> {
    all(from, "SELECT kind, id, document FROM published", |row| {
        let document: Vec<u8> = row.get(2)?;
        Ok(PublishedRow { kind: row.get(0)?, id: row.get(1)?, document: Bytes::from(document) })
    })
}

pub(super) fn issued(from: &Connection) -> rusqlite::Result<Vec<IssuedRow>> {
    all(from, "SELECT id, registry, place, details FROM issued", |row| {
        Ok(IssuedRow {
            id: row.get(0)?,
            registry: row.get(1)?,
            index: row.get(2)?,
            details: row.get(3)?,
        })
    })
}

pub(super) fn pending(from: &Connection) -> rusqlite::Result<Vec<PendingRow>> {
    all(from, "SELECT registry, place, notice FROM pending", |row| {
        Ok(PendingRow { registry: row.get(0)?, index: row.get(1)?, notice: row.get(2)? })
    })
}
