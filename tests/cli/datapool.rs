//! Datapools go through pipes and come back as they were.

use std::fs;

use crate::command::Place;

#[test]
fn rows_go_through_a_pipe_and_back_unchanged() {
    let place = Place::with_users();
    let pool = "recorder-data/users.msgpack";
    let lines = place.engine("datapool cat recorder-data/users.msgpack").run().exits(0).stdout;
    assert_eq!(lines.lines().count(), 30);
    place.engine("datapool uncat copy.msgpack").read(&lines).exits(0).says("30 rows written");
    assert_eq!(fs::read(place.path("copy.msgpack")).unwrap(), fs::read(place.path(pool)).unwrap());
}

#[test]
fn show_tells_what_a_pool_holds_and_keeps_its_secrets() {
    let place = Place::new();
    let rows = "{\"username\": \"ann\", \"password\": \"s3cret\"}\n{\"username\": \"bob\"}\n";
    place.engine("datapool uncat pool.msgpack").read(rows).exits(0);
    let show = place.engine("datapool show pool.msgpack").run().exits(0).stdout;
    insta::assert_snapshot!(show, @r#"
    file        pool.msgpack
    format      MessagePack
    bytes       44
    rows        2
    field       username: 2 string
    field       password: 1 string
    first row   {"username":"ann","password":"***"}
    "#);
}

#[test]
fn compacting_leaves_the_last_row_of_each_id() {
    let place = Place::new();
    let rows = "{\"id\": 1, \"n\": 1}\n{\"id\": 2, \"n\": 1}\n{\"id\": 1, \"n\": 2}\n";
    place.engine("datapool uncat pool.msgpack").read(rows).exits(0);
    let done = place.engine("datapool compact pool.msgpack").run().exits(0).stdout;
    insta::assert_snapshot!(done, @"pool.msgpack: 2 rows, 1 superseded removed, 16 bytes instead of 24");
    let rows = place.engine("datapool cat pool.msgpack").run().exits(0).stdout;
    insta::assert_snapshot!(rows, @r#"
    {"id":1,"n":2}
    {"id":2,"n":1}
    "#);
}

#[test]
fn a_pool_is_never_written_over() {
    let place = Place::with_users();
    let again = place.engine("datapool uncat recorder-data/users.msgpack").read("{\"a\": 1}");
    again.exits(1).says("File exists");
    assert_eq!(place.users(), 30);
}

#[test]
fn lines_that_are_no_rows_leave_no_pool_behind() {
    let place = Place::new();
    place.engine("datapool uncat pool.msgpack").read("{\"a\": 1}\nnonsense\n").exits(1).says("2");
    assert!(!place.path("pool.msgpack").exists());
    place.engine("datapool uncat pool.msgpack --from nowhere.jsonl").run().exits(1);
    assert!(!place.path("pool.msgpack").exists());
}

#[test]
fn a_pool_that_is_not_there_is_named() {
    let place = Place::new();
    for verb in ["show", "cat", "compact"] {
        let missing = place.engine("datapool").arg(verb).arg("nowhere.msgpack").run();
        missing.exits(1).says("nowhere.msgpack");
    }
}
