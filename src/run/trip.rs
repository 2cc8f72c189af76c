//! One trip, from its start to its end, whatever happens to it on the way.

use std::{
    any::Any,
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{self, Poll},
    time::Duration,
};

use tokio::time::{Instant, timeout};

use super::runner::Runner;
use crate::{
    bus::{DropReason, End, Event, TripId},
    datapool::RawLease,
    journey::{Context, Failure, Outcome, Trip},
    plan::Arrival,
};

/// A trip that holds a slot; giving it up tells how the trip ended and frees the slot.
pub(super) struct Slot {
    runner: Arc<Runner>,
    id: TripId,
    due: Duration,
    begun: Option<(Instant, Duration)>,
    end: End,
}

impl Slot {
    pub(super) fn new(runner: Arc<Runner>, row: u16, arrival: Arrival) -> Self {
        let id = TripId { row, number: arrival.number };
        Self { runner, id, due: arrival.due, begun: None, end: End::Cancelled }
    }

    /// Makes the trip, which waited for `queued` before it could start.
    pub(super) async fn travel(mut self, row: Option<RawLease>, queued: Duration) {
        let began = Instant::now();
        let lag = self.runner.time_of(began).saturating_sub(self.due);
        self.begun = Some((began, lag));
        self.runner.gate(self.id.row).begun(self.id.number, began, lag);
        self.runner.tell(Event::Started { trip: self.id, lag, queued: queued.min(lag) });
        let plan = self.runner.row(self.id.row);
        let ctx = Context::new(Arc::clone(&plan.around), self.id, lag);
        let trip = Caught(Some(plan.journey.begin(ctx, row)));
        let outcome = timeout(plan.max_trip, trip).await.unwrap_or_else(|_| {
            let limit = plan.max_trip;
            Err(Failure::new("trip timeout", format!("still under way after {limit:?} (max_trip)")))
        });
        self.end = match outcome {
            Ok(()) => End::Done,
            Err(mut failure) => failure.tell(),
        };
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let end = std::mem::replace(&mut self.end, End::Cancelled);
        let left_behind = !self.runner.gate(self.id.row).holds(self.id.number);
        if !left_behind {
            self.runner.tell(last_word(self.id, self.due, self.begun, end));
        }
        self.runner.ended(self.id);
    }
}

/// What is told of a trip that gives up its slot: its end, or that it never began.
pub(super) fn last_word(
    trip: TripId,
    due: Duration,
    start: Option<(Instant, Duration)>,
    end: End,
) -> Event {
    match start {
        Some((began, lag)) => Event::Ended { trip, lag, service: began.elapsed(), end },
        None => Event::Dropped { row: trip.row, due, count: 1, reason: DropReason::Aborted },
    }
}

thread_local! {
    static IN_TRIP: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is running the code of a journey: a panic there is counted, not fatal.
#[must_use]
pub fn in_trip() -> bool {
    IN_TRIP.get()
}

/// A trip whose panics are a failure of this trip alone, even when it is dropped.
struct Caught(Option<Trip>);

impl Future for Caught {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, task: &mut task::Context<'_>) -> Poll<Outcome> {
        let Some(trip) = &mut self.0 else { return Poll::Pending };
        caught(|| trip.as_mut().poll(task)).unwrap_or_else(|failure| Poll::Ready(Err(failure)))
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        // What cut the trip off is told; a panic on the way out is no second failure.
        let _ = caught(|| drop(self.0.take()));
    }
}

/// Runs the code of a journey.
fn caught<T>(code: impl FnOnce() -> T) -> Result<T, Failure> {
    IN_TRIP.set(true);
    let done = catch_unwind(AssertUnwindSafe(code));
    IN_TRIP.set(false);
    done.map_err(|panic| Failure::new("panic", text_of(&*panic)))
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".into())
}
