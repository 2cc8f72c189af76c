//! Rows are lent to one trip at a time, and what a trip changes is there in the next run.
#![expect(clippy::unwrap_used, reason = "a test may")]

mod stage;

use std::{
    collections::HashSet,
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use engine::{
    bus::{DropReason, Ending, Event, Phase},
    datapool,
    journey::Settings,
    prelude::*,
    run::Vetted,
};
use serde::{Deserialize, Serialize};
use stage::{Rehearsal, Stage};
use tokio::time::sleep;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct User {
    id: u32,
    visits: u32,
}

/// A stage whose recorder directory holds so many users, and a pool of them.
fn with_users(users: u32, pool: &str, rows: &str, journeys: Journeys) -> Stage {
    let mut stage =
        Stage::new("[[load]]\njourney = \"it\"\nvolume = \"1 trips by 1 users\"", journeys);
    let path = stage.recorder_dir.path().join("users.msgpack");
    let encoded =
        (0..users).flat_map(|id| rmp_serde::to_vec_named(&User { id, visits: 0 }).unwrap());
    fs::write(&path, encoded.collect::<Vec<_>>()).unwrap();
    let source = path.display();
    let scenario = format!("[datapool.users]\nsource = \"{source}\"\n{pool}\n{rows}");
    stage.scenario = engine::plan::Scenario::parse(&scenario, "pools.toml").unwrap();
    stage
}

fn load(row: &str) -> String {
    format!("[[load]]\njourney = \"it\"\ndatapool = \"users\"\n{row}")
}

fn visiting(time: Duration) -> Journeys {
    let journey = move |_: Context, _: User| async move {
        sleep(time).await;
        Ok(())
    };
    Journeys::default().with("it", journey)
}

fn accounted(run: &Rehearsal) {
    assert_eq!(run.planned(), Some(run.started() + run.dropped()));
}

#[test]
fn no_row_is_ever_lent_to_two_trips() {
    let out = Arc::new(Mutex::new(HashSet::new()));
    let journey = move |_: Context, user: User| {
        let out = Arc::clone(&out);
        async move {
            assert!(out.lock().unwrap().insert(user.id), "user {} was lent twice", user.id);
            sleep(Duration::from_millis(300)).await;
            out.lock().unwrap().remove(&user.id);
            Ok(())
        }
    };
    let rows = load("volume = \"hold 100/s for 5s\"") + "\n" + &load("volume = \"9 users for 5s\"");
    let run = with_users(20, "", &rows, Journeys::default().with("it", journey)).rehearse();
    assert_eq!(run.ended_as(|end| *end != engine::bus::End::Done), 0);
    assert!(run.started() > 300);
}

#[test]
fn a_once_pool_makes_exactly_one_trip_of_each_row() {
    for volume in ["hold 50/s for 1h", "7 users for 1h", "5000 trips by 8 users"] {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&seen);
        let journey = move |_: Context, user: User| {
            told.lock().unwrap().push(user.id);
            async move { Ok(()) }
        };
        let pool = "mode = \"once\"\non_empty = \"stop\"";
        let rows = load(&format!("volume = \"{volume}\""));
        let journeys = Journeys::default().with("it", journey);
        let run = with_users(1000, pool, &rows, journeys).rehearse();
        assert_eq!(run.ending, Ending::Complete);
        let mut seen = seen.lock().unwrap().clone();
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..1000), "{volume}");
        assert!(run.lasted() < Duration::from_secs(25), "an exhausted pool ends its row");
        assert_eq!(run.report().verdict().exit_code(), 0, "{volume}");
    }
}

#[test]
fn rows_that_share_a_pool_are_served_in_the_order_in_which_they_came_due() {
    let row = load("volume = \"hold 10/s for 10s\"");
    let rows = [row.as_str(), &row, &row].join("\n");
    let contended =
        with_users(3, "on_empty = \"wait 2s\"", &rows, visiting(Duration::from_secs(1)));
    let run = contended.rehearse();
    accounted(&run);
    assert!(run.dropped() > 200, "three users cannot make thirty trips a second");
    let started =
        |row| run.count(|event| matches!(event, Event::Started { trip, .. } if trip.row == row));
    let each = [started(0), started(1), started(2)];
    assert!(each.iter().all(|trips| (10..=14).contains(trips)), "{each:?} of 30 to 40");
}

#[test]
fn an_empty_pool_may_be_waited_for() {
    let rows = load("volume = \"hold 10/s for 4s\"");
    let patient =
        with_users(1, "on_empty = \"wait 60s\"", &rows, visiting(Duration::from_millis(150)));
    let run = patient.rehearse();
    assert_eq!((run.started(), run.dropped()), (40, 0));
    assert!(run.response(100.0) > 1900.0, "the wait for a row is part of the response time");

    let hasty =
        with_users(1, "on_empty = \"wait 1s\"", &rows, visiting(Duration::from_millis(150)));
    let run = hasty.rehearse();
    assert!(run.dropped_for(DropReason::DatapoolEmpty) > 0);
    accounted(&run);
}

#[test]
fn an_empty_pool_may_fail_the_run() {
    let rows = load("volume = \"hold 10/s for 1h\"");
    let run =
        with_users(3, "on_empty = \"fail\"", &rows, visiting(Duration::from_secs(9))).rehearse();
    assert_eq!(run.ending, Ending::DatapoolExhausted("users".into()));
    assert_eq!(run.report().verdict().exit_code(), 111);
    accounted(&run);
}

#[test]
fn a_changed_row_is_lent_next_and_read_in_the_next_run() {
    let journey = |_: Context, mut user: Lease<User>| async move {
        let visits = user.visits + 1;
        user.update(User { id: user.id, visits }).await
    };
    let rows = load("volume = \"30 trips by 1 users\"");
    let stage = with_users(3, "", &rows, Journeys::default().with("it", journey));
    for run in 1..=2 {
        stage.rehearse();
        let pool = datapool::read(&stage.recorder_dir.path().join("users.msgpack")).unwrap();
        let users: Vec<User> = pool.rows.iter().map(|(_, row)| row.decode().unwrap()).collect();
        let visits = run * 10;
        assert_eq!(users, [0, 1, 2].map(|id| User { id, visits }));
    }
}

#[test]
fn a_row_is_back_in_its_pool_after_a_panic() {
    let trips = Arc::new(AtomicU64::new(0));
    let journey = move |_: Context, _: User| {
        let trip = trips.fetch_add(1, Ordering::Relaxed);
        async move {
            assert!(trip.is_multiple_of(2), "every other trip");
            Ok(())
        }
    };
    let rows = load("volume = \"50 trips by 1 users\"");
    let run = with_users(1, "", &rows, Journeys::default().with("it", journey)).rehearse();
    assert_eq!((run.started(), run.ended()), (50, 50));
}

#[test]
fn rows_that_no_journey_can_read_are_found_before_anything_starts() {
    #[derive(Deserialize)]
    struct Other {
        #[expect(dead_code, reason = "only its name matters")]
        invitation: String,
    }
    let journeys = Journeys::default().with("it", |_: Context, _: Other| async { Ok(()) });
    let stage = with_users(2, "", &load("volume = \"1 trips by 1 users\""), journeys);
    let error = refusal(&stage, Vetted::Lent).unwrap();
    assert!(error.contains("missing field `invitation`"), "{error}");
}

#[test]
fn an_option_is_refused_only_where_a_journey_has_named_those_that_it_reads() {
    let told = |names: Option<&'static [&'static str]>, options: &str| {
        let journeys = Journeys::default().with("it", |_: Context| async { Ok(()) });
        let journeys = names.into_iter().fold(journeys, Journeys::options);
        let row = format!("volume = \"1 trips by 1 users\"\noptions = {options}");
        refusal(&with_users(1, "", &load(&row), journeys), Vetted::Nothing).unwrap_or_default()
    };
    let (none, two): (_, &[_]) = (Some(&[][..]), &["pages", "think"]);
    assert_eq!(told(None, "{ page = 1 }"), "");
    assert_eq!(told(Some(two), "{}"), "");
    assert_eq!(told(Some(two), "{ pages = 1, think = \"1s\" }"), "");
    insta::assert_snapshot!(told(Some(two), "{ think = \"1s\", page = 1 }"), @"[[load]] row 1 (it): unknown option `page`: did you mean `pages`?");
    insta::assert_snapshot!(told(Some(two), "{ \"\" = 1 }"), @"[[load]] row 1 (it): unknown option ``: there are `pages`, `think`");
    insta::assert_snapshot!(told(none, "{ page = 1 }"), @"[[load]] row 1 (it): unknown option `page`: this journey has none");
}

/// What keeps a stage from being prepared, with its recorder directory cut away.
fn refusal(stage: &Stage, vetted: Vetted) -> Option<String> {
    let choices = engine::run::Choices {
        phase: stage.phase,
        share: engine::plan::Share::WHOLE,
        recorder_dir: stage.recorder_dir.path().into(),
        began_unix_ms: 0,
        descriptors: 1000,
        vetted,
        remarks: Vec::new(),
    };
    let error = engine::run::prepare(&stage.scenario, &stage.journeys, &choices).err()?;
    Some(error.to_string().replace(stage.recorder_dir.path().to_str().unwrap(), "…"))
}

/// Users of an even number are those of the system at port 8020.
fn even(config: &Settings, user: &User) -> Result<(), String> {
    match config.get("app_url").and_then(|it| it.as_str()) {
        Some("http://127.0.0.1:8020") if user.id % 2 == 1 => Err("is a user of port 8021".into()),
        Some(_) => Ok(()),
        None => Err("`app_url` is not set".into()),
    }
}

const AT_8020: &str = "[config]\napp_url = \"http://127.0.0.1:8020\"\n";

#[test]
fn rows_of_other_systems_are_refused_before_anything_starts() {
    let journeys = visiting(Duration::ZERO).vet::<User>(even);
    let rows = load("volume = \"1 trips by 1 users\"\n") + AT_8020;
    let stage = with_users(5, "", &rows, journeys);
    assert_eq!(
        refusal(&stage, Vetted::Lent).unwrap(),
        "datapool `users`: …/users.msgpack: record 2 (offset 13): is a user of port 8021"
    );
    assert_eq!(refusal(&stage, Vetted::Nothing), None);
    let elsewhere = rows.replace("8020", "8022");
    let journeys = visiting(Duration::ZERO).vet::<User>(even);
    assert_eq!(refusal(&with_users(5, "", &elsewhere, journeys), Vetted::Lent), None);
}

#[test]
fn a_vet_reads_rows_as_another_type_than_the_journey_too() {
    #[derive(Deserialize)]
    struct Other {
        #[expect(dead_code, reason = "only its name matters")]
        mediator: String,
    }
    let row = load("volume = \"1 trips by 1 users\"");
    let journeys = visiting(Duration::ZERO).vet::<Other>(|_, _| Ok(()));
    let error = refusal(&with_users(2, "", &row, journeys), Vetted::Lent).unwrap();
    assert!(error.contains("missing field `mediator`"), "{error}");
}

#[test]
fn rows_are_not_added_to_those_of_other_systems() {
    let sign_up = |_: Context| async { Ok(()) };
    let stage = |users, records: &str| {
        let journeys = Journeys::default().with("it", sign_up).vet::<User>(even);
        let row =
            format!("[[create]]\njourney = \"it\"\nvolume = \"1 trips by 1 users\"\n{records}\n");
        let mut stage = with_users(users, "", &(row + AT_8020), journeys);
        stage.phase = Phase::CreateData;
        stage
    };
    let mixed = stage(5, "records = \"users\"");
    assert_eq!(
        refusal(&mixed, Vetted::LentAndRecorded).unwrap(),
        "datapool `users`: …/users.msgpack: record 2 (offset 13): is a user of port 8021"
    );
    assert_eq!(refusal(&mixed, Vetted::Lent), None, "--fresh replaces them");
    for (users, records) in [(1, "records = \"users\""), (5, "records = \"others\""), (5, "")] {
        assert_eq!(refusal(&stage(users, records), Vetted::LentAndRecorded), None, "{records}");
    }
}

#[test]
fn a_journey_that_records_is_lent_rows_of_another_type() {
    #[derive(Deserialize)]
    struct Holder {
        #[expect(dead_code, reason = "only its name matters")]
        mediator: String,
    }
    let row = "[[create]]\njourney = \"it\"\ndatapool = \"users\"\nrecords = \"holders\"\nvolume = \"1 trips by 1 users\"";
    let journeys = visiting(Duration::ZERO).vet::<Holder>(|_, _| Ok(()));
    let mut stage = with_users(2, "", row, journeys);
    stage.phase = Phase::CreateData;
    assert_eq!(refusal(&stage, Vetted::LentAndRecorded), None);
}
