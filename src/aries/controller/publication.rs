//! Publishing what has been revoked: once on behalf of all who wait, not twice in a second, and while
//! nothing else is revoked.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::{
    sync::{Mutex, RwLock},
    time::{Instant, sleep_until},
};

use super::error::ControllerError;

/// Between the end of a publication and the next one's begin: status lists are told apart by their
/// timestamps in seconds, and a proof made with the first list of a second fails against the second.
const APART: Duration = Duration::from_secs(1);

/// The publications of one issuer.
pub(super) struct Publication {
    /// How many have begun.
    begun: AtomicU64,
    last: Mutex<Option<Last>>,
    /// Held to write by a publication, and to read by those who revoke.
    register: RwLock<()>,
}

/// The last that came to an end.
struct Last {
    /// How many had begun then, itself included.
    number: u64,
    at: Instant,
    came: Result<(), ControllerError>,
}

impl Publication {
    pub(super) fn new() -> Self {
        Self { begun: AtomicU64::new(0), last: Mutex::new(None), register: RwLock::new(()) }
    }

    /// Revokes while nothing is published: ACA-Py forgets some of what it is told to revoke during a
    /// publication, although it confirms that.
    pub(super) async fn beside<T>(&self, revoking: impl Future<Output = T>) -> T {
        let _nothing_is_published = self.register.read().await;
        revoking.await
    }

    /// Waits for a publication that begins after this call; begins one if nobody else does.
    pub(super) async fn join(
        &self,
        publishing: impl Future<Output = Result<(), ControllerError>>,
    ) -> Result<(), ControllerError> {
        let seen = self.begun.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if let Some(last) = &*last {
            if last.number > seen {
                return last.came.clone();
            }
            sleep_until(last.at + APART).await;
        }
        let _nothing_is_revoked = self.register.write().await;
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let came = publishing.await;
        *last = Some(Last { number, at: Instant::now(), came: came.clone() });
        came
    }
}
