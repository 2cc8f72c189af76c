//! What one trip asks for on behalf of all, while the others wait.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use super::error::ControllerError;

/// What came of the last time that something was asked for.
pub(super) struct Shared<T> {
    /// Times that it was asked for, to their ends.
    attempts: AtomicU64,
    last: Mutex<Option<Result<T, ControllerError>>>,
}

impl<T: Clone> Shared<T> {
    pub(super) fn new() -> Self {
        Self { attempts: AtomicU64::new(0), last: Mutex::new(None) }
    }

    /// What is known if it is still good, else what comes of asking for it.
    pub(super) async fn get(
        &self,
        is_good: impl Fn(&T) -> bool,
        asking: impl Future<Output = Result<T, ControllerError>>,
    ) -> Result<T, ControllerError> {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        match &*last {
            Some(Ok(known)) if is_good(known) => return Ok(known.clone()),
            // Those who waited for an attempt that failed do not line up for another each.
            Some(Err(error)) if self.attempts.load(Ordering::Acquire) != seen => {
                return Err(error.clone());
            }
            Some(Ok(_) | Err(_)) | None => {}
        }
        let asked = asking.await;
        self.attempts.fetch_add(1, Ordering::AcqRel);
        *last = Some(asked.clone());
        asked
    }
}
