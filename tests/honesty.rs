//! Figures do not flatter: latency counts from when a trip was due, and nothing is lost.

mod stage;

use std::time::Duration;

use engine::{
    bus::{DropReason, End},
    prelude::*,
};
use proptest::prelude::*;
use stage::{Rehearsal, rehearse};
use tokio::time::{Instant, sleep, sleep_until};

/// A server that answers at once, but not between `from` and `to`.
fn frozen(from: u64, to: u64) -> Journeys {
    let began = std::sync::OnceLock::new();
    let journey = move |_: Context| {
        let began = *began.get_or_init(Instant::now);
        async move {
            let thaws = began + Duration::from_secs(to);
            if (from..to).contains(&began.elapsed().as_secs()) {
                sleep_until(thaws).await;
            }
            Ok(())
        }
    };
    Journeys::default().with("it", journey)
}

/// A server that takes this long for every answer.
fn slow(answer: Duration) -> Journeys {
    let journey = move |_: Context| async move {
        sleep(answer).await;
        Ok(())
    };
    Journeys::default().with("it", journey)
}

fn near(seen: f64, expected: f64) {
    assert!((seen - expected).abs() <= expected * 0.05, "{seen} ms is not {expected} ms ± 5 %");
}

/// 200 arrivals a second for 8 s, and a server that stands still for one of them.
fn freeze_test(max_in_flight: u32) -> Rehearsal {
    let row = format!("volume = \"hold 200/s for 8s\"\nmax_in_flight = {max_in_flight}");
    rehearse(&row, frozen(3, 4))
}

#[test]
fn a_frozen_server_shows_in_full_with_ten_slots_or_a_thousand() {
    for max_in_flight in [10, 1000] {
        let run = freeze_test(max_in_flight);
        assert_eq!((run.started(), run.dropped()), (1600, 0));
        near(run.response(90.0), 200.0);
        near(run.response(95.0), 600.0);
        near(run.response(99.0), 920.0);
        near(run.response(100.0), 1000.0);
    }
}

#[test]
fn two_seconds_of_silence_are_two_seconds_at_the_ninety_ninth_percentile() {
    for max_in_flight in [10, 1000] {
        let row = format!("volume = \"hold 200/s for 6s\"\nmax_in_flight = {max_in_flight}");
        let run = rehearse(&row, frozen(2, 4));
        near(run.response(99.0), 1940.0);
    }
}

#[test]
fn a_load_beyond_the_slots_is_called_generator_limited() {
    let run = rehearse(
        "volume = \"hold 100/s for 60s\"\nmax_in_flight = 10\nmax_backlog = \"2s\"",
        slow(Duration::from_millis(200)),
    );
    assert_eq!(run.planned(), Some(run.started() + run.dropped()));
    assert!(
        (3090..=3110).contains(&run.started()),
        "fifty a second for a minute, and the last backlog"
    );
    assert!(run.response(50.0) > 2000.0, "those who started had waited for two seconds");
    let text = run.report().text(engine::report::Paint::Plain);
    assert!(text.contains("generator-limited"), "{text}");
    assert_eq!(run.report().verdict().exit_code(), 112);
}

#[test]
fn dropped_trips_censor_percentiles_instead_of_flattering_them() {
    let run = rehearse(
        "volume = \"hold 100/s for 10s\"\nmax_in_flight = 10\nmax_backlog = \"0s\"",
        slow(Duration::from_millis(200)),
    );
    assert_eq!(run.dropped_for(DropReason::Backlog), run.dropped());
    assert!((490..=510).contains(&run.dropped()), "half of what was asked for");
    let text = run.report().text(engine::report::Paint::Plain);
    assert!(text.contains("censored"), "{text}");
}

#[test]
fn a_panicking_journey_is_one_failed_trip() {
    let journey = |ctx: Context| async move {
        assert_ne!(ctx.trip().number, 7, "seven is not allowed");
        Ok(())
    };
    let run = rehearse("volume = \"10 trips at 10/s\"", Journeys::default().with("it", journey));
    assert_eq!(run.ended_as(|end| *end == End::Done), 9);
    let panicked = |end: &End| matches!(end, End::Failed { kind, .. } if &**kind == "panic");
    assert_eq!(run.ended_as(panicked), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_planned_trip_is_started_or_dropped_and_every_started_one_ends(
        rate in 1..300_u32,
        seconds in 1..20_u32,
        max_in_flight in 1..50_u32,
        backlog_ms in 0..4000_u32,
        answer_ms in 0..3000_u64,
        signal in proptest::option::of(0..20_u64),
    ) {
        let scenario = format!(
            "grace = \"1s\"\n[[load]]\njourney = \"it\"\nvolume = \"ramp to {rate}/s over {seconds}s, hold {rate}/s for 1s\"\n\
             max_in_flight = {max_in_flight}\nmax_backlog = \"{backlog_ms}ms\"",
        );
        let mut stage = stage::Stage::new(&scenario, slow(Duration::from_millis(answer_ms)));
        stage.signals = signal.map(Duration::from_secs).into_iter().collect();
        let run = stage.rehearse();
        prop_assert_eq!(run.planned(), Some(run.started() + run.dropped()));
        prop_assert_eq!(run.started(), run.ended());
        prop_assert!(run.lasted() <= Duration::from_secs(u64::from(seconds) + 3));
    }
}
