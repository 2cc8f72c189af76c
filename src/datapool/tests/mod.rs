//! Claims about datapools.

mod lease;
mod pool;
mod read;
mod records;
mod row;
