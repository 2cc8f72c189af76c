//! Whose data a journey uses: typed rows, lent to one trip at a time.

mod encode;
mod error;
mod fault;
mod id;
pub mod inspect;
mod json;
mod latest;
mod lease;
mod pool;
mod read;
mod records;
mod row;
mod secret;
mod table;

pub use error::{PoolError, Unfit};
pub use fault::{Fault, Misfit, Place, RowsError};
pub use lease::{Lease, RawLease};
pub use pool::{DataPool, Mode};
pub use read::{Format, Read, read};
pub use records::{NESTING_MAX, RECORD_BYTES_MAX, Torn};
pub use row::{CsvRow, Row};

#[cfg(test)]
mod tests;
