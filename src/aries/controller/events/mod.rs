//! What an agent says becomes of its exchanges: ACA-Py's events, and what follows from them.
//!
//! A [`Feed`] hears events over the WebSocket of the admin API; webhooks are read by [`Notice::of_hook`].
//! A [`Tracker`] makes of them what becomes of each exchange, without a clock and without I/O.

mod course;
mod feed;
mod notice;
#[cfg(test)]
mod tests;
mod tracker;

pub use course::{Course, Sighting, Standing};
pub use feed::{Ear, Feed, FeedError};
pub use notice::{Notice, Unreadable, Whose};
pub use tracker::{Progress, Told, Tracker};

/// How an agent's events come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Events {
    /// Over the WebSocket of its admin API.
    WebSocket,
    /// It posts them.
    Webhooks,
}
