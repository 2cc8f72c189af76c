//! What becomes of rows recorded earlier is asked for, never guessed.

use std::fs;

use crate::command::Place;

/// Leaves the first rows of `users.msgpack` alone.
fn keep_first(place: &Place, rows: usize) {
    let lines = place.engine("datapool cat recorder-data/users.msgpack").run().exits(0).stdout;
    let few: Vec<_> = lines.lines().take(rows).collect();
    let pool = place.path("recorder-data/users.msgpack");
    fs::remove_file(&pool).unwrap();
    place.engine("datapool uncat").arg(pool).read(&few.join("\n")).exits(0);
    assert_eq!(place.users(), rows as u64);
}

fn bytes(place: &Place) -> Vec<u8> {
    fs::read(place.path("recorder-data/users.msgpack")).unwrap()
}

#[test]
fn a_second_create_data_asks_what_to_do_with_the_first() {
    let place = Place::with_users();
    let before = bytes(&place);
    let refused = place.engine("create-data users.toml").run().exits(2);
    insta::assert_snapshot!(refused.stderr, @"error: recorder-data/users.msgpack holds 30 rows already: say --append to add to them, --fresh to replace them, or --top-up to make only what is missing");
    assert_eq!(bytes(&place), before);
}

#[test]
fn nothing_is_topped_up_when_all_is_there() {
    let place = Place::with_users();
    let before = bytes(&place);
    let topped = place.engine("create-data users.toml --top-up").run().exits(0);
    topped.says("users: 30 of 30 rows are recorded already");
    assert_eq!(bytes(&place), before);
}

#[test]
fn exactly_what_is_missing_is_topped_up() {
    let place = Place::with_users();
    keep_first(&place, 11);
    let kept = bytes(&place);
    let topped = place.engine("create-data users.toml --top-up").run().exits(0);
    assert!(topped.stdout.contains("sign-up: 19 trips by 4 users"), "{}", topped.stdout);
    assert_eq!(place.users(), 30);
    assert!(bytes(&place).starts_with(&kept));
}

#[test]
fn fresh_rows_replace_those_of_earlier_runs() {
    let place = Place::with_users();
    let before = bytes(&place);
    place.engine("create-data users.toml --fresh").volume("7 trips by 2 users").run().exits(0);
    assert_eq!(place.users(), 7);
    let after = bytes(&place);
    assert_ne!(after[..], before[..after.len()]);
    place.engine("scenario run users.toml").volume("20 trips at 100/s").run().exits(0);
}

#[test]
fn appended_rows_follow_those_of_earlier_runs() {
    let place = Place::with_users();
    let before = bytes(&place);
    place.engine("create-data users.toml --append").volume("7 trips by 2 users").run().exits(0);
    assert_eq!(place.users(), 37);
    assert!(bytes(&place).starts_with(&before));
}

#[test]
fn only_one_thing_can_become_of_earlier_rows() {
    let place = Place::with_scenario();
    place.engine("create-data users.toml --append --fresh").run().exits(2);
}
