//! The closed model: a number of users begin anew when they are done.

use std::time::Duration;

use super::{
    error::Fault,
    stage::{Stage, check, length, nanos, peak},
};
use crate::plan::Share;

/// The most users that a volume may keep busy.
pub const USERS_MAX: u64 = 10_000_000;

/// Straight lines of users.
///
/// The number wanted at a time is the line there rounded to the nearest, half up: user `k`, from
/// 0, joins where a ramp passes `k + ½`. So the time that users spend is the area under the
/// lines, up a ramp as down, and exactly `U` are there where `U` are held. At the plan's end
/// nobody is wanted any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Users {
    stages: Vec<Stage<u64>>,
}

/// The moment at which a user begins its first trip, or begins anew after it was not wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Join {
    /// Number of the user, from 0.
    pub user: u64,
    /// When, from the start of the plan.
    pub at: Duration,
}

impl Users {
    pub(super) fn new(stages: Vec<Stage<u64>>) -> Result<Self, (usize, Fault)> {
        check(&stages)?;
        Ok(Self { stages })
    }

    /// Its stages.
    #[must_use]
    pub fn stages(&self) -> &[Stage<u64>] {
        &self.stages
    }

    /// Its length.
    #[must_use]
    pub fn duration(&self) -> Duration {
        length(&self.stages)
    }

    /// The most users that are wanted at a time.
    #[must_use]
    pub fn peak(&self) -> u64 {
        peak(&self.stages)
    }

    /// How many users are wanted at a time: those with a number below.
    ///
    /// A user may leave after a trip when its number is not below this.
    #[must_use]
    pub fn users_at(&self, time: Duration) -> u64 {
        let mut left = nanos(time);
        for stage in &self.stages {
            let lasts = nanos(stage.lasts);
            if left < lasts {
                return level(*stage, left);
            }
            left -= lasts;
        }
        0
    }

    /// When each user of a share joins, in order of time.
    ///
    /// A user that ramps away and is wanted again joins again; whoever is then still under way
    /// with the trip before just stays.
    pub fn joins(&self, share: Share) -> impl Iterator<Item = Join> + '_ {
        let mut starts = 0;
        let mut present = 0;
        self.stages.iter().flat_map(move |stage| {
            let (start, before) = (starts, present);
            let lasts = nanos(stage.lasts);
            starts += lasts;
            present = level(*stage, lasts - 1);
            let at = move |x| Duration::from_nanos(start + x);
            let at_once =
                share.numbers(before..stage.from).map(move |user| Join { user, at: at(0) });
            let later = share.numbers(stage.from..present);
            at_once.chain(later.map(move |user| Join { user, at: at(passes(*stage, user)) }))
        })
    }
}

/// Users wanted `x` nanoseconds into a stage.
fn level(stage: Stage<u64>, x: u64) -> u64 {
    let (x, lasts) = (u128::from(x), u128::from(nanos(stage.lasts)));
    let weighted = u128::from(stage.from) * (lasts - x) + u128::from(stage.to) * x;
    u64::try_from((2 * weighted + lasts) / (2 * lasts)).expect("no more than at either end")
}

/// The first nanosecond of a rising stage at which it wants `user`, who is not there at its start.
fn passes(stage: Stage<u64>, user: u64) -> u64 {
    let lasts = u128::from(nanos(stage.lasts));
    let halves = 2 * u128::from(user - stage.from) + 1;
    let x = (lasts * halves).div_ceil(2 * u128::from(stage.to - stage.from));
    u64::try_from(x).expect("a user joins within the stage")
}
