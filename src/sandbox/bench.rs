//! Where computations of a tenth of a second are done, so that no request waits behind one.

use std::sync::Arc;

use tokio::{sync::Semaphore, task::spawn_blocking};

/// Computations that one party has under way at a time; the others wait in order.
const AT_A_TIME: usize = 1;

/// A computation has panicked.
#[derive(Debug, thiserror::Error)]
#[error("a computation of the sandbox has panicked")]
pub(super) struct Panicked;

/// A party's own thread for computations.
pub(super) struct Bench(Arc<Semaphore>);

impl Bench {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }

    /// Computes when all that was asked for before is done; what nobody waits for any more when its
    /// turn comes is not begun.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Panicked> {
        let place = Arc::clone(&self.0).acquire_owned().await.map_err(|_| Panicked)?;
        let job = move || {
            let done = job();
            drop(place);
            done
        };
        spawn_blocking(job).await.map_err(|_| Panicked)
    }
}
