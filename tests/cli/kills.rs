//! Who is killed loses nothing that was said to be kept.

use std::fs::OpenOptions;

use engine::{
    bus::{End, Event},
    observe::replay,
};
use rusqlite::Connection;
use rustix::process::Signal;

use crate::command::{Place, Running};

/// Users that the embedded target knows.
fn known(place: &Place) -> u64 {
    let store = Connection::open(place.path("sandbox-data/users.sqlite")).unwrap();
    let count = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    let users = store.query_row("SELECT COUNT(*) FROM users", [], count).unwrap();
    u64::try_from(users).unwrap()
}

/// Trips that were done, as far as the log of a killed run tells.
fn done(place: &Place) -> u64 {
    let messages = replay(&place.path("killed/messages.msgpack")).unwrap();
    let done = |event: &Event| matches!(event, Event::Ended { end: End::Done, .. });
    messages.filter(|message| done(&message.as_ref().unwrap().event)).count() as u64
}

fn kill(mut run: Running, when: impl Fn() -> bool) {
    run.until(|_| when());
    run.signal(Signal::KILL);
    let killed = run.wait();
    assert_eq!(killed.status.code(), None, "{}", killed.stderr);
}

#[test]
fn every_row_that_a_trip_was_promised_outlives_a_kill() {
    let place = Place::with_scenario();
    let run = place.engine("create-data users.toml -o killed").volume("1000000 trips by 8 users");
    let header = 1000;
    kill(run.start(), || {
        place.bytes("killed/messages.msgpack") > header
            && place.bytes("recorder-data/users.msgpack") > 0
    });

    let (promised, recorded, known) = (done(&place), place.users(), known(&place));
    assert!(promised > 0);
    assert!(promised <= recorded, "{promised} trips were done, {recorded} rows are there");
    assert!(recorded <= known, "{recorded} rows are there of {known} users");
    // Each of the eight goes on only when its row is kept.
    assert!(known <= recorded + 8, "{recorded} rows are there of {known} users");
    place.engine("report killed").run().exits(105);

    let wanted = recorded + 25;
    let topped = place.engine("create-data users.toml --top-up");
    topped.volume(&format!("{wanted} trips by 4 users")).run().exits(0);
    assert_eq!(place.users(), wanted);
    place.engine("scenario run users.toml").volume("40 trips at 200/s").run().exits(0);
}

#[test]
fn a_torn_last_row_is_all_that_a_kill_can_take() {
    let place = Place::with_users();
    let pool = "recorder-data/users.msgpack";
    let file = OpenOptions::new().write(true).open(place.path(pool)).unwrap();
    file.set_len(place.bytes(pool) - 1).unwrap();
    drop(file);

    assert_eq!(place.users(), 29);
    place
        .engine("scenario run users.toml")
        .volume("40 trips at 100/s")
        .run()
        .exits(0)
        .says("the last row is torn and left out");
    let topped = place.engine("create-data users.toml --top-up").run().exits(0);
    assert!(topped.stdout.contains("sign-up: 1 trip by 4 users"), "{}", topped.stdout);
    assert_eq!(place.users(), 30);
    let show = place.engine("datapool show recorder-data/users.msgpack").run().exits(0);
    assert!(!show.stdout.contains("torn"), "{}", show.stdout);
}

#[test]
fn a_killed_run_can_still_be_reported() {
    let place = Place::with_users();
    let run = place.engine("scenario run users.toml -o killed").volume("hold 100/s for 1h");
    kill(run.start(), || place.bytes("killed/messages.msgpack") > 1000);

    let report = place.engine("report killed").run().exits(105);
    assert!(report.stdout.contains("✗ killed: its log ends"), "{}", report.stdout);
    assert!(
        report.stdout.contains("neither started nor dropped when the log ends"),
        "{}",
        report.stdout
    );
    assert!(report.stdout.contains("Log in"), "{}", report.stdout);
    place.engine("scenario run users.toml").volume("40 trips at 100/s").run().exits(0);
}
