//! What changes in a holder's life.

use std::sync::Arc;

use tokio::{task::AbortHandle, time::Instant};

use super::{
    waiting::Waiting,
    wallet::{Line, Wallet},
};
use crate::aries::{protocol::pickup, transport::socket::Outlet};

/// Messages that are picked up at a time.
pub(super) const BATCH: u16 = 50;

/// What changes in a holder's life; held for a few instructions, never across an await.
pub(super) struct State {
    pub(super) wallet: Wallet,
    /// Lines of handshakes under way.
    pub(super) pending: Vec<Arc<Line>>,
    pub(super) waiting: Waiting,
    pub(super) draining: pickup::Draining,
    /// Whether live delivery is to be asked for once the queue is empty (pickup 2.0).
    pub(super) wants_live: bool,
    /// Until when each message that comes is answered by asking for the next (implicit pickup).
    pub(super) asks_until: Option<Instant>,
    /// How often at most.
    pub(super) asks_left: u16,
    /// How often it has come online or gone: tells a task that its time is over.
    pub(super) stay: u64,
    pub(super) outlet: Option<Arc<Outlet>>,
    /// Whoever reads from the socket.
    pub(super) reading: Option<AbortHandle>,
    /// Whoever asks the mediator now and then.
    pub(super) polling: Option<AbortHandle>,
    /// Automatic answers on their way.
    pub(super) answers: usize,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            wallet: Wallet::default(),
            pending: Vec::new(),
            waiting: Waiting::default(),
            draining: pickup::Draining::new(BATCH),
            wants_live: false,
            asks_until: None,
            asks_left: 0,
            stay: 0,
            outlet: None,
            reading: None,
            polling: None,
            answers: 0,
        }
    }

    /// Ends whoever reads or asks, and gives the socket that is left.
    pub(super) fn leave(&mut self) -> Option<Arc<Outlet>> {
        self.stay += 1;
        let tasks = [self.reading.take(), self.polling.take()];
        tasks.iter().flatten().for_each(AbortHandle::abort);
        self.outlet.take()
    }
}
