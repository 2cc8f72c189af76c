//! Whether the run did what it promised, and the exit code that says so.

use std::fmt;

use super::{
    figures::{number, percent},
    fold::Tally,
    generator::{Generator, judge},
    measure::{Aggregate, Value},
    scope::{Lane, lanes},
    threshold::ThresholdResult,
};
use crate::bus::{Ending, Phase, Run};

/// Whether a run did what it promised.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What it comes to.
    pub outcome: Outcome,
    /// What came of each promise; those that every run makes are here when they were broken.
    pub thresholds: Vec<ThresholdResult>,
    /// How much of the plan came about.
    pub achieved: Achieved,
    /// How the generator did, the gravest first; never empty.
    pub generator: Vec<Generator>,
}

/// How much of the plan came about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Achieved {
    /// Trips planned.
    pub planned: u64,
    /// Trips that began.
    pub started: u64,
    /// Trips that were dropped, but where the plan asked to end with the datapool.
    pub missed: u64,
    /// Trips that ended as they should.
    pub done: u64,
    /// Trips that ended with a failure.
    pub failed: u64,
    /// How much of the planned trips may be missed, from 0 to 1.
    pub missed_max: f64,
}

/// What a run comes to; where several hold, the first of them in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A signal ended it.
    AbortedBySignal,
    /// Its log has no end: it was killed.
    Killed,
    /// Nobody kept what happened any more; the subscriber's error.
    SubscriberFailed(String),
    /// A datapool ran out under `on_empty = "fail"`; its name.
    DatapoolExhausted(String),
    /// Fewer users were provisioned than planned.
    CreateDataIncomplete {
        /// Trips that were to provision users.
        planned: u64,
        /// Trips that did.
        done: u64,
    },
    /// More trips were dropped than the scenario allows.
    LoadNotAchieved {
        /// Trips planned.
        planned: u64,
        /// Trips dropped.
        missed: u64,
        /// How much of the planned trips may be dropped, from 0 to 1.
        missed_max: f64,
    },
    /// Promises were broken.
    ThresholdsFailed {
        /// How many.
        count: usize,
    },
    /// All is as it should be.
    Passed,
}

impl Verdict {
    pub(crate) fn of(run: &Run, tally: &Tally, mut thresholds: Vec<ThresholdResult>) -> Self {
        let lanes = lanes(run, tally);
        let achieved = Achieved::of(run, &lanes);
        thresholds.extend(achieved.sanity());
        let outcome = ended_early(tally)
            .or_else(|| achieved.shortfall(run.phase))
            .or_else(|| broken(&thresholds))
            .unwrap_or(Outcome::Passed);
        Self { outcome, thresholds, achieved, generator: judge(&lanes, tally) }
    }

    /// The exit code of a command whose run came to this.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.outcome.exit_code()
    }
}

impl Outcome {
    /// The exit code of a command whose run came to this.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::SubscriberFailed(_) => 1,
            Self::ThresholdsFailed { .. } => 99,
            Self::AbortedBySignal | Self::Killed => 105,
            Self::DatapoolExhausted(_) => 111,
            Self::LoadNotAchieved { .. } => 112,
            Self::CreateDataIncomplete { .. } => 114,
        }
    }

    /// Its name for machines.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::SubscriberFailed(_) => "subscriber_failed",
            Self::ThresholdsFailed { .. } => "thresholds_failed",
            Self::AbortedBySignal => "aborted_by_signal",
            Self::Killed => "killed",
            Self::DatapoolExhausted(_) => "datapool_exhausted",
            Self::LoadNotAchieved { .. } => "load_not_achieved",
            Self::CreateDataIncomplete { .. } => "create_data_incomplete",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::SubscriberFailed(error) => write!(f, "a subscriber failed: {error}"),
            Self::ThresholdsFailed { count: 1 } => f.write_str("1 threshold failed"),
            Self::ThresholdsFailed { count } => write!(f, "{count} thresholds failed"),
            Self::AbortedBySignal => f.write_str("aborted by a signal"),
            Self::Killed => f.write_str("killed: its log ends before the run does"),
            Self::DatapoolExhausted(name) => write!(f, "datapool `{name}` ran out of rows"),
            Self::LoadNotAchieved { planned, missed, missed_max } => {
                let (part, most) = (percent(*missed, *planned), number(missed_max * 100.0));
                write!(f, "load not achieved: {missed} of {planned} planned trips ({part}) were ")?;
                write!(f, "dropped, at most {most}% may be")
            }
            Self::CreateDataIncomplete { planned, done } => {
                write!(f, "data incomplete: {done} of {planned} planned trips were done")
            }
        }
    }
}

impl Achieved {
    fn of(run: &Run, lanes: &[Lane<'_>]) -> Self {
        let missed_max = run.max_dropped;
        let mut all = Self { planned: 0, started: 0, missed: 0, done: 0, failed: 0, missed_max };
        for lane in lanes {
            let trips = &lane.tally.trips;
            all.planned = all.planned.saturating_add(lane.planned());
            all.started += trips.started;
            all.missed = all.missed.saturating_add(trips.missed());
            all.done += trips.timing.done;
            all.failed += trips.timing.failed;
        }
        all
    }

    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    fn shortfall(&self, phase: Phase) -> Option<Outcome> {
        let Self { planned, missed, missed_max, done, .. } = *self;
        if phase == Phase::CreateData && done < planned {
            return Some(Outcome::CreateDataIncomplete { planned, done });
        }
        let too_many = missed as f64 > missed_max * planned as f64;
        too_many.then_some(Outcome::LoadNotAchieved { planned, missed, missed_max })
    }

    /// Promises that every run makes: that trips end, and not all of them with a failure.
    fn sanity(&self) -> Option<ThresholdResult> {
        let completed = self.done + self.failed;
        let (aggregate, expression, value) = match (completed, self.done) {
            (0, _) => (Aggregate::Count, "count>0", Value::Count(0)),
            (_, 0) => (Aggregate::Failed, "failed<100%", Value::Fraction(1.0)),
            _ => return None,
        };
        Some(ThresholdResult {
            metric: "iterations".into(),
            expression: expression.into(),
            aggregate,
            value: Some(value),
            passed: false,
        })
    }
}

fn ended_early(tally: &Tally) -> Option<Outcome> {
    match &tally.ending {
        Some(Ending::Signal) => Some(Outcome::AbortedBySignal),
        Some(Ending::SubscriberFailed(error)) => Some(Outcome::SubscriberFailed(error.clone())),
        _ if !tally.finished => Some(Outcome::Killed),
        Some(Ending::DatapoolExhausted(name)) => Some(Outcome::DatapoolExhausted(name.clone())),
        Some(Ending::Complete) | None => None,
    }
}

fn broken(thresholds: &[ThresholdResult]) -> Option<Outcome> {
    let count = thresholds.iter().filter(|it| !it.passed).count();
    (count > 0).then_some(Outcome::ThresholdsFailed { count })
}
