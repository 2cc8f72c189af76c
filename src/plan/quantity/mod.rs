//! Quantities as people write them: `1m30s`, `50/s`, `1%`, `16MiB`.

mod decimal;
mod error;
mod percent;
mod rate;
mod size;
mod span;
#[cfg(test)]
mod tests;
mod written;

pub use error::QuantityError;
pub use percent::Percent;
pub use rate::{RATE_MAX_PER_SECOND, Rate};
pub use size::Size;
pub use span::{SPAN_MAX, Span};
pub use written::{Written, from_text};

pub(in crate::plan) use decimal::{Decimal, count};
pub(in crate::plan) use error::shortened;
pub(in crate::plan) use rate::gcd;
pub(in crate::plan) use written::deserialize_written;
