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

pub(crate) use decimal::{Decimal, count};
pub(crate) use error::shortened;
pub(crate) use rate::gcd;
pub(crate) use written::deserialize_written;
