//! Where computations of a tenth of a second are done, so that no request waits behind one.

use std::{
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::aries::compute::{Compute, Urgency};

/// A computation has panicked.
#[derive(Debug, thiserror::Error)]
#[error("a computation of the sandbox has panicked")]
pub(super) struct Panicked;

/// A party's own thread for computations; it gives way to whoever measures the sandbox from the
/// same process.
pub(super) struct Bench(Compute);

impl Bench {
    pub(super) fn new() -> Self {
        Self(Compute::new(NonZeroUsize::MIN))
    }

    /// Computes when all that was asked for before is done; what nobody waits for any more when its
    /// turn comes is not begun.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Panicked> {
        let job = move || catch_unwind(AssertUnwindSafe(job)).map_err(|_| Panicked);
        self.0.run(Urgency::Awaited, job).await.value
    }
}
