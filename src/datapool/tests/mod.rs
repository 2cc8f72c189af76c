//! Claims about datapools.

mod head;
mod lease;
mod pool;
mod read;
mod records;
mod row;
