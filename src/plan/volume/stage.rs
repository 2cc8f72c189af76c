//! A stretch of a volume: from one level to another in a straight line.

use std::{fmt, time::Duration};

use super::error::Fault;
use crate::quantity::{Rate, SPAN_MAX, Span};

/// A straight line from one level to another; a wait stays at none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage<L> {
    /// The level at its start.
    pub from: L,
    /// The level at its end.
    pub to: L,
    /// How long it lasts.
    pub lasts: Duration,
}

/// How high a stage stands: a rate, or a number of users.
pub(super) trait Level: Copy + Default + Ord {
    /// Writes the level as the end of a ramp, or as a stage of its own that is held.
    fn show(self) -> impl fmt::Display;
    /// The word before a level that is held.
    const HELD: &'static str;
}

impl Level for Rate {
    const HELD: &'static str = "hold ";

    fn show(self) -> impl fmt::Display {
        self
    }
}

impl Level for u64 {
    const HELD: &'static str = "";

    fn show(self) -> impl fmt::Display {
        fmt::from_fn(move |f| write!(f, "{self} {}", if self == 1 { "user" } else { "users" }))
    }
}

/// Shows stages so that they can be read again.
pub(super) fn show<L: Level>(stages: &[Stage<L>]) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        let mut level = L::default();
        for (index, stage) in stages.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            show_stage(f, *stage, level)?;
            level = stage.to;
        }
        Ok(())
    })
}

fn show_stage<L: Level>(f: &mut fmt::Formatter<'_>, stage: Stage<L>, before: L) -> fmt::Result {
    let (from, to, lasts) = (stage.from.show(), stage.to.show(), Span(stage.lasts));
    if stage.from == stage.to {
        if stage.to == L::default() {
            return write!(f, "wait {lasts}");
        }
        return write!(f, "{}{to} for {lasts}", L::HELD);
    }
    f.write_str("ramp ")?;
    if stage.from != before {
        write!(f, "from {from} ")?;
    }
    write!(f, "to {to} over {lasts}")
}

/// How long stages last together.
pub(super) fn length<L>(stages: &[Stage<L>]) -> Duration {
    stages.iter().map(|stage| stage.lasts).sum()
}

/// The highest level that stages reach.
pub(super) fn peak<L: Level>(stages: &[Stage<L>]) -> L {
    stages.iter().map(|stage| stage.from.max(stage.to)).max().unwrap_or_default()
}

/// Refuses what no volume may be; names the stage by index.
pub(super) fn check<L: Level>(stages: &[Stage<L>]) -> Result<(), (usize, Fault)> {
    let mut lasts = Duration::ZERO;
    for (index, stage) in stages.iter().enumerate() {
        if stage.lasts.is_zero() {
            return Err((index, Fault::NoTime));
        }
        lasts = lasts.saturating_add(stage.lasts);
        if lasts > SPAN_MAX {
            return Err((index, Fault::TooLong));
        }
    }
    if peak(stages) == L::default() { Err((0, Fault::OnlyWaits)) } else { Ok(()) }
}

/// The duration in whole nanoseconds; a plan's fits.
pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
