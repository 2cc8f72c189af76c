//! A message that has arrived, and over what.

use std::time::Duration;

use tokio::time::Instant;

use crate::aries::{
    didcomm::{Message, Verkey},
    protocol::notification,
};

/// A message that has arrived.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) message: Message,
    /// Our key that it was for: which connection it belongs to.
    pub(super) key: Verkey,
    /// When its bytes were here.
    pub(super) at: Instant,
    /// What opening it took.
    pub(super) crypto: Duration,
    /// When it was open; or, if nobody waited for it then, when somebody asked for it.
    pub(super) open_at: Instant,
    pub(super) bytes: usize,
    pub(super) of: Sender,
}

impl Arrival {
    /// Whether it is for whoever waits without saying over what.
    pub(super) fn is_for_anybody(&self) -> bool {
        match self.of {
            Sender::Connection => true,
            // It is about what the mediator was asked.
            Sender::Mediator => notification::problem(&self.message).is_none(),
            Sender::Other => false,
        }
    }
}

/// Over what a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    Connection,
    Mediator,
    /// A key of no connection, or of none yet.
    Other,
}
