use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::plan::{
    Share,
    volume::{Open, Volume},
};

fn open(text: &str) -> Open {
    match text.parse() {
        Ok(Volume::Open(open)) => open,
        other => panic!("{other:?} is not open"),
    }
}

fn texts() -> impl Strategy<Value = String> {
    (0..9_u32, 1..99_u32, 1..99_u32, 1..9_000_u32).prop_map(|(wait, from, to, ms)| {
        format!(
            "wait {}ms, ramp from {from}/s to {to}/s over {ms}ms, hold 7/3s for 5s, \
             ramp to 0/s over 2s",
            wait + 1
        )
    })
}

fn spacing() -> impl Strategy<Value = Spacing> {
    prop_oneof![Just(Spacing::Even), Just(Spacing::Poisson)]
}

fn arrivals(open: &Open, spacing: Spacing, share: Share) -> Vec<Arrival> {
    Schedule::new(open, spacing, 42, share).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn even_arrivals_are_those_of_the_closed_form(text in texts()) {
        let open = open(&text);
        for (number, arrival) in (0..).zip(arrivals(&open, Spacing::Even, Share::WHOLE)) {
            prop_assert_eq!((arrival.number, Some(arrival.due)), (number, open.due(number)));
        }
    }

    #[test]
    fn as_many_arrive_as_planned_in_order_and_within_the_plan(text in texts(), spacing in spacing()) {
        let open = open(&text);
        let arrivals = arrivals(&open, spacing, Share::WHOLE);
        prop_assert_eq!(arrivals.len() as u64, open.trips());
        prop_assert!(arrivals.is_sorted_by_key(|arrival| arrival.due));
        prop_assert!(arrivals.last().is_none_or(|last| last.due < open.duration()));
    }

    #[test]
    fn shares_are_exactly_the_whole(text in texts(), spacing in spacing(), of in 1..6_u32) {
        let open = open(&text);
        let mut all: Vec<Arrival> = Vec::new();
        for index in 0..of {
            let share = Share::new(index, of).unwrap();
            let schedule = Schedule::new(&open, spacing, 42, share);
            let promised = schedule.size_hint();
            let own: Vec<Arrival> = schedule.collect();
            prop_assert_eq!(promised, (own.len(), Some(own.len())));
            all.extend(own);
        }
        all.sort_by_key(|arrival| arrival.number);
        prop_assert_eq!(all, arrivals(&open, spacing, Share::WHOLE));
    }

    #[test]
    fn seconds_count_the_arrivals_in_them(text in texts(), spacing in spacing()) {
        let open = open(&text);
        let seconds = by_second(&open, spacing, 42, Share::WHOLE);
        let mut counted = vec![0; seconds.len()];
        for arrival in arrivals(&open, spacing, Share::WHOLE) {
            counted[usize::try_from(arrival.due.as_secs()).unwrap()] += 1;
        }
        prop_assert_eq!(seconds, counted);
    }
}

#[test]
fn another_seed_throws_other_dice() {
    let open = open("hold 50/s for 10s");
    let due = |seed| Schedule::new(&open, Spacing::Poisson, seed, Share::WHOLE).map(|a| a.due);
    assert!(due(1).eq(due(1)));
    assert!(due(1).ne(due(2)));
}

#[test]
fn the_dice_are_the_same_in_every_version() {
    let open = open("hold 1/s for 5s");
    let due: Vec<u128> = Schedule::new(&open, Spacing::Poisson, 42, Share::WHOLE)
        .map(|arrival| arrival.due.as_millis())
        .collect();
    insta::assert_debug_snapshot!(due, @"
    [
        238,
        797,
        885,
        3687,
        3859,
    ]
    ");
}

/// Counts in equal parts of a Poisson process vary as much as their mean.
#[test]
fn poisson_arrivals_are_as_bursty_as_poisson() {
    let open = open("hold 100/s for 1000s");
    let seconds = by_second(&open, Spacing::Poisson, 7, Share::WHOLE);
    let variance: f64 = seconds.iter().map(|n| (f64::from(*n) - 100.0).powi(2)).sum::<f64>() / 1e3;
    assert!((90.0..110.0).contains(&variance), "{variance}");
}

/// On a ramp as many arrive in its second half as the area there says, give or take chance.
#[test]
fn poisson_arrivals_follow_the_ramp() {
    let open = open("ramp to 200/s over 1000s");
    let late = Schedule::new(&open, Spacing::Poisson, 7, Share::WHOLE)
        .filter(|arrival| arrival.due >= Duration::from_secs(500))
        .count();
    assert!((74_000..76_000).contains(&late), "{late}");
}

#[test]
fn an_even_schedule_of_the_largest_plan_begins_at_once() {
    let open = open("hold 10_000_000/s for 1d");
    let last = Share::new(3, 4).unwrap();
    let first = Schedule::new(&open, Spacing::Even, 0, last).next();
    assert_eq!(first, Some(Arrival { number: 3, due: Duration::from_nanos(300) }));
}

#[test]
fn seven_workers_together_arrive_evenly_and_at_once() {
    let open = open("hold 10/s for 10s");
    let shares = (0..7).map(|index| Share::new(index, 7).unwrap());
    let arrivals = shares.flat_map(|share| Schedule::new(&open, Spacing::Even, 0, share));
    let mut dues: Vec<_> = arrivals.map(|arrival| arrival.due).collect();
    dues.sort_unstable();
    assert_eq!((dues.len(), dues[0]), (100, Duration::ZERO));
    let tenth = Duration::from_millis(100);
    assert!(dues.windows(2).all(|pair| pair[1] == pair[0] + tenth));
}
