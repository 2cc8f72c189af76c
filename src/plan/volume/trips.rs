//! The closed model with an end: a number of trips, made by users one after the other.

use crate::plan::Share;

/// So many trips by so many users: trip `k` is one of user `k mod users`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trips {
    trips: u64,
    users: u64,
}

impl Trips {
    pub(super) fn new(trips: u64, users: u64) -> Self {
        Self { trips, users }
    }

    /// How many trips are made.
    #[must_use]
    pub fn trips(&self) -> u64 {
        self.trips
    }

    /// How many users make them.
    #[must_use]
    pub fn users(&self) -> u64 {
        self.users
    }

    /// How many users of a share have a trip to make.
    #[must_use]
    pub fn users_of(&self, share: Share) -> u64 {
        share.below(self.users.min(self.trips))
    }

    /// How many trips the users of a share make.
    #[must_use]
    pub fn trips_of(&self, share: Share) -> u64 {
        let (rounds, rest) = (self.trips / self.users, self.trips % self.users);
        rounds * share.below(self.users) + share.below(rest)
    }

    /// The number of trip `nth`, from 0, of those that a share makes.
    #[must_use]
    pub fn nth(&self, share: Share, nth: u64) -> Option<u64> {
        (nth < self.trips_of(share)).then(|| {
            let users = share.below(self.users);
            nth / users * self.users + share.nth(nth % users)
        })
    }

    /// The numbers of all trips that a share makes, in order.
    pub fn numbers(&self, share: Share) -> impl Iterator<Item = u64> + use<> {
        let trips = *self;
        (0..trips.trips_of(share)).filter_map(move |nth| trips.nth(share, nth))
    }
}
