//! Messages, added up.

mod bounded;
mod errors;
mod exchanges;
mod histogram;
mod machine;
mod requests;
mod row;
mod tally;
mod timing;
mod trips;
mod waits;

pub use tally::Tally;

pub(crate) use bounded::{Bounded, Merge};
pub(crate) use errors::{ErrorGroup, ErrorKey};
pub(crate) use exchanges::{Exchanges, Unheard};
pub(crate) use histogram::{Histogram, rank};
pub(crate) use machine::Machine;
pub(crate) use requests::Requests;
pub(crate) use row::RowTally;
pub(crate) use timing::{Lived, Timing};
pub(crate) use trips::Trips;
pub(crate) use waits::Waits;
