//! What waits for a thread, in two lanes.

use std::{
    collections::VecDeque,
    num::NonZeroUsize,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::OwnedSemaphorePermit;

use super::{Figures, Urgency};

/// Does what it has to and says what that took, or nothing if nobody waits for it any more.
type Job = Box<dyn FnOnce() -> Option<Duration> + Send>;

/// A job and its place in the queue, which is free once a thread takes the job.
pub(super) struct Queued {
    pub(super) job: Job,
    pub(super) place: OwnedSemaphorePermit,
}

/// What waits for a thread, and what is done.
#[derive(Default)]
pub(super) struct Lanes {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    awaited: VecDeque<Queued>,
    ahead: VecDeque<Queued>,
    closed: bool,
    busy: Duration,
    jobs: u64,
}

impl Lanes {
    pub(super) fn push(&self, urgency: Urgency, queued: Queued) {
        let mut state = self.state();
        match urgency {
            Urgency::Awaited => state.awaited.push_back(queued),
            Urgency::Ahead => state.ahead.push_back(queued),
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Waits for the next job; there is none after [`close`](Self::close).
    pub(super) fn next(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            if let Some(next) = state.awaited.pop_front().or_else(|| state.ahead.pop_front()) {
                drop(state);
                drop(next.place);
                return Some(next.job);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(super) fn did(&self, took: Duration) {
        let mut state = self.state();
        state.busy += took;
        state.jobs += 1;
    }

    pub(super) fn figures(&self, threads: NonZeroUsize) -> Figures {
        let state = self.state();
        let waiting_now = state.awaited.len() + state.ahead.len();
        Figures { busy: state.busy, jobs: state.jobs, waiting_now, threads: threads.get() }
    }

    pub(super) fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lanes.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
