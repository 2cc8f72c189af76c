//! `scenario check` tells what would be done, and does nothing.

use std::fs;

use crate::command::{Engine, Place};

/// Those that are shipped.
const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/journeys/scenarios");

fn plan(check: Engine) -> String {
    check.run().exits(0).stdout
}

#[test]
fn a_plan_can_be_read_before_its_users_are_there() {
    let place = Place::with_scenario();
    insta::assert_snapshot!(plan(place.engine("scenario check users.toml")), @r"
    scenario users, seed 42

    create-data
      sign-up: 30 trips by 4 users
        trips      30
        peak       4 users
        records    users

    scenario run
      sign-in: ramp to 100/s over 3s, hold 100/s for 7s
        arrivals   850, evenly spaced, 100 in the busiest second
        peak       100/s
        duration   10s
        rows of    users
      not there yet: datapool `users`: there is no recorder-data/users.msgpack; make it with `engine create-data`

    thresholds
      dropped_iterations: count==0
      transaction{Log in}: p(95)<500ms
      transaction{Log in}: failed<1%
    ");
    assert_eq!(place.files("."), [place.path("./users.toml")]);
}

#[test]
fn rows_that_are_there_are_held_against_the_plan() {
    let place = Place::with_users();
    insta::assert_snapshot!(plan(place.engine("scenario check users.toml")), @r"
    scenario users, seed 42

    create-data
      sign-up: 30 trips by 4 users
        trips      30
        peak       4 users
        records    users

    scenario run
      sign-in: ramp to 100/s over 3s, hold 100/s for 7s
        arrivals   850, evenly spaced, 100 in the busiest second
        peak       100/s
        duration   10s
        rows of    users
      datapool users: 30 rows, lent again and again: enough at the peak while a trip takes up to 300ms

    thresholds
      dropped_iterations: count==0
      transaction{Log in}: p(95)<500ms
      transaction{Log in}: failed<1%
    ");
}

#[test]
fn every_scenario_of_the_repository_that_provisions_its_rows_passes_as_it_stands() {
    let place = Place::new();
    let mut checked = Vec::new();
    for entry in fs::read_dir(SCENARIOS).unwrap() {
        let path = entry.unwrap().path();
        if fs::read_to_string(&path).unwrap().contains("[[create]]") {
            place.engine("scenario check").arg(&path).run().exits(0);
            checked.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    checked.sort();
    assert_eq!(checked, ["acapy", "messages", "record", "traction", "users", "wallets"]);
}

#[test]
fn keys_of_agents_come_from_the_environment() {
    let place = Place::new();
    let check = |scenario: &str, key: &str| {
        let check = place.engine("scenario check").arg(format!("{SCENARIOS}/{scenario}.toml"));
        check.env("ENGINE_CONF_ISSUER__API_KEY", key).run()
    };
    check("acapy", "two\nlines").exits(104).says("header `X-API-Key`");
    for scenario in ["acapy", "traction"] {
        assert_eq!(check(scenario, "a key").exits(0).stderr, "", "{scenario}");
    }
}

/// What is said of the datapool.
fn rows(place: &Place, volume: &str) -> String {
    let plan = plan(place.engine("scenario check users.toml").volume(volume));
    let line = plan.lines().find_map(|line| line.strip_prefix("  datapool users: "));
    line.unwrap_or_else(|| panic!("{plan}")).to_owned()
}

#[test]
fn a_pool_lent_once_must_hold_a_row_for_each_trip() {
    let place = Place::with_users();
    place.change("users.toml", "\"recycle\"", "\"once\"");
    assert_eq!(rows(&place, "30 trips at 5/s"), "30 rows, each lent once: 30 are needed");
    assert_eq!(rows(&place, "45 trips at 5/s"), "30 rows, each lent once: 45 are needed, 15 more");
    assert_eq!(rows(&place, "5 users for 5m"), "30 rows, each lent once: one a trip is needed");
}

#[test]
fn a_pool_lent_again_must_hold_a_row_for_each_trip_under_way() {
    let place = Place::with_users();
    let lent = |volume, text: &str| {
        assert_eq!(rows(&place, volume), format!("30 rows, lent again and again: {text}"));
    };
    lent("hold 10/s for 5m", "enough at the peak while a trip takes up to 3s");
    lent("30 users for 5m", "30 are needed, one for each user");
    lent("400 trips by 40 users", "40 are needed for as many users, 10 more");
}

#[test]
fn a_check_finds_what_a_run_would_stumble_on() {
    let place = Place::with_users();
    place.change("users.toml", "datapool = \"users\"\n", "");
    place.engine("scenario check users.toml").run().exits(104).says("takes rows of");
    let place = Place::with_users();
    place.change("users.toml", "recorder-data/users.msgpack", "elsewhere/users.msgpack");
    place.engine("scenario check users.toml").run().exits(104).says("elsewhere/users.msgpack");
}

#[test]
fn rows_of_another_type_are_found_before_the_first_trip() {
    let place = Place::with_scenario();
    place.engine("datapool uncat pool.msgpack").read("{\"name\": \"ann\"}").exits(0);
    place.change("users.toml", "recorder-data/users.msgpack", "pool.msgpack");
    let check = place.engine("scenario check users.toml").run().exits(104);
    check.says("pool.msgpack").exits(104).says("missing field `username`");
}
