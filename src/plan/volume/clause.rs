//! The text of one stage.

use std::time::Duration;

use super::{Fault, TRIPS_MAX, USERS_MAX, stage::Level};
use crate::quantity::{Rate, Span, count};

/// What one stage says, before it is known what stood before it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Clause {
    Wait(Duration),
    Rate(Step<Rate>),
    Users(Step<u64>),
    TripsAt(u64, Rate),
    TripsBy(u64, u64),
}

/// A level that is held, or gone to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<L> {
    Hold { level: L, lasts: Duration },
    Ramp { from: Option<L>, to: L, lasts: Duration },
}

impl Clause {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            [] => Err(Fault::Empty),
            ["wait", lasts] => Ok(Self::Wait(span(lasts)?)),
            ["hold", rate, "for", lasts] => Ok(Self::Rate(hold(rate.parse()?, lasts)?)),
            [users, "user" | "users", "for", lasts] => {
                Ok(Self::Users(hold(count(users, USERS_MAX)?, lasts)?))
            }
            [trips, "trip" | "trips", "at", rate] => {
                Ok(Self::TripsAt(count(trips, TRIPS_MAX)?, rate.parse()?))
            }
            [trips, "trip" | "trips", "by", users, "user" | "users"] => {
                trips_by(count(trips, TRIPS_MAX)?, count(users, USERS_MAX)?)
            }
            ["ramp", ref rest @ ..] => ramp(rest),
            _ => Err(Fault::Unknown),
        }
    }
}

fn trips_by(trips: u64, users: u64) -> Result<Clause, Fault> {
    match (trips, users) {
        (0, _) => Err(Fault::NoTrips),
        (_, 0) => Err(Fault::NoUsers),
        (trips, users) => Ok(Clause::TripsBy(trips, users)),
    }
}

fn ramp(words: &[&str]) -> Result<Clause, Fault> {
    let (from, words) = match words {
        ["from", from, "user" | "users", rest @ ..] | ["from", from, rest @ ..] => {
            (Some(*from), rest)
        }
        rest => (None, rest),
    };
    match *words {
        ["to", to, "user" | "users", "over", lasts] => {
            let from = from.map(|from| count(from, USERS_MAX)).transpose()?;
            Ok(Clause::Users(ramp_step(from, count(to, USERS_MAX)?, lasts)?))
        }
        ["to", to, "over", lasts] => {
            let from = from.map(str::parse).transpose()?;
            Ok(Clause::Rate(ramp_step(from, to.parse()?, lasts)?))
        }
        _ => Err(Fault::Unknown),
    }
}

fn ramp_step<L>(from: Option<L>, to: L, lasts: &str) -> Result<Step<L>, Fault> {
    Ok(Step::Ramp { from, to, lasts: span(lasts)? })
}

fn hold<L: Level>(level: L, lasts: &str) -> Result<Step<L>, Fault> {
    if level == L::default() {
        return Err(Fault::Nothing);
    }
    Ok(Step::Hold { level, lasts: span(lasts)? })
}

fn span(text: &str) -> Result<Duration, Fault> {
    let Span(lasts) = text.parse()?;
    if lasts.is_zero() { Err(Fault::NoTime) } else { Ok(lasts) }
}
