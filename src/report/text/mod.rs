//! The report for people: the look of k6's summary, and a schedule.

mod exchanges;
mod paint;
mod results;
mod schedule;
mod summary;
mod table;

pub use paint::Paint;

pub(crate) use schedule::reason_name;
pub(crate) use summary::Summary;
