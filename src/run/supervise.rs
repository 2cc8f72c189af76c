//! Watches over a run until it ends, which it always does.

use std::{future::pending, pin::Pin, sync::Arc, time::Duration};

use tokio::{
    sync::mpsc,
    time::{Interval, MissedTickBehavior, interval},
};

use super::{gate::UnderWay, health::Meter, runner::Runner, trip::last_word};
use crate::{
    bus::{DropReason, End, Ending, Event, TripId},
    plan::Arrival,
};

/// How often backlogs are gone through and ends are looked for.
const TICK: Duration = Duration::from_millis(50);
/// Ticks between two health messages.
const HEALTH_EVERY: u32 = 20;
/// How long aborted trips are waited for: one that never yields is left behind.
const ABORT_LIMIT: Duration = Duration::from_secs(5);

/// When a run ends.
pub(super) struct Ends {
    /// When the plan is over; `None` if only its last trip tells.
    pub(super) plan: Option<Duration>,
    /// How long trips under way may take after that.
    pub(super) grace: Duration,
    /// One message a signal: the first drains, the second ends at once.
    pub(super) signals: mpsc::Receiver<()>,
    /// Signals that were heeded.
    pub(super) heeded: u8,
}

impl Ends {
    /// Waits until somebody asks for the end; for ever if nobody will.
    async fn signal(&mut self) {
        match self.signals.recv().await {
            Some(()) => self.heeded = self.heeded.saturating_add(1),
            None => pending().await,
        }
    }

    /// Waits for what comes after the trips; whoever asks a second time for the end waits for nothing.
    pub(super) async fn await_last(&mut self, last: impl Future<Output = ()>) {
        if self.heeded < 2 {
            tokio::select! {
                () = last => {}
                () = self.signal() => {}
            }
        }
    }
}

/// Watches over a run until nothing is under way any more; `handed_over` ends when nothing
/// more will arrive.
pub(super) async fn supervise(
    runner: &Arc<Runner>,
    ends: &mut Ends,
    handed_over: impl Future<Output = ()>,
) -> Ending {
    let mut watch = Watch::new(runner, handed_over);
    let ending = watch.until_plan_is_over(ends).await;
    runner.tell(Event::Draining(ending.clone()));
    if ending == Ending::Complete {
        runner.stop();
    } else {
        runner.close(DropReason::Aborted);
    }
    let drained = watch.drain(ends, ending.clone()).await;
    if drained != ending {
        runner.tell(Event::Draining(drained.clone()));
    }
    runner.close(DropReason::RunOver);
    watch.abort().await;
    leave_behind(runner);
    drained
}

/// Tells the end of trips that cannot be ended, because they never yield.
fn leave_behind(runner: &Runner) {
    for row in runner.rows() {
        let left = runner.gate(row.index).leave_behind();
        for UnderWay { arrival: Arrival { number, due }, begun, .. } in left {
            let trip = TripId { row: row.index, number };
            runner.tell(last_word(trip, due, begun, End::Cancelled));
        }
    }
}

/// The eyes of the supervisor.
struct Watch<'a, F> {
    runner: &'a Arc<Runner>,
    /// Ends when nothing more will arrive; `None` when it has.
    handed_over: Option<Pin<Box<F>>>,
    ticks: Interval,
    ticked: u32,
    meter: Meter,
}

impl<'a, F: Future<Output = ()>> Watch<'a, F> {
    fn new(runner: &'a Arc<Runner>, handed_over: F) -> Self {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let handed_over = Some(Box::pin(handed_over));
        Self { runner, handed_over, ticks, ticked: 0, meter: Meter::new(runner) }
    }

    /// Waits until all is done, the plan's time is over, or something ends the run before.
    async fn until_plan_is_over(&mut self, ends: &mut Ends) -> Ending {
        loop {
            if let Some(fatal) = self.runner.fatal() {
                return fatal;
            }
            let over = ends.plan.is_some_and(|plan| self.runner.now() >= plan);
            if self.handed_over.is_none() && (over || self.idle()) {
                return Ending::Complete;
            }
            tokio::select! {
                () = ends.signal() => return Ending::Signal,
                () = self.tick() => {}
            }
        }
    }

    /// Waits until nothing is under way, at most for the grace period or until a signal.
    async fn drain(&mut self, ends: &mut Ends, ending: Ending) -> Ending {
        let deadline = self.runner.now() + ends.grace;
        while !self.idle() && self.runner.now() < deadline {
            if ending != Ending::Complete {
                // The pacer may have handed over what was due while the run was being closed.
                self.runner.close(DropReason::Aborted);
            } else if let Some(fatal) = self.runner.fatal() {
                return fatal;
            }
            tokio::select! {
                () = ends.signal() => return Ending::Signal,
                () = self.tick() => {}
            }
        }
        ending
    }

    /// Ends what is still under way.
    async fn abort(&mut self) {
        let deadline = self.runner.now() + ABORT_LIMIT;
        while !self.idle() && self.runner.now() < deadline {
            self.runner.close(DropReason::RunOver);
            self.runner.abort();
            self.tick().await;
        }
    }

    /// Whether all there is to tell has been told. The order matters: what is handed over is
    /// in a backlog first, then under way.
    fn idle(&self) -> bool {
        self.handed_over.is_none()
            && self.runner.backlog() == 0
            && self.runner.in_flight() == 0
            && self.runner.users() == 0
    }

    /// Waits for a tick, for the trip that leaves the run idle, or for the end of arrivals.
    async fn tick(&mut self) {
        let freed = self.runner.freed().notified();
        tokio::select! {
            _ = self.ticks.tick() => self.tend(),
            () = freed, if self.runner.stopping() => {}
            () = ended(&mut self.handed_over) => self.handed_over = None,
        }
    }

    /// Drops what has waited for too long, lends what has come back, and tells how the generator is doing.
    fn tend(&mut self) {
        for row in self.runner.rows() {
            self.runner.expire(row.index);
            self.runner.lend_again(row.index);
        }
        self.ticked += 1;
        if self.ticked.is_multiple_of(HEALTH_EVERY) {
            self.runner.tell(Event::Health(self.meter.read(self.runner)));
        }
    }
}

/// Waits for a future that has not ended yet; for one that has, for ever.
async fn ended(future: &mut Option<Pin<Box<impl Future<Output = ()>>>>) {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}
