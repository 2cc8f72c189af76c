//! Who may start now: trips under way, arrivals that wait, and for how long they may.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use tokio::{task::AbortHandle, time::Instant};

use crate::plan::Arrival;

/// Arrivals that wait at most, however long each of them may: about 40 MB of them.
const BACKLOG_MAX: usize = 1_000_000;

/// The slots and the backlog of one plan row.
#[derive(Default)]
pub(super) struct Gate {
    under_way: HashMap<u64, UnderWay>,
    waiting: VecDeque<Waiting>,
}

/// A trip that holds a slot.
#[derive(Debug)]
pub(super) struct UnderWay {
    pub(super) arrival: Arrival,
    /// When it began and how late, if it has.
    pub(super) begun: Option<(Instant, Duration)>,
    abort: Option<AbortHandle>,
}

/// An arrival that waits for a slot or a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) arrival: Arrival,
    /// When the pacer handed it over.
    pub(super) since: Duration,
}

impl Gate {
    /// Takes arrivals in, as many as the backlog has room for, and says how many that were.
    pub(super) fn arrive(&mut self, arrivals: &[Arrival], now: Duration) -> usize {
        let room = BACKLOG_MAX.saturating_sub(self.waiting.len()).min(arrivals.len());
        let waiting = |arrival: &Arrival| Waiting { arrival: *arrival, since: now };
        self.waiting.extend(arrivals[..room].iter().map(waiting));
        room
    }

    /// The arrival that has waited longest, if it may start with `max_in_flight` slots.
    pub(super) fn next(&self, max_in_flight: usize) -> Option<Waiting> {
        self.waiting.front().copied().filter(|_| self.under_way.len() < max_in_flight)
    }

    /// Starts the arrival that has waited longest.
    pub(super) fn start_next(&mut self) {
        if let Some(next) = self.waiting.pop_front() {
            self.begin(next.arrival);
        }
    }

    /// Takes out the arrival that has waited longest if it has waited for longer than `limit`.
    pub(super) fn expire(&mut self, limit: Duration, now: Duration) -> Option<Waiting> {
        let expired = |waiting: &Waiting| now.saturating_sub(waiting.arrival.due) > limit;
        self.waiting.front().is_some_and(expired).then(|| self.waiting.pop_front()).flatten()
    }

    /// Takes out all arrivals that wait.
    pub(super) fn clear(&mut self) -> VecDeque<Waiting> {
        std::mem::take(&mut self.waiting)
    }

    /// Counts a trip as under way.
    pub(super) fn begin(&mut self, arrival: Arrival) {
        self.under_way.insert(arrival.number, UnderWay { arrival, begun: None, abort: None });
    }

    /// Remembers when a trip began, and how late.
    pub(super) fn begun(&mut self, number: u64, at: Instant, lag: Duration) {
        if let Some(trip) = self.under_way.get_mut(&number) {
            trip.begun = Some((at, lag));
        }
    }

    /// Remembers how to abort a trip, unless it has ended already.
    pub(super) fn abort_with(&mut self, number: u64, handle: AbortHandle) {
        if let Some(trip) = self.under_way.get_mut(&number) {
            trip.abort = Some(handle);
        }
    }

    /// Counts a trip as over.
    pub(super) fn end(&mut self, number: u64) {
        self.under_way.remove(&number);
    }

    /// Whether a trip is under way; one that has been left behind is not.
    pub(super) fn holds(&self, number: u64) -> bool {
        self.under_way.contains_key(&number)
    }

    /// Takes out all that is under way.
    pub(super) fn leave_behind(&mut self) -> Vec<UnderWay> {
        self.under_way.drain().map(|(_, trip)| trip).collect()
    }

    /// How to abort what is under way and has not been aborted.
    pub(super) fn take_abort_handles(&mut self) -> Vec<AbortHandle> {
        self.under_way.values_mut().filter_map(|trip| trip.abort.take()).collect()
    }

    pub(super) fn in_flight(&self) -> usize {
        self.under_way.len()
    }

    pub(super) fn backlog(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(number: u64) -> Arrival {
        Arrival { number, due: Duration::from_secs(number) }
    }

    #[test]
    fn arrivals_start_in_the_order_in_which_they_were_due() {
        let mut gate = Gate::default();
        for number in 0..3 {
            gate.arrive(&[arrival(number)], Duration::from_secs(9));
        }
        for number in 0..2 {
            assert_eq!(gate.next(2).unwrap().arrival.number, number);
            gate.start_next();
        }
        assert_eq!(gate.next(2), None, "both slots are taken");
        gate.end(0);
        assert_eq!(gate.next(2).unwrap().arrival.number, 2);
    }

    #[test]
    fn an_arrival_waits_from_when_it_was_due() {
        let mut gate = Gate::default();
        gate.arrive(&[arrival(5)], Duration::from_secs(6));
        let limit = Duration::from_secs(2);
        assert_eq!(gate.expire(limit, Duration::from_secs(7)), None);
        assert!(gate.expire(limit, Duration::from_millis(7001)).is_some());
        assert_eq!(gate.backlog(), 0);
    }

    #[test]
    fn a_trip_that_is_left_behind_is_under_way_no_more() {
        let mut gate = Gate::default();
        gate.begin(arrival(7));
        gate.begun(7, Instant::now(), Duration::from_secs(1));
        let left = gate.leave_behind();
        assert_eq!(left[0].arrival, arrival(7));
        assert_eq!(left[0].begun.unwrap().1, Duration::from_secs(1));
        assert!(!gate.holds(7));
        assert_eq!(gate.in_flight(), 0);
    }

    #[test]
    fn a_backlog_has_an_end() {
        let mut gate = Gate::default();
        let arrivals: Vec<_> = (0..=BACKLOG_MAX as u64).map(arrival).collect();
        assert_eq!(gate.arrive(&arrivals, Duration::ZERO), BACKLOG_MAX);
        assert_eq!(gate.arrive(&arrivals, Duration::ZERO), 0);
    }
}
