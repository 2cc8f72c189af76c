//! Where the switches meet the clock: each answer passes here on its way out.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::{Answer, Switches};

/// Holds answers back, or replaces them, as the switches say.
#[derive(Default)]
pub(super) struct Gate {
    switches: Switches,
    first: OnceLock<Instant>,
    requests: AtomicU64,
    messages: AtomicU64,
}

impl Gate {
    pub(super) fn new(switches: Switches) -> Self {
        Self { switches, ..Self::default() }
    }

    /// Counts a request in.
    pub(super) fn enter(&self) -> Visit<'_> {
        Visit {
            switches: &self.switches,
            first: *self.first.get_or_init(Instant::now),
            number: self.requests.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Counts a DIDComm message in; tells whether it is to be lost.
    pub(super) fn loses(&self) -> bool {
        self.switches.loses(self.messages.fetch_add(1, Ordering::Relaxed))
    }

    /// Holds back what is no answer to an HTTP request for as long as it would hold one back.
    pub(super) async fn hold(&self) {
        let elapsed = self.first.get_or_init(Instant::now).elapsed();
        let wait = self.switches.answer_after(elapsed, 0).wait;
        if !wait.is_zero() {
            sleep(wait).await;
        }
    }

    /// How long a WebSocket stays open.
    pub(super) fn socket_life(&self) -> Option<Duration> {
        self.switches.close_sockets_after
    }
}

/// A request on its way through the gate.
pub(super) struct Visit<'a> {
    switches: &'a Switches,
    first: Instant,
    number: u64,
}

impl Visit<'_> {
    /// Whether the request is to be answered 503 and otherwise ignored.
    pub(super) fn fails(&self) -> bool {
        self.answer().fails
    }

    /// Holds the answer back for as long as the switches say.
    pub(super) async fn leave(self) {
        let wait = self.answer().wait;
        if !wait.is_zero() {
            sleep(wait).await;
        }
    }

    fn answer(&self) -> Answer {
        self.switches.answer_after(self.first.elapsed(), self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds at which requests made `every` milliseconds were answered.
    async fn answered(switches: Switches, requests: u32, every: Duration) -> Vec<u128> {
        let gate = &Gate::new(switches);
        // The window is counted from the first request, whenever that is.
        sleep(Duration::from_secs(5)).await;
        let begin = Instant::now();
        let mut answered = Vec::new();
        for n in 0..requests {
            sleep((begin + every * n).saturating_duration_since(Instant::now())).await;
            gate.enter().leave().await;
            answered.push(begin.elapsed().as_millis());
        }
        answered
    }

    #[tokio::test(start_paused = true)]
    async fn a_freeze_counts_from_the_first_request() {
        let freeze = Some(Duration::from_millis(200)..Duration::from_millis(350));
        let switches = Switches { freeze, ..Switches::default() };
        let answered = answered(switches, 6, Duration::from_millis(100)).await;
        assert_eq!(answered, [0, 100, 350, 350, 400, 500]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_delay_holds_each_answer() {
        let switches = Switches { delay: Duration::from_millis(20), ..Switches::default() };
        assert_eq!(answered(switches, 3, Duration::from_secs(1)).await, [20, 1_020, 2_020]);
    }

    #[tokio::test(start_paused = true)]
    async fn each_request_has_a_number_of_its_own() {
        let gate = Gate::new(Switches { failure_rate: 0.5, ..Switches::default() });
        let failing: Vec<_> = (0..4).map(|_| gate.enter().fails()).collect();
        assert_eq!(failing, [false, true, false, true]);
    }
}
