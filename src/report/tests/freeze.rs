//! A server that stands still for a second: what coordinated omission would hide.

use std::time::Duration;

use super::story::{Trip, began, dropped, finished, held, ms, run, tally, us};
use crate::{
    bus::{DropReason, Message},
    report::{Aggregate, Quantile, Tally, Value, measure},
};

/// 200 arrivals a second for 8 s at a server that answers in 0.3 ms, but not from 3 s to 4 s.
fn arrivals() -> impl Iterator<Item = Trip> {
    (0..1_600).map(|number| {
        let due = ms(number * 5);
        let frozen = (ms(3_000)..ms(4_000)).contains(&due);
        let service = if frozen { ms(4_000).saturating_sub(due) } else { us(300) };
        Trip::new(0, number, due, service)
    })
}

fn frozen(trips: impl Iterator<Item = Trip>, more: &[Message]) -> Tally {
    let mut messages = vec![began(run(vec![held("freeze", 200, 8)]))];
    messages.extend(trips.flat_map(Trip::done));
    messages.extend_from_slice(more);
    messages.extend(finished(ms(8_000)));
    tally(&messages)
}

fn response(tally: &Tally, aggregate: Aggregate) -> Quantile {
    match measure(tally, "iteration_duration", None, aggregate) {
        Some(Value::Time(quantile)) => quantile,
        other => panic!("{aggregate} is {other:?}"),
    }
}

#[track_caller]
fn assert_is_truth(tally: &Tally) {
    for (aggregate, expected_ms) in [
        (Aggregate::P(90.0), 200.0),
        (Aggregate::P(95.0), 600.0),
        (Aggregate::P(99.0), 920.0),
        (Aggregate::Max, 1000.0),
    ] {
        let measured = response(tally, aggregate).ms();
        let off = (measured / expected_ms - 1.0).abs();
        assert!(off < 0.05, "{aggregate} is {measured} ms, not {expected_ms}");
    }
    assert!(response(tally, Aggregate::Med).ms() < 1.0);
}

#[test]
fn a_freeze_of_the_server_shows_in_every_percentile_above_the_87th() {
    assert_is_truth(&frozen(arrivals(), &[]));
}

#[test]
fn a_freeze_shows_as_well_where_trips_waited_for_a_slot() {
    let waiting = arrivals().map(|trip| {
        let lag = trip.service.saturating_sub(us(300));
        Trip { service: us(300), ..trip }.late(lag, lag)
    });
    assert_is_truth(&frozen(waiting, &[]));
}

#[test]
fn dropping_what_was_due_in_the_freeze_does_not_flatter_the_server() {
    let quick = arrivals().filter(|trip| trip.service < ms(1));
    let tally = frozen(quick, &[dropped(0, 200, DropReason::Backlog)]);
    let backlog = Quantile::Censored(Duration::from_secs(30));
    assert_eq!(response(&tally, Aggregate::P(90.0)), backlog);
    assert_eq!(response(&tally, Aggregate::P(99.0)), backlog);
    assert!(response(&tally, Aggregate::P(87.0)).ms() < 1.0);
}

#[test]
fn a_stop_that_was_asked_for_hides_nothing() {
    let quick = arrivals().filter(|trip| trip.service < ms(1));
    let tally = frozen(quick, &[dropped(0, 200, DropReason::DatapoolStop)]);
    assert!(response(&tally, Aggregate::P(99.9)).ms() < 1.0);
}
