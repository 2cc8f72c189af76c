//! Everything planned is accounted for before the last message, however the run ends.
#![expect(clippy::unwrap_used, reason = "a test may")]

mod stage;

use std::{fs, path::Path, time::Duration};

use engine::{
    bus::{DropReason, End, Ending, Event},
    plan::Scenario,
    prelude::*,
};
use serde::Deserialize;
use stage::{Rehearsal, Stage};
use tokio::time::sleep;

fn at_once() -> Journeys {
    Journeys::default().with("it", |_: Context| async { Ok(()) })
}

fn load(row: &str) -> String {
    format!("grace = \"5s\"\n[[load]]\njourney = \"it\"\n{row}\n")
}

fn accounted(run: &Rehearsal) {
    assert_eq!(run.planned(), Some(run.started() + run.dropped()));
    assert_eq!(run.started(), run.ended());
    assert_eq!(run.messages.last().unwrap().event, Event::Finished);
}

#[test]
fn an_idle_run_that_is_stopped_still_tells_what_it_dropped() {
    let mut stage = Stage::new(&load("volume = \"hold 1/m for 1h\""), at_once());
    stage.signals = vec![Duration::from_millis(1_500)];
    let run = stage.rehearse();
    assert_eq!((run.started(), run.dropped_for(DropReason::NotReached)), (1, 59));
    accounted(&run);
}

#[test]
fn users_who_share_trips_are_all_that_can_be_under_way() {
    let run = Stage::new(&load("volume = \"50 trips by 8 users\""), at_once()).rehearse();
    let at_a_time = run.messages.iter().find_map(|message| match &message.event {
        Event::Began(run) => Some(run.rows[0].max_in_flight),
        _ => None,
    });
    assert_eq!(at_a_time, Some(8));
}

#[test]
fn a_plan_of_a_month_is_given_up_at_once() {
    let mut stage = Stage::new(&load("volume = \"hold 300000/s for 30d\""), at_once());
    stage.signals = vec![Duration::from_millis(30)];
    accounted(&stage.rehearse());
}

#[test]
fn a_journey_that_panics_before_it_begins_to_wait_is_a_failed_trip() {
    for volume in ["3 trips by 1 users", "3 trips at 1/s"] {
        let journey = |ctx: Context| {
            assert_ne!(ctx.trip().number, 1, "one is not allowed");
            async { Ok(()) }
        };
        let journeys = Journeys::default().with("it", journey);
        let run = Stage::new(&load(&format!("volume = \"{volume}\"")), journeys).rehearse();
        let panicked = |end: &End| matches!(end, End::Failed { kind, .. } if &**kind == "panic");
        assert_eq!((run.started(), run.ended_as(panicked)), (3, 1), "{volume}");
        accounted(&run);
    }
}

/// Panics when it is dropped: what a journey holds may.
struct Brittle;

impl Drop for Brittle {
    fn drop(&mut self) {
        panic!("broken on the way out");
    }
}

#[test]
fn a_user_goes_on_after_a_trip_that_breaks_while_it_is_cut_off() {
    let journey = |_: Context| async {
        let _brittle = Brittle;
        std::future::pending().await
    };
    let journeys = Journeys::default().with("it", journey);
    let row = "volume = \"3 trips by 1 users\"\nmax_trip = \"1s\"";
    let run = Stage::new(&load(row), journeys).rehearse();
    let timed_out =
        |end: &End| matches!(end, End::Failed { kind, .. } if &**kind == "trip timeout");
    assert_eq!((run.started(), run.ended_as(timed_out)), (3, 3));
    accounted(&run);
}

#[derive(Deserialize)]
struct Key {
    #[expect(dead_code, reason = "a row must hold something")]
    id: u32,
}

/// A stage with a pool of so many keys.
fn with_keys(keys: u32, pool: &str, rows: &str, journeys: Journeys) -> Stage {
    let mut stage = Stage::new(&load("volume = \"1 trips by 1 users\""), journeys);
    let path = stage.recorder_dir.path().join("keys.csv");
    let ids: Vec<_> = (0..keys).map(|id| id.to_string()).collect();
    fs::write(&path, format!("id\n{}\n", ids.join("\n"))).unwrap();
    let source = path.display();
    let text = format!("[datapool.keys]\nsource = \"{source}\"\n{pool}\n{rows}");
    stage.scenario = Scenario::parse(&text, Path::new("keys.toml")).unwrap();
    stage
}

fn holding(time: Duration) -> Journeys {
    let journey = move |_: Context, _: Key| async move {
        sleep(time).await;
        Ok(())
    };
    Journeys::default().with("it", journey)
}

fn users(volume: &str) -> String {
    format!("[[load]]\njourney = \"it\"\ndatapool = \"keys\"\nvolume = \"{volume}\"\n")
}

#[test]
fn users_who_find_an_empty_pool_may_fail_the_run() {
    for volume in ["5 users for 1h", "100 trips by 5 users"] {
        let journeys = holding(Duration::from_secs(9));
        let run = with_keys(3, "on_empty = \"fail\"", &users(volume), journeys).rehearse();
        assert_eq!(run.ending, Ending::DatapoolExhausted("keys".into()));
        assert_eq!(run.started(), run.ended());
    }
}

#[test]
fn users_who_share_few_rows_take_turns() {
    let run = with_keys(3, "", &users("90 trips by 30 users"), holding(Duration::from_secs(1)));
    let run = run.rehearse();
    assert_eq!(run.started(), 90);
    assert!((30.0..30.2).contains(&run.lasted().as_secs_f64()), "{:?}", run.lasted());
    accounted(&run);
}

#[test]
fn a_user_who_is_no_longer_wanted_does_not_wait_for_a_row() {
    let rows = users("2 users for 5s, wait 10s, 1 users for 1s");
    let run = with_keys(1, "", &rows, holding(Duration::from_secs(8))).rehearse();
    let starts: Vec<_> = run
        .messages
        .iter()
        .filter(|message| matches!(message.event, Event::Started { .. }))
        .map(|message| message.at.as_secs())
        .collect();
    assert_eq!(starts, [0, 15]);
}

#[test]
fn a_row_given_back_before_its_trip_ends_is_lent_again_soon() {
    for volume in ["5 trips by 5 users", "5 trips at 1000/s"] {
        let journey = |_: Context, key: Lease<Key>| async move {
            sleep(Duration::from_secs(1)).await;
            drop(key);
            sleep(Duration::from_secs(10)).await;
            Ok(())
        };
        let journeys = Journeys::default().with("it", journey);
        let run = with_keys(1, "", &users(volume), journeys).rehearse();
        assert_eq!(run.started(), 5);
        assert!(run.lasted() < Duration::from_secs(16), "{volume}: {:?}", run.lasted());
    }
}
