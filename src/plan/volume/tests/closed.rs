//! Users, and the trips of users.

use std::{collections::BTreeSet, time::Duration};

use proptest::prelude::*;

use super::{users, volume};
use crate::plan::{
    Share,
    volume::{Join, Trips, Users, Volume},
};

fn kept_busy(text: &str) -> Users {
    match volume(text) {
        Volume::Users(users) => users,
        other => panic!("{other} keeps no users busy"),
    }
}

fn joins(text: &str) -> Vec<(u64, f64)> {
    let seconds = |join: Join| (join.user, join.at.as_secs_f64());
    kept_busy(text).joins(Share::WHOLE).map(seconds).collect()
}

fn at(text: &str, seconds: f64) -> u64 {
    kept_busy(text).users_at(Duration::from_secs_f64(seconds))
}

#[test]
fn users_that_are_held_join_at_once() {
    assert_eq!(joins("2 users for 5m"), [(0, 0.0), (1, 0.0)]);
    assert_eq!(joins("wait 10s, 2 users for 5m"), [(0, 10.0), (1, 10.0)]);
}

#[test]
fn a_ramp_lets_each_user_join_half_way_to_its_number() {
    assert_eq!(joins("ramp to 2 users over 4s, 2 users for 1m"), [(0, 1.0), (1, 3.0)]);
    assert_eq!(joins("1 user for 1s, ramp to 3 users over 4s"), [(0, 0.0), (1, 2.0), (2, 4.0)]);
}

#[test]
fn users_leave_as_they_came() {
    let text = "2 users for 1s, ramp to 0 users over 4s, wait 1s";
    assert_eq!(at(text, 0.5), 2);
    assert_eq!((at(text, 2.0), at(text, 2.1)), (2, 1));
    assert_eq!((at(text, 4.0), at(text, 4.1)), (1, 0));
    assert_eq!(at("2 users for 1s", 1.0), 0);
}

#[test]
fn a_user_that_is_wanted_again_joins_again() {
    assert_eq!(joins("1 user for 1s, wait 1s, 1 user for 1s"), [(0, 0.0), (0, 2.0)]);
    let text = "2 users for 1s, ramp to 0 users over 4s, ramp to 1 user over 2s, 1 user for 1s";
    assert_eq!(joins(text), [(0, 0.0), (1, 0.0), (0, 6.0)]);
}

#[test]
fn trips_go_around_the_users() {
    let trips = Trips::new(10, 4);
    let numbers = |index| -> Vec<u64> { trips.numbers(Share::new(index, 3).unwrap()).collect() };
    assert_eq!(numbers(0), [0, 3, 4, 7, 8]);
    assert_eq!(numbers(1), [1, 5, 9]);
    assert_eq!(numbers(2), [2, 6]);
    assert_eq!(trips.nth(Share::WHOLE, 10), None);
}

#[test]
fn users_without_a_trip_are_not_started() {
    let users = |index| Trips::new(3, 100).users_of(Share::new(index, 2).unwrap());
    assert_eq!((users(0), users(1)), (2, 1));
}

proptest! {
    #[test]
    fn whoever_has_joined_and_not_left_is_wanted(text in users(), parts in prop::collection::vec(0.0..1.0_f64, 9)) {
        let users = kept_busy(&text);
        let mut times: Vec<Duration> = parts.iter().map(|part| users.duration().mul_f64(*part)).collect();
        times.extend(users.joins(Share::WHOLE).map(|join| join.at));
        times.sort_unstable();
        times.dedup();
        let mut joins = users.joins(Share::WHOLE).peekable();
        let mut present = BTreeSet::new();
        for time in times {
            if let Some(moment) = time.checked_sub(Duration::from_nanos(1)) {
                present.split_off(&users.users_at(moment));
            }
            while let Some(join) = joins.next_if(|join| join.at == time) {
                present.insert(join.user);
            }
            let wanted = users.users_at(time);
            present.split_off(&wanted);
            prop_assert!(present.iter().copied().eq(0..wanted), "{wanted} wanted at {time:?}, {present:?}");
        }
        prop_assert_eq!(joins.next(), None);
    }

    #[test]
    fn a_user_is_wanted_when_it_joins_and_was_not_before(text in users()) {
        let users = kept_busy(&text);
        let mut before = Duration::ZERO;
        for join in users.joins(Share::WHOLE) {
            prop_assert!(before <= join.at && join.at < users.duration());
            prop_assert!(users.users_at(join.at) > join.user);
            if let Some(moment) = join.at.checked_sub(Duration::from_nanos(1)) {
                prop_assert!(users.users_at(moment) <= join.user);
            }
            before = join.at;
        }
    }

    #[test]
    fn every_join_is_of_one_share(text in users(), of in 1..5_u32) {
        let users = kept_busy(&text);
        let mut all: Vec<Join> =
            (0..of).flat_map(|index| users.joins(Share::new(index, of).unwrap())).collect();
        all.sort_by_key(|join| (join.at, join.user));
        let mut whole: Vec<Join> = users.joins(Share::WHOLE).collect();
        whole.sort_by_key(|join| (join.at, join.user));
        prop_assert_eq!(all, whole);
    }

    #[test]
    fn every_trip_is_of_one_share(trips in 1..500_u64, users in 1..40_u64, of in 1..7_u32) {
        let trips = Trips::new(trips, users);
        let mut all: Vec<u64> = Vec::new();
        for index in 0..of {
            let share = Share::new(index, of).unwrap();
            let own: Vec<u64> = trips.numbers(share).collect();
            prop_assert_eq!(own.len() as u64, trips.trips_of(share));
            prop_assert!(own.iter().all(|trip| trip % users % u64::from(of) == u64::from(index)));
            all.extend(own);
        }
        all.sort_unstable();
        prop_assert!(all.into_iter().eq(0..trips.trips()));
    }
}
