//! A volume: one of three kinds, in one of two models.

use std::{fmt, time::Duration};

use super::{
    Open, Trips, Users,
    stage::{Level, show},
};
use crate::plan::{Share, Spacing, schedule};
use crate::quantity::{Rate, Written, deserialize_written};

/// How much, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Volume {
    /// Trips arrive at a rate.
    Open(Open),
    /// Users are kept busy for a time.
    Users(Users),
    /// A number of trips is made by users.
    Trips(Trips),
}

/// Who decides when the next trip begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// The plan.
    Open,
    /// The target.
    Closed,
}

/// The highest level of a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peak {
    /// Of a rate.
    Rate(Rate),
    /// Of a number of users.
    Users(u64),
}

impl Volume {
    /// Who decides when the next trip begins.
    #[must_use]
    pub fn model(&self) -> Model {
        match self {
            Self::Open(_) => Model::Open,
            Self::Users(_) | Self::Trips(_) => Model::Closed,
        }
    }

    /// Its length; `None` if it ends when its trips are done.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        match self {
            Self::Open(open) => Some(open.duration()),
            Self::Users(users) => Some(users.duration()),
            Self::Trips(_) => None,
        }
    }

    /// Its highest rate or number of users.
    #[must_use]
    pub fn peak(&self) -> Peak {
        match self {
            Self::Open(open) => Peak::Rate(open.peak()),
            Self::Users(users) => Peak::Users(users.peak()),
            Self::Trips(trips) => Peak::Users(trips.users()),
        }
    }

    /// How many trips it comes to; `None` if that is up to the target.
    #[must_use]
    pub fn trips(&self) -> Option<u64> {
        self.trips_of(Share::WHOLE)
    }

    /// How many of its trips a share does; `None` if that is up to the target.
    #[must_use]
    pub fn trips_of(&self, share: Share) -> Option<u64> {
        match self {
            Self::Open(open) => Some(share.below(open.trips())),
            Self::Users(_) => None,
            Self::Trips(trips) => Some(trips.trips_of(share)),
        }
    }

    /// What a share has to do in each second of the plan.
    ///
    /// Open model: arrivals due in it. Closed model: users wanted at its start; nothing if the
    /// volume has no length. Poisson arrivals are drawn for this, which costs twice as much as
    /// making their [`Schedule`](crate::plan::Schedule).
    #[must_use]
    pub fn by_second(&self, spacing: Spacing, seed: u64, share: Share) -> Vec<u32> {
        match self {
            Self::Open(open) => schedule::by_second(open, spacing, seed, share),
            Self::Users(users) => {
                let seconds = users.duration().as_nanos().div_ceil(1_000_000_000);
                (0..u64::try_from(seconds).unwrap_or(0))
                    .map(|second| share.below(users.users_at(Duration::from_secs(second))))
                    .map(|users| u32::try_from(users).unwrap_or(u32::MAX))
                    .collect()
            }
            Self::Trips(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(open) => match open.limit() {
                Some(trips) => write!(f, "{} at {}", counted(trips), open.peak()),
                None => write!(f, "{}", show(open.stages())),
            },
            Self::Users(users) => write!(f, "{}", show(users.stages())),
            Self::Trips(trips) => {
                write!(f, "{} by {}", counted(trips.trips()), trips.users().show())
            }
        }
    }
}

fn counted(trips: u64) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "{trips} {}", if trips == 1 { "trip" } else { "trips" }))
}

impl fmt::Display for Peak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate(rate) => write!(f, "{rate}"),
            Self::Users(users) => write!(f, "{}", users.show()),
        }
    }
}

impl Written for Volume {
    const EXAMPLE: &'static str = "hold 50/s for 5m";
}

deserialize_written!(Volume);
