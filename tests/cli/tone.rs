//! How much is said, where and how.

use std::fs::OpenOptions;

use serde_json::Value;

use crate::command::Place;

const SHORT: &str = "20 trips at 100/s";

#[test]
fn the_quiet_say_nothing_but_the_summary() {
    let place = Place::with_scenario();
    let create = place.engine("create-data users.toml -q -o created").run().exits(0);
    assert_eq!((create.stdout, create.stderr), (place.read("created/summary.txt"), String::new()));
    let run = place.engine("scenario run users.toml --quiet -o results").volume(SHORT);
    let run = run.run().exits(0);
    assert_eq!((run.stdout, run.stderr), (place.read("results/summary.txt"), String::new()));
    let topped = place.engine("create-data users.toml --top-up -q").run().exits(0);
    assert_eq!((topped.stdout, topped.stderr), (String::new(), String::new()));
}

#[test]
fn only_the_summary_is_on_standard_output() {
    let place = Place::with_users();
    let run = place.engine("scenario run users.toml -o results").volume(SHORT).run().exits(0);
    assert_eq!(run.stdout, place.read("results/summary.txt"));
    run.says("scenario: users")
        .says("20 ended, 0 failed, 0 dropped")
        .says("run directory: results");
}

#[test]
fn log_lines_can_be_objects() {
    let place = Place::with_users();
    let pool = "recorder-data/users.msgpack";
    let file = OpenOptions::new().write(true).open(place.path(pool)).unwrap();
    file.set_len(place.bytes(pool) - 1).unwrap();
    let check = place.engine("scenario check users.toml --log-format json").run().exits(0);
    let line: Value = serde_json::from_str(&check.stderr).unwrap();
    assert_eq!(line["level"], "WARN");
    let said = line["fields"]["message"].as_str().unwrap();
    assert!(said.contains("the last row is torn"), "{said}");
    let text = place.engine("scenario check users.toml").run().exits(0).stderr;
    assert!(text.contains(" WARN ") && text.contains(said), "{text}");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_insist() {
    let place = Place::with_users();
    place.engine("scenario run users.toml -o results").volume(SHORT).run().exits(0);
    let coloured = |insist: &[(&str, &str)]| {
        let report = place.engine("report results");
        let report = insist.iter().fold(report, |report, (name, value)| report.env(name, value));
        report.run().exits(0).stdout.contains('\x1b')
    };
    assert!(!coloured(&[]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn a_single_trip_is_told_line_by_line() {
    let place = Place::new();
    let trip = place.engine("journey run sign-up -e app_url=sandbox -e other=1").run().exits(0);
    let said: Vec<_> = trip.stdout.lines().filter_map(|line| line.split_once(" ms  ")).collect();
    let began = |index: usize, text: &str| {
        assert!(said[index].1.starts_with(text), "{index}: {}", trip.stdout);
    };
    began(0, "the trip begins");
    began(1, "http POST 201, ");
    began(2, "transaction Create user: done in ");
    began(3, "recorded a row of ");
    began(4, "the trip: done in ");
    assert_eq!((said.len(), place.users()), (5, 1));
    assert_eq!(trip.stderr, "");
}
