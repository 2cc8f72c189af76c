//! Claims about datapools.

mod id;
mod lease;
mod pool;
mod read;
mod records;
mod row;
