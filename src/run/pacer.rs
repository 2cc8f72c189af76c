//! Hands arrivals over the moment they are due: by a thread on absolute time, because the
//! runtime's own timers fire a millisecond late; in tests, by the runtime's paused clock.

use std::{io, thread, time::Duration};

use rustix::{
    thread::{ClockId, clock_nanosleep_absolute},
    time::{Timespec, clock_gettime},
};

use tokio::time::Instant;

use super::agenda::Agenda;
use crate::bus::Event;

/// The shortest sleep: above 20,000 arrivals a second they are handed over in groups, each at
/// most this late, because a thread that is woken for each of them takes a core for itself.
const GRAIN: Duration = Duration::from_micros(50);
/// The longest sleep before the pacer looks whether the run is stopping.
const NAP: Duration = Duration::from_millis(20);
/// A pacer that is later than this drops what was due meanwhile: a burst of late arrivals
/// would be a load that nobody asked for.
const STALL: Duration = Duration::from_millis(500);

/// What keeps the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pacing {
    /// A thread on the monotonic clock: exact to some 20 µs.
    Thread,
    /// The runtime's timers: exact to a millisecond, and virtual when the runtime's clock is
    /// paused.
    Runtime,
}

/// Starts a thread that hands over everything on the agenda, and calls `done` at its end.
pub(super) fn thread(agenda: Agenda, done: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name("pacer".into()).spawn(move || {
        pace(agenda);
        done();
    })?;
    Ok(())
}

fn pace(mut agenda: Agenda) {
    // One nanosecond instead of the usual 50 µs by which the kernel may wake us late.
    let _ = rustix::thread::set_current_timer_slack(Some(std::num::NonZeroU64::MIN));
    let clock = Clock::new(agenda.runner().began());
    let mut seen = agenda.runner().now();
    tracing::debug!("the pacer begins");
    while let Some(due) = agenda.next_due() {
        let wake = due.clamp(seen + GRAIN, seen + NAP);
        clock.sleep_until(wake);
        let now = agenda.runner().now();
        agenda.runner().overslept(now.saturating_sub(wake));
        // Whether it slept for too long or had too much to hand over: what is due is as late.
        let late = now.saturating_sub(due.min(wake));
        if late > STALL {
            agenda.runner().tell(Event::Stalled { lasted: late });
            agenda.skip(now);
        }
        agenda.hand_over(now);
        seen = agenda.runner().now();
    }
    tracing::debug!("the pacer has nothing left to hand over");
}

/// Hands over everything on the agenda, on the runtime's clock.
pub(super) async fn on_runtime(mut agenda: Agenda) {
    while let Some(due) = agenda.next_due() {
        let began = agenda.runner().began();
        let wake = due.min(agenda.runner().now() + NAP);
        tokio::time::sleep_until(began + wake).await;
        // The runtime rounds up to whole milliseconds, so that what was asked for is due now.
        agenda.hand_over(agenda.runner().now());
    }
}

/// The monotonic clock, counted from when the run began.
struct Clock {
    began: Duration,
}

impl Clock {
    /// Reads the clock to know when the run began, or will begin.
    fn new(began: Instant) -> Self {
        let read = clock_gettime(ClockId::Monotonic);
        let read = Duration::new(
            read.tv_sec.try_into().expect("the monotonic clock counts up from zero"),
            read.tv_nsec.try_into().expect("nanoseconds are below a billion"),
        );
        let (ahead, behind) = (began.duration_since(Instant::now()), began.elapsed());
        Self { began: (read + ahead).saturating_sub(behind) }
    }

    /// Sleeps until a time of the run; returns at once if it is past.
    fn sleep_until(&self, time: Duration) {
        let wake = self.began + time;
        let wake = Timespec {
            tv_sec: wake.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: wake.subsec_nanos().into(),
        };
        // A signal only wakes us early; the agenda is asked again.
        let _ = clock_nanosleep_absolute(ClockId::Monotonic, &wake);
    }
}
