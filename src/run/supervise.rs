//! Watches over a run until it ends, which it always does.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::mpsc,
    time::{Interval, MissedTickBehavior, interval},
};

use super::{health::Meter, runner::Runner};
use crate::bus::{DropReason, Ending, Event};

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
}

/// Watches over a run until nothing is under way any more; `handed_over` ends when nothing
/// more will arrive.
pub(super) async fn supervise(
    runner: &Arc<Runner>,
    mut ends: Ends,
    handed_over: impl Future<Output = ()>,
) -> Ending {
    let mut watch = Watch::new(runner);
    let handed_over = std::pin::pin!(handed_over);
    let ending = watch.until_plan_is_over(&mut ends, handed_over).await;
    runner.tell(Event::Draining(ending.clone()));
    if ending == Ending::Complete {
        runner.stop();
    } else {
        runner.close(DropReason::Aborted);
    }
    let drained = watch.drain(&mut ends, ending.clone()).await;
    if drained != ending {
        runner.tell(Event::Draining(drained.clone()));
    }
    runner.close(DropReason::RunOver);
    watch.abort().await;
    drained
}

/// The eyes of the supervisor.
struct Watch<'a> {
    runner: &'a Arc<Runner>,
    ticks: Interval,
    ticked: u32,
    meter: Meter,
}

impl<'a> Watch<'a> {
    fn new(runner: &'a Arc<Runner>) -> Self {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { runner, ticks, ticked: 0, meter: Meter::default() }
    }

    /// Waits until all is done, the plan's time is over, or something ends the run before.
    async fn until_plan_is_over(
        &mut self,
        ends: &mut Ends,
        mut handed_over: std::pin::Pin<&mut impl Future<Output = ()>>,
    ) -> Ending {
        let mut all_handed_over = false;
        loop {
            if let Some(fatal) = self.runner.fatal() {
                return fatal;
            }
            let over = ends.plan.is_some_and(|plan| self.runner.now() >= plan);
            if all_handed_over && (over || self.idle()) {
                return Ending::Complete;
            }
            tokio::select! {
                () = &mut handed_over, if !all_handed_over => all_handed_over = true,
                Some(()) = ends.signals.recv() => return Ending::Signal,
                () = self.tick() => {}
            }
        }
    }

    /// Waits until nothing is under way, at most for the grace period or until a signal.
    async fn drain(&mut self, ends: &mut Ends, ending: Ending) -> Ending {
        let deadline = self.runner.now() + ends.grace;
        while !self.idle() && self.runner.now() < deadline {
            if ending == Ending::Complete
                && let Some(fatal) = self.runner.fatal()
            {
                return fatal;
            }
            tokio::select! {
                Some(()) = ends.signals.recv() => return Ending::Signal,
                () = self.tick() => {}
            }
        }
        ending
    }

    /// Ends what is still under way.
    async fn abort(&mut self) {
        let deadline = self.runner.now() + ABORT_LIMIT;
        while !self.idle() && self.runner.now() < deadline {
            self.runner.abort();
            self.tick().await;
        }
    }

    fn idle(&self) -> bool {
        self.runner.backlog() == 0 && self.runner.in_flight() == 0 && self.runner.users() == 0
    }

    /// Waits for a tick, or for the trip that leaves the run idle.
    async fn tick(&mut self) {
        let freed = self.runner.freed().notified();
        tokio::select! {
            _ = self.ticks.tick() => self.tend(),
            () = freed, if self.runner.stopping() => {}
        }
    }

    /// Drops what has waited for too long, and tells how the generator is doing.
    fn tend(&mut self) {
        for row in self.runner.rows() {
            self.runner.expire(row.index);
        }
        self.ticked += 1;
        if self.ticked.is_multiple_of(HEALTH_EVERY) {
            self.runner.tell(Event::Health(self.meter.read(self.runner)));
        }
    }
}
