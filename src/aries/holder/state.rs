//! What changes in a holder's life.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::{AbortHandle, JoinHandle},
    time::{Instant, timeout},
};

use super::{
    prepared::PreparedProofs,
    waiting::Waiting,
    wallet::{Line, Wallet},
};
use crate::aries::{protocol::pickup, transport::socket::Outlet};

/// How long a mediator is waited for that is told goodbye.
const GOODBYE: Duration = Duration::from_secs(5);
/// Messages that are picked up at a time.
pub(super) const BATCH: u16 = 50;

/// What changes in a holder's life; held for a few instructions, never across an await.
pub(super) struct State {
    pub(super) wallet: Wallet,
    /// Lines of handshakes under way.
    pub(super) pending: Vec<Arc<Line>>,
    /// Lines of exchanges under way with somebody who is no connection.
    pub(super) passing: Vec<Arc<Line>>,
    pub(super) waiting: Waiting,
    pub(super) prepared: PreparedProofs,
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
    pub(super) reading: Option<JoinHandle<()>>,
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
            passing: Vec::new(),
            waiting: Waiting::default(),
            prepared: PreparedProofs::default(),
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

    /// Ends the stay online: nobody asks any more, and the socket is given up.
    pub(super) fn leave(&mut self) -> Left {
        self.stay += 1;
        self.polling.take().iter().for_each(AbortHandle::abort);
        Left { outlet: self.outlet.take(), reading: self.reading.take() }
    }
}

/// A socket that has been given up; nobody reads from it once this is dropped.
#[must_use]
pub(super) struct Left {
    outlet: Option<Arc<Outlet>>,
    reading: Option<JoinHandle<()>>,
}

impl Left {
    /// Says goodbye, and reads on until the mediator has heard: what it writes to the socket before
    /// would be lost, and what it keeps after is there for the next stay.
    pub(super) async fn say_goodbye(mut self) {
        if let (Some(outlet), Some(reading)) = (self.outlet.take(), &mut self.reading) {
            outlet.close().await;
            // Whoever does not answer has been waited for long enough.
            let _ = timeout(GOODBYE, reading).await;
        }
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        self.reading.iter().for_each(JoinHandle::abort);
    }
}
