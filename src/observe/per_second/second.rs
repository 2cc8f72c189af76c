//! What is counted in one second.

use crate::bus::{End, Event, Health, Request};

use super::latency::Trio;

/// What happened in one second that is not written yet.
#[derive(Default)]
pub(super) struct Second {
    pub(super) counts: Counts,
    /// How the generator was when it last told.
    pub(super) health: Option<Health>,
    /// Latencies by tag.
    pub(super) latencies: Vec<Trio>,
}

/// How often something happened in one second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) started: u64,
    pub(super) ended: u64,
    pub(super) failed: u64,
    pub(super) dropped: u64,
    pub(super) http_reqs: u64,
    pub(super) http_failed: u64,
}

impl Second {
    /// Counts an event; `tags` holds the tag of each row of the plan.
    pub(super) fn count(&mut self, event: &Event, tags: &[usize]) {
        let counts = &mut self.counts;
        match event {
            Event::Started { trip, lag, .. } => {
                counts.started += 1;
                if let Some(trio) = trio(&mut self.latencies, tags, trip.row) {
                    trio.lag.record(*lag);
                }
            }
            Event::Ended { trip, lag, service, end } => {
                counts.ended += 1;
                counts.failed += u64::from(matches!(end, End::Failed { .. }));
                if let Some(trio) = trio(&mut self.latencies, tags, trip.row) {
                    trio.response.record(lag.saturating_add(*service));
                    trio.service.record(*service);
                }
            }
            Event::Dropped { count, .. } => {
                counts.dropped = counts.dropped.saturating_add(*count);
            }
            Event::Request { request, .. } => {
                counts.http_reqs += 1;
                counts.http_failed += u64::from(failed(request));
            }
            Event::Health(health) => self.health = Some(*health),
            Event::Began(_)
            | Event::Transaction { .. }
            | Event::Recorded { .. }
            | Event::Purged { .. }
            | Event::Sent { .. }
            | Event::Measured { .. }
            | Event::Exchange { .. }
            | Event::Unheard { .. }
            | Event::Stalled { .. }
            | Event::Draining(_)
            | Event::Finished => {}
        }
    }

    /// Makes room for another second, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.counts = Counts::default();
        self.health = None;
        self.latencies.iter_mut().for_each(Trio::clear);
    }
}

/// The latencies of a row; a row that is not in the plan has a place among the counts alone.
fn trio<'a>(latencies: &'a mut [Trio], tags: &[usize], row: u16) -> Option<&'a mut Trio> {
    tags.get(usize::from(row)).and_then(|&tag| latencies.get_mut(tag))
}

/// What k6 counts as `http_req_failed`: no answer, or a status that says so.
fn failed(request: &Request) -> bool {
    request.failure.is_some() || request.status.is_none_or(|status| status >= 400)
}
