//! The closed model: users who begin anew when they are done.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{row::Loan, runner::Runner, trip::Slot};
use crate::{
    bus::{DropReason, Ending},
    plan::{Arrival, Share, Volume, volume::Join},
};

/// The users of one plan row, of this process's share.
pub(super) struct Crowd {
    runner: Arc<Runner>,
    row: u16,
    share: Share,
    /// Trips that users have taken so far, of this share.
    taken: AtomicU64,
    present: Mutex<HashSet<u64>>,
}

impl Crowd {
    /// The users of a row; open rows have none.
    pub(super) fn of_row(runner: &Arc<Runner>, row: u16, share: Share) -> Option<Arc<Self>> {
        let closed = !matches!(runner.row(row).volume, Volume::Open(_));
        closed.then(|| {
            let runner = Arc::clone(runner);
            Arc::new(Self {
                runner,
                row,
                share,
                taken: AtomicU64::new(0),
                present: Mutex::default(),
            })
        })
    }

    /// Lets every user join at its time; ends when all have, or when the run stops.
    pub(super) async fn gather(self: Arc<Self>) {
        for Join { user, at } in self.joins() {
            tokio::select! {
                biased;
                () = self.runner.until_stopping() => return,
                () = tokio::time::sleep_until(self.runner.began() + at) => {}
            }
            if self.present().insert(user) {
                let user = tokio::spawn(Arc::clone(&self).user(user));
                self.runner.add_user(user.abort_handle());
            }
        }
    }

    /// Counts the trips that nobody took as dropped.
    pub(super) fn account(&self) {
        let Some(planned) = self.runner.row(self.row).volume.trips_of(self.share) else { return };
        let taken = self.taken.load(Ordering::Relaxed).min(planned);
        let reason = self.runner.row(self.row).over().unwrap_or(DropReason::NotReached);
        self.runner.dropped(self.row, self.runner.now(), planned - taken, reason);
    }

    fn joins(&self) -> Vec<Join> {
        match &self.runner.row(self.row).volume {
            Volume::Open(_) => Vec::new(),
            Volume::Users(users) => users.joins(self.share).collect(),
            Volume::Trips(trips) => (0..trips.users_of(self.share))
                .map(|user| Join { user, at: Duration::ZERO })
                .collect(),
        }
    }

    /// One user: trip after trip, until it is not wanted any more or all trips are taken.
    ///
    /// A user who finds no row of data waits until one comes back.
    async fn user(self: Arc<Self>, user: u64) {
        let plan = self.runner.row(self.row);
        while self.stays(user) {
            let returned = plan.returned.notified();
            let lent = match plan.lend() {
                Loan::Nothing => None,
                Loan::Row(lent) => Some(lent),
                Loan::Later => {
                    returned.await;
                    continue;
                }
                Loan::Never(_) => break,
                Loan::Fail(pool) => {
                    self.runner.fail(Ending::DatapoolExhausted(pool));
                    break;
                }
            };
            let Some(number) = self.take_trip() else { break };
            let arrival = Arrival { number, due: self.runner.now() };
            self.runner.gate(self.row).begin(arrival);
            let slot = Slot::new(Arc::clone(&self.runner), self.row, arrival);
            slot.travel(lent, Duration::ZERO).await;
            // A journey that never waits must not keep the others from running.
            tokio::task::yield_now().await;
        }
        // It may have been woken for a row that it leaves to the next.
        plan.returned.notify_one();
    }

    /// Whether a user makes another trip; else it is present no more.
    fn stays(&self, user: u64) -> bool {
        if self.wants(user) {
            return true;
        }
        // Asked again where nobody can join: a user who is wanted again this very moment is
        // either still present and stays, or joins anew.
        let mut present = self.present();
        self.wants(user) || !present.remove(&user)
    }

    fn wants(&self, user: u64) -> bool {
        !self.runner.stopping()
            && match &self.runner.row(self.row).volume {
                Volume::Users(users) => user < users.users_at(self.runner.now()),
                Volume::Open(_) | Volume::Trips(_) => true,
            }
    }

    /// The number of the next trip that nobody has taken.
    fn take_trip(&self) -> Option<u64> {
        let nth = self.taken.fetch_add(1, Ordering::Relaxed);
        match &self.runner.row(self.row).volume {
            Volume::Trips(trips) => trips.nth(self.share, nth),
            Volume::Open(_) | Volume::Users(_) => {
                Some(nth * u64::from(self.share.of()) + u64::from(self.share.index()))
            }
        }
    }

    fn present(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
