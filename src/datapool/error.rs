//! What keeps a pool from lending or keeping a row.

use thiserror::Error;

use super::{
    fault::{Misfit, Place, RowsError},
    records::{NESTING_MAX, RECORD_BYTES_MAX},
};

/// Why a pool cannot lend or keep a row.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PoolError {
    /// The file of its rows is at fault.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// A row held in memory does not fit the type a journey wants.
    #[error("datapool `{pool}`: {place}: {misfit}")]
    Misfit {
        /// Name of the pool.
        pool: String,
        /// Which row.
        place: Place,
        /// What does not fit.
        misfit: Misfit,
    },
    /// A row is not for this run, such as one that was recorded with another system.
    #[error("datapool `{pool}`: {file}{place}: {why}")]
    Refused {
        /// Name of the pool.
        pool: String,
        /// Its file as it is written before a place (`users.msgpack: `); empty for rows in memory.
        file: String,
        /// Which row.
        place: Place,
        /// What is wrong with it.
        why: String,
    },
    /// A new row has no encoding that could be read again.
    #[error("datapool `{pool}`: {unfit}")]
    Unfit {
        /// Name of the pool.
        pool: String,
        /// What is wrong with it.
        unfit: Unfit,
    },
    /// A row of a recorded pool has no `id`, and no other way to say which row it supersedes.
    #[error(
        "datapool `{pool}` is recorded: a row can be updated only if it has a field `id` before \
         and after, such as {{\"id\": \"holder-17\"}}, that tells which row the new one supersedes"
    )]
    NoId {
        /// Name of the pool.
        pool: String,
    },
    /// An update of a recorded row has another `id`.
    #[error(
        "datapool `{pool}` is recorded: an update must keep the row's `id` {old}, not change it \
         to {new}; a row with a new `id` is recorded, not updated"
    )]
    OtherId {
        /// Name of the pool.
        pool: String,
        /// The row's `id`, as JSON.
        old: String,
        /// The other one, as JSON.
        new: String,
    },
}

/// Why a value is not a row.
#[derive(Debug, Error)]
pub enum Unfit {
    /// Its type has no MessagePack form.
    #[error("the row cannot be encoded: {0}")]
    Encoding(rmp_serde::encode::Error),
    /// It is encoded as something other than a map.
    #[error("a row must be a struct with named fields, which is encoded as a map, not as {0}")]
    NotAMap(&'static str),
    /// It is larger than will be read again.
    #[error("the row is larger than {} MiB", RECORD_BYTES_MAX >> 20)]
    TooLarge,
    /// It is nested deeper than will be read again.
    #[error("the row is nested deeper than {NESTING_MAX} levels")]
    TooDeep,
}

impl Unfit {
    pub(super) fn of(self, pool: &str) -> PoolError {
        PoolError::Unfit { pool: pool.into(), unfit: self }
    }
}
