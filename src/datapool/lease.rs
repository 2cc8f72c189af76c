//! A row on loan to one trip, given back when the lease drops.

use std::{fmt, ops::Deref, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    encode,
    error::PoolError,
    fault::Place,
    json,
    pool::{DataPool, Entry},
    row::Row,
};

/// A row on loan, not yet decoded.
pub struct RawLease {
    pool: Arc<DataPool>,
    /// Taken only when the lease drops.
    entry: Option<Entry>,
}

/// A row on loan, as the type its journey wants.
pub struct Lease<R> {
    raw: RawLease,
    row: R,
}

impl RawLease {
    pub(super) fn new(pool: Arc<DataPool>, entry: Entry) -> Self {
        Self { pool, entry: Some(entry) }
    }

    /// Decodes the row.
    ///
    /// # Errors
    /// When the row does not fit `R`; it goes back to its pool.
    pub fn typed<R: DeserializeOwned>(self) -> Result<Lease<R>, PoolError> {
        let entry = self.entry();
        let row = entry.row.decode().map_err(|misfit| self.pool.misfit(entry.place, misfit))?;
        Ok(Lease { row, raw: self })
    }

    /// Returns the row as it is encoded.
    #[must_use]
    pub fn row(&self) -> &Row {
        &self.entry().row
    }

    /// Returns the row's number in its pool, from 0; it stays the same in every loan.
    #[must_use]
    pub fn index(&self) -> usize {
        self.entry().index as usize
    }

    /// Returns the pool that the row belongs to.
    #[must_use]
    pub fn pool(&self) -> &DataPool {
        &self.pool
    }

    fn entry(&self) -> &Entry {
        self.entry.as_ref().expect("the entry is taken only in drop")
    }

    /// Puts another row in the place of the one on loan.
    fn replace(&mut self, map: Arc<[u8]>) -> Result<(), PoolError> {
        let pool = &self.pool;
        let entry = self.entry.as_mut().expect("the entry is taken only in drop");
        let row = Row::MessagePack(map);
        if pool.recorded_as().is_some() {
            keeps_id(pool.name(), &entry.row, &row)?;
        }
        entry.row = row;
        entry.place = Place::Memory { record: entry.index.saturating_add(1) };
        Ok(())
    }
}

impl<R> Lease<R> {
    /// Returns the row.
    #[must_use]
    pub fn row(&self) -> &R {
        &self.row
    }

    /// Parts the row from its loan, which lasts until it is dropped.
    #[must_use]
    pub fn into_parts(self) -> (R, RawLease) {
        (self.row, self.raw)
    }

    /// Gives the loan back and keeps the row's value.
    #[must_use]
    pub fn into_row(self) -> R {
        self.row
    }

    /// Returns the row's number in its pool, from 0; it stays the same in every loan.
    #[must_use]
    pub fn index(&self) -> usize {
        self.raw.index()
    }

    /// Returns the pool that the row belongs to.
    #[must_use]
    pub fn pool(&self) -> &DataPool {
        self.raw.pool()
    }
}

impl<R: Serialize> Lease<R> {
    /// Puts `row` in the place of the one on loan, for this trip and every later one, and
    /// returns it encoded: what the recorder must keep if the pool is recorded.
    ///
    /// # Errors
    /// When `row` does not encode as a map; in a recorded pool also when it does not carry the
    /// `id` of the row it replaces. The row on loan is then as it was.
    pub fn replace(&mut self, row: R) -> Result<Arc<[u8]>, PoolError> {
        let map = encode::map(&row).map_err(|unfit| unfit.of(self.pool().name()))?;
        self.raw.replace(map.clone())?;
        self.row = row;
        Ok(map)
    }
}

fn keeps_id(pool: &str, old: &Row, new: &Row) -> Result<(), PoolError> {
    let (Some(old), Some(new)) = (old.id(), new.id()) else {
        return Err(PoolError::NoId { pool: pool.into() });
    };
    if old == new {
        return Ok(());
    }
    let (old, new) = (json::glance(old), json::glance(new));
    Err(PoolError::OtherId { pool: pool.into(), old, new })
}

impl<R> Deref for Lease<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}

impl Drop for RawLease {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.pool.give_back(entry);
        }
    }
}

impl fmt::Debug for RawLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {} of datapool `{}`", self.index(), self.pool.name())
    }
}

impl<R> fmt::Debug for Lease<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the row itself, which may hold keys.
        self.raw.fmt(f)
    }
}
