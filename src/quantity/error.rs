//! Why a text is no quantity.

use thiserror::Error;

/// A text that is no quantity, or one that is out of bounds.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// Not a whole number.
    #[error("`{0}` is no whole number, which is written like `1000` or `1_000`")]
    Count(String),
    /// A whole number above its bound.
    #[error("`{text}` is more than {}", grouped(*.most))]
    CountTooLarge {
        /// The number as written.
        text: String,
        /// The bound.
        most: u64,
    },
    /// Not a duration.
    #[error("`{0}` is no duration, which is written like `300ms`, `1.5s`, `1m30s` or `2h`")]
    Duration(String),
    /// A duration above the bound.
    #[error("`{0}` is longer than 30 days")]
    DurationTooLong(String),
    /// Not a percentage.
    #[error("`{0}` is no percentage from 0% to 100%, which is written like `1%` or `0.5%`")]
    Percent(String),
    /// Not a rate.
    #[error("`{0}` is no rate, which is written like `50/s`, `600/m`, `90/h` or `1/10s`")]
    Rate(String),
    /// A rate above the bound.
    #[error("`{0}` is more than 10,000,000/s")]
    RateTooHigh(String),
    /// A rate that is not a whole number of arrivals in any time a plan may last.
    #[error("`{0}` is no whole number of arrivals in 30 days or less: write fewer decimals")]
    RateTooFine(String),
    /// Not a size in bytes.
    #[error("`{0}` is no size, which is written like `512KiB`, `16MiB` or `1GiB`")]
    Size(String),
}

/// A number with its digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut groups: Vec<&str> = Vec::new();
    let mut rest = digits.as_str();
    while let Some((before, group)) =
        rest.len().checked_sub(3).and_then(|at| rest.split_at_checked(at))
    {
        groups.push(group);
        rest = before;
    }
    groups.push(rest);
    groups.retain(|group| !group.is_empty());
    groups.reverse();
    groups.join(",")
}

/// Characters of a wrong text that a message repeats.
const SHOWN_MAX: usize = 60;

/// The text as a message may repeat it: one that never ends is cut.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
