//! How a sandbox misbehaves on purpose: late, frozen for a while, or failing now and then.

use std::{ops::Range, time::Duration};

/// What a sandbox does wrong; by default nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Switches {
    /// How long each answer waits.
    pub delay: Duration,
    /// A window, counted from the first request, in which no answer starts.
    pub freeze: Option<Range<Duration>>,
    /// The share of requests, from 0 to 1, answered 503 and otherwise ignored; 0.01 is exactly one
    /// in each hundred.
    pub failure_rate: f64,
    /// The share of DIDComm messages, from 0 to 1, that are taken and then lost: nobody answers or
    /// forwards them.
    pub loss: f64,
    /// How long a WebSocket stays open before the sandbox closes it.
    pub close_sockets_after: Option<Duration>,
    /// Whether the verifier takes every presentation that it can read for true, and computes nothing.
    pub blind: bool,
}

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// How long it waits before it starts.
    pub wait: Duration,
    /// Whether it is a 503.
    pub fails: bool,
}

impl Switches {
    /// Tells what becomes of request `number`, from 0, that could be answered at `elapsed` since
    /// the first request.
    #[must_use]
    pub fn answer_after(&self, elapsed: Duration, number: u64) -> Answer {
        let starts = elapsed.saturating_add(self.delay);
        let starts = match &self.freeze {
            Some(window) if window.contains(&starts) => window.end,
            Some(_) | None => starts,
        };
        let fails = is_of_share(self.failure_rate, number);
        Answer { wait: starts.saturating_sub(elapsed), fails }
    }

    /// Whether DIDComm message `number`, from 0, is lost.
    #[must_use]
    pub fn loses(&self, number: u64) -> bool {
        is_of_share(self.loss, number)
    }
}

/// Whether the one of this number belongs to the share.
///
/// It carries the rounding error along, as in drawing a sloped line with pixels: the first `n` hold
/// `n * share` of them, rounded down, and whole billionths keep that exact for any `n`.
fn is_of_share(share: f64, number: u64) -> bool {
    const WHOLE: u128 = 1_000_000_000;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped, and a cast saturates"
    )]
    let share = (share.clamp(0.0, 1.0) * 1e9).round() as u128;
    let before = |n: u128| n * share / WHOLE;
    before(u128::from(number) + 1) > before(u128::from(number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn millis(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    fn wait(switches: &Switches, elapsed: u64) -> Duration {
        switches.answer_after(millis(elapsed), 0).wait
    }

    fn failures(failure_rate: f64, numbers: Range<u64>) -> usize {
        let switches = Switches { failure_rate, ..Switches::default() };
        numbers.filter(|&n| switches.answer_after(Duration::ZERO, n).fails).count()
    }

    #[test]
    fn no_switch_changes_nothing() {
        let answer = Switches::default().answer_after(millis(77), 99);
        assert_eq!(answer, Answer { wait: Duration::ZERO, fails: false });
    }

    #[test]
    fn an_answer_that_would_start_in_the_freeze_waits_for_its_end() {
        let freeze = Some(millis(3_000)..millis(4_000));
        let switches = Switches { delay: millis(10), freeze, ..Switches::default() };
        assert_eq!(wait(&switches, 0), millis(10));
        assert_eq!(wait(&switches, 2_989), millis(10));
        assert_eq!(wait(&switches, 2_990), millis(1_010));
        assert_eq!(wait(&switches, 3_500), millis(500));
        assert_eq!(wait(&switches, 3_989), millis(11));
        assert_eq!(wait(&switches, 3_990), millis(10));
        assert_eq!(wait(&switches, 4_000), millis(10));
    }

    #[test]
    fn a_share_of_one_in_a_hundred_is_exactly_that() {
        assert_eq!(failures(0.01, 0..99), 0);
        assert_eq!(failures(0.01, 0..100), 1);
        assert_eq!(failures(0.01, 0..100_000), 1_000);
        assert_eq!(failures(0.29, 0..100), 29);
        assert_eq!(failures(0.0, 0..1_000), 0);
        assert_eq!(failures(1.0, u64::MAX - 1_000..u64::MAX), 1_000);
    }

    proptest! {
        #[test]
        fn any_run_of_requests_holds_its_share_of_failures(
            billionths in 0_u32..=1_000_000_000,
            first in 0_u64..1 << 60,
            length in 0_u32..2_000,
        ) {
            let rate = f64::from(billionths) / 1e9;
            let failed = failures(rate, first..first + u64::from(length));
            let expected = u64::from(billionths) * u64::from(length);
            prop_assert!((failed as u64 * 1_000_000_000).abs_diff(expected) < 1_000_000_000);
        }

        #[test]
        fn no_answer_starts_in_the_freeze(elapsed in 0_u64..9_000, delay in 0_u64..2_000) {
            let freeze = millis(3_000)..millis(4_000);
            let switches = Switches {
                delay: millis(delay), freeze: Some(freeze.clone()), ..Switches::default()
            };
            let starts = millis(elapsed) + wait(&switches, elapsed);
            prop_assert!(!freeze.contains(&starts));
            prop_assert!(starts >= millis(elapsed + delay));
        }
    }
}
