//! Claims about what a glance at a file tells.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::datapool::inspect::{show, show::FIELDS_MAX};

fn shown(name: &str, content: &[u8]) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    show(&path).unwrap().to_string().replace(folder.path().to_str().unwrap(), "recorder-data")
}

fn pack(rows: &[Value]) -> Vec<u8> {
    rows.iter().flat_map(|row| rmp_serde::to_vec_named(row).unwrap()).collect()
}

#[test]
fn a_msgpack_file_is_shown_without_its_secrets() {
    let rows = pack(&[
        json!({"id": "h-1", "wallet_key": "hunter2", "note": null, "ids": [1, 2]}),
        json!({"id": "h-2", "seed": [1, 2], "note": "n", "nested": {"api_token": "hunter2", "n": 1}}),
        json!({"id": "h-1", "wallet_key": "hunter2", "note": 1.5, "nested": {"password": "hunter2"}}),
    ]);
    insta::assert_snapshot!(shown("holders.msgpack", &[&rows[..], b"\x81\xa1"].concat()), @r#"
    file        recorder-data/holders.msgpack
    format      MessagePack
    bytes       160
    rows        2
    superseded  1
    torn        2 bytes at offset 158
    field       id: 2 string
    field       nested: 2 map
    field       note: 1 float, 1 string
    field       wallet_key: 1 string
    field       seed: 1 array
    first row   {"id":"h-1","nested":{"password":"***"},"note":1.5,"wallet_key":"***"}
    "#);
}

#[test]
fn a_csv_file_is_shown_with_its_columns() {
    insta::assert_snapshot!(shown("people.csv", b"name,password,note\nann,hunter2,\nbob,hunter2,hi\n"), @r#"
    file        recorder-data/people.csv
    format      CSV
    bytes       47
    rows        2
    field       name: 2 text
    field       password: 2 text
    field       note: 1 nothing, 1 text
    first row   {"name":"ann","password":"***","note":""}
    "#);
}

#[test]
fn an_empty_file_is_shown_as_such() {
    insta::assert_snapshot!(shown("none.msgpack", b""), @r#"
    file        recorder-data/none.msgpack
    format      MessagePack
    bytes       0
    rows        0
    "#);
}

#[test]
fn long_things_are_cut_short() {
    let row = json!({"text": "é".repeat(1000), "list": vec![0; 1000], "\u{1b}[2J": 1});
    insta::assert_snapshot!(shown("long.msgpack", &pack(&[row])), @r#"
    file        recorder-data/long.msgpack
    format      MessagePack
    bytes       3023
    rows        1
    field       \u{1b}[2J: 1 integer
    field       list: 1 array
    field       text: 1 string
    first row   {"\u001b[2J":1,"list":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0…],"text":"éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé…"}
    "#);
}

#[test]
fn a_flood_of_fields_is_not_listed() {
    let row: std::collections::BTreeMap<_, _> =
        (0..1000).map(|n| (format!("f{n:04}"), 0)).collect();
    let text = shown("flood.msgpack", &rmp_serde::to_vec_named(&row).unwrap());
    assert_eq!(text.matches("field  ").count(), FIELDS_MAX + 1);
    assert!(text.contains("(others are not listed)"));
}
