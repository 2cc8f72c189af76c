//! What goes on beside the trips, for as long as a run does.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, task::JoinSet, time::timeout};

use super::{Context, Surroundings};
use crate::bus::{Change, Event};

/// How long a run waits for what goes on beside its trips, after the last of them.
const LIMIT: Duration = Duration::from_secs(5);

/// All that goes on beside the trips of a run.
#[derive(Default)]
pub(super) struct Companions {
    /// Becomes true when no trip is under way any more.
    over: watch::Sender<bool>,
    tasks: Mutex<JoinSet<()>>,
}

impl Companions {
    fn add(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).spawn(work);
    }

    /// Says that the trips are over, and waits for what went on beside them; not for ever.
    pub(super) async fn settle(&self) {
        self.over.send_replace(true);
        let mut tasks =
            std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        // What does not end is cut off: dropping the set aborts it.
        let _ = timeout(LIMIT, async { while tasks.join_next().await.is_some() {} }).await;
    }
}

/// What work beside the trips has of the run.
#[derive(Clone)]
pub struct Company {
    around: Arc<Surroundings>,
    over: watch::Receiver<bool>,
}

impl Company {
    /// Waits until no trip is under way any more: the run waits for what goes on beside its trips for
    /// five seconds from then on.
    pub async fn over(&mut self) {
        // An error means that the run is gone altogether.
        let _ = self.over.wait_for(|over| *over).await;
    }

    /// Time since the run began.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.around.began.elapsed()
    }

    /// Tells what became of an exchange of a protocol, as a party to it sees it.
    pub fn tell_exchange(&self, party: &Arc<str>, protocol: impl Into<Arc<str>>, change: Change) {
        let (party, protocol) = (Arc::clone(party), protocol.into());
        self.around.tell(Event::Exchange { party, protocol, change });
    }

    /// Tells that a party was not heard for a time.
    pub fn tell_unheard(&self, party: &Arc<str>, lasted: Duration) {
        self.around.tell(Event::Unheard { party: Arc::clone(party), lasted });
    }
}

impl Context {
    /// Has something go on beside the trips, for as long as the run does: a task that hears what a
    /// target says of itself. Where it is to be there but once, ask for it in
    /// [`shared`](Self::shared).
    pub fn accompany<W>(&self, work: impl FnOnce(Company) -> W)
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let around = Arc::clone(self.around());
        let companions = around.shared.companions();
        let over = companions.over.subscribe();
        companions.add(work(Company { around: Arc::clone(&around), over }));
    }
}
