//! Rows to be lent, and who gets which.

use std::{
    collections::VecDeque,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    error::PoolError,
    fault::{Fault, Misfit, Place, RowsError},
    lease::RawLease,
    read::{Read, read},
    records::Torn,
    row::Row,
};

/// Rows, each lent to one trip at a time.
///
/// A row that is lent is not here: the lease owns it. So no row can be lent twice.
pub struct DataPool {
    name: String,
    mode: Mode,
    source: Option<PathBuf>,
    recorded_as: Option<String>,
    len: usize,
    torn: Option<Torn>,
    superseded: u64,
    rows: Mutex<Rows>,
}

/// What becomes of a row that comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is lent again, after all others that are free.
    Recycle,
    /// It is never lent again.
    Once,
}

#[derive(Default)]
struct Rows {
    /// The row that has been free longest first.
    free: VecDeque<Entry>,
    lent: usize,
}

/// A row and where it belongs.
pub(super) struct Entry {
    pub(super) row: Row,
    pub(super) place: Place,
    pub(super) index: u32,
}

impl DataPool {
    /// Reads a pool from a `.msgpack` or `.csv` file; see [`read`] for what counts as a row.
    ///
    /// # Errors
    /// When the file cannot be read, or holds what is not a row; it tells which record.
    pub fn open(name: &str, path: &Path, mode: Mode) -> Result<Self, PoolError> {
        let Read { rows, torn, superseded } = read(path)?;
        let source = Some(path.to_path_buf());
        Ok(Self { source, torn, superseded, ..Self::holding(name, mode, rows) })
    }

    /// Makes a pool of rows held in memory.
    ///
    /// # Errors
    /// When a row does not encode as a map.
    pub fn from_rows<R: Serialize>(name: &str, mode: Mode, rows: &[R]) -> Result<Self, PoolError> {
        let rows = (1_u32..).zip(rows).map(|(record, row)| {
            let map = super::encode::map(row).map_err(|unfit| unfit.of(name))?;
            Ok((Place::Memory { record }, Row::MessagePack(map)))
        });
        Ok(Self::holding(name, mode, rows.collect::<Result<_, PoolError>>()?))
    }

    fn holding(name: &str, mode: Mode, rows: Vec<(Place, Row)>) -> Self {
        let rows = (0_u32..).zip(rows).map(|(index, (place, row))| Entry { row, place, index });
        let free: VecDeque<_> = rows.collect();
        Self {
            name: name.into(),
            mode,
            source: None,
            recorded_as: None,
            len: free.len(),
            torn: None,
            superseded: 0,
            rows: Mutex::new(Rows { free, lent: 0 }),
        }
    }

    /// Declares that the recorder keeps this pool, under `name`: what is recorded there is
    /// what the pool holds in the next run.
    #[must_use]
    pub fn recorded(self, name: &str) -> Self {
        Self { recorded_as: Some(name.into()), ..self }
    }

    /// Decodes every row that is free: all of them, before the run starts.
    ///
    /// # Errors
    /// When a row does not fit `R`; it tells which one, and which field.
    pub fn check<R: DeserializeOwned>(&self) -> Result<(), PoolError> {
        self.vet(|_: &R| Ok(()))
    }

    /// Decodes every row that is free and lets `accept` say what is wrong with it, if anything is.
    ///
    /// # Errors
    /// When a row does not fit `R`, or is not accepted; it tells which one, and why.
    pub fn vet<R: DeserializeOwned>(
        &self,
        mut accept: impl FnMut(&R) -> Result<(), String>,
    ) -> Result<(), PoolError> {
        let rows = self.rows();
        let mut entries: Vec<_> = rows.free.iter().collect();
        entries.sort_unstable_by_key(|entry| entry.index);
        entries.into_iter().try_for_each(|entry| {
            let row = entry.row.decode().map_err(|misfit| self.misfit(entry.place, misfit))?;
            accept(&row).map_err(|why| self.refused(entry.place, why))
        })
    }

    /// Lends the row that has been free longest, or `None` when all are out.
    #[must_use]
    pub fn checkout(self: &Arc<Self>) -> Option<RawLease> {
        let mut rows = self.rows();
        let entry = rows.free.pop_front()?;
        rows.lent += 1;
        Some(RawLease::new(self.clone(), entry))
    }

    pub(super) fn give_back(&self, entry: Entry) {
        let mut rows = self.rows();
        rows.lent -= 1;
        match self.mode {
            Mode::Recycle => rows.free.push_back(entry),
            Mode::Once => drop(entry),
        }
    }

    pub(super) fn misfit(&self, place: Place, misfit: Misfit) -> PoolError {
        match (&self.source, place) {
            (Some(path), Place::Offset { .. } | Place::Line { .. }) => {
                RowsError::of(path)(Fault::Misfit { place, misfit }).into()
            }
            _ => PoolError::Misfit { pool: self.name.clone(), place, misfit },
        }
    }

    fn refused(&self, place: Place, why: String) -> PoolError {
        let file = self.source.as_ref().map(|path| format!("{}: ", path.display()));
        let file = file.unwrap_or_default();
        PoolError::Refused { pool: self.name.clone(), file, place, why }
    }

    /// Returns the pool's name in the scenario.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what becomes of a row that comes back.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Returns the file the rows were read from.
    #[must_use]
    pub fn source(&self) -> Option<&Path> {
        self.source.as_deref()
    }

    /// Returns the name that the recorder keeps the pool under, if it does.
    #[must_use]
    pub fn recorded_as(&self) -> Option<&str> {
        self.recorded_as.as_deref()
    }

    /// Returns the torn end of the file, which was left out.
    #[must_use]
    pub fn torn(&self) -> Option<Torn> {
        self.torn
    }

    /// Returns the number of rows left out because one with the same `id` came after them.
    #[must_use]
    pub fn superseded(&self) -> u64 {
        self.superseded
    }

    /// Counts the rows that the pool began with.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the pool began with no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Counts the rows that can be lent now.
    #[must_use]
    pub fn free(&self) -> usize {
        self.rows().free.len()
    }

    /// Counts the rows on loan now.
    #[must_use]
    pub fn lent(&self) -> usize {
        self.rows().lent
    }

    /// Whether every row has been lent and none will ever be lent again.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.mode == Mode::Once && self.rows().free.is_empty()
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        // Only `vet` runs foreign code under the lock, and that code cannot change the rows.
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for DataPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The rows are somebody's keys.
        f.debug_struct("DataPool")
            .field("name", &self.name)
            .field("mode", &self.mode)
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}
