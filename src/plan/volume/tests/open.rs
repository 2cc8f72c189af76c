//! When arrivals are due, by example.

use std::time::Duration;

use super::volume;
use crate::plan::volume::{Open, Volume};

fn open(text: &str) -> Open {
    match volume(text) {
        Volume::Open(open) => open,
        other => panic!("{other} is closed"),
    }
}

fn due(text: &str, number: u64) -> Option<f64> {
    open(text).due(number).map(|due| due.as_secs_f64())
}

#[test]
fn a_held_rate_spaces_arrivals_evenly() {
    assert_eq!(due("hold 5/s for 10s", 0), Some(0.0));
    assert_eq!(due("hold 5/s for 10s", 49), Some(9.8));
    assert_eq!(due("hold 5/s for 10s", 50), None);
}

#[test]
fn a_wait_starts_nothing() {
    assert_eq!(due("wait 1m, hold 5/s for 10s", 0), Some(60.0));
    assert_eq!(due("hold 5/s for 10s, wait 1m, hold 5/s for 10s", 50), Some(70.0));
    assert_eq!(open("hold 5/s for 10s, wait 1m").count_before(Duration::from_secs(70)), 50);
}

#[test]
fn a_ramp_comes_to_the_area_under_it() {
    assert_eq!(open("ramp to 50/s over 30s").trips(), 750);
    assert_eq!(open("ramp from 10/s to 50/s over 30s").trips(), 900);
    assert_eq!(due("ramp to 2/s over 4s", 1), Some(2.0));
    assert_eq!(due("ramp from 2/s to 0/s over 4s", 3), Some(2.0));
    assert_eq!(due("ramp from 2/s to 0/s over 4s", 4), None);
}

#[test]
fn a_ramp_starts_where_the_stage_before_ended() {
    assert_eq!(open("hold 10/s for 1s, ramp to 50/s over 30s").trips(), 910);
    assert_eq!(open("hold 10/s for 1s, wait 1s, ramp to 50/s over 30s").trips(), 760);
}

#[test]
fn a_part_of_an_arrival_is_carried_over_a_border() {
    assert_eq!(due("hold 1/2s for 3s, hold 5/s for 1s", 2), Some(3.1));
    assert_eq!(open("hold 1/2s for 3s, hold 5/s for 1s").trips(), 7);
}

#[test]
fn a_number_of_trips_is_exact_at_any_rate() {
    for rate in ["3/s", "7/s", "1/7s", "0.3/s", "10_000_000/s", "99.999999/s"] {
        let open = open(&format!("1000 trips at {rate}"));
        assert_eq!(open.trips(), 1_000, "{rate}");
        assert!(open.due(999).unwrap() < open.duration(), "{rate}");
        assert_eq!(open.due(1_000), None, "{rate}");
    }
    assert_eq!(open("1000 trips at 20/s").duration(), Duration::from_secs(50));
}

#[test]
fn a_rate_that_is_no_whole_number_of_anything_stays_exact() {
    let open = open("hold 1/7s for 7d");
    assert_eq!(open.trips(), 86_400);
    assert_eq!(open.due(86_399), Some(Duration::from_secs(86_399 * 7)));
}

#[test]
fn the_largest_plans_are_exact_too() {
    let ramp = open("ramp from 0.000001/s to 771604.8/s over 30d");
    let last = ramp.trips() - 1;
    assert!(last > 999_990_000_000);
    assert!(ramp.due(last).unwrap() < ramp.duration());
    assert_eq!(ramp.count_before(ramp.due(last).unwrap()), last);
    let hold = open("hold 10_000_000/s for 1d3h46m40s");
    assert_eq!(hold.trips(), 1_000_000_000_000);
    assert_eq!(hold.due(999_999_999_999), Some(Duration::from_nanos(99_999_999_999_900)));
}
