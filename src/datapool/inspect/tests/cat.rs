//! Claims about rows as JSON, and back.

use std::{fs, io::sink};

use proptest::{num::f64 as float, prelude::*};
use rmpv::Value;
use tempfile::TempDir;

use crate::datapool::{
    inspect::{cat, uncat},
    json,
};

fn cat_of(name: &str, content: &[u8]) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let mut out = Vec::new();
    cat(&path, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn pack(rows: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in rows {
        rmpv::encode::write_value(&mut bytes, row).unwrap();
    }
    bytes
}

fn row(pairs: Vec<(&str, Value)>) -> Value {
    Value::Map(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

#[test]
fn each_row_is_a_line_of_json() {
    let rows = pack(&[
        row(vec![("name", "ann".into()), ("age", 42.into()), ("debt", (-1.5).into())]),
        row(vec![("none", Value::Nil), ("yes", true.into()), ("of", Value::Array(vec![1.into()]))]),
        row(vec![("bytes", Value::Binary(vec![1, 2, 255])), ("ext", Value::Ext(-1, vec![0; 4]))]),
        row(vec![("float", f64::NAN.into()), ("low", f64::NEG_INFINITY.into())]),
        row(vec![("$bytes", "a field of this name".into())]),
        Value::Map(vec![(1.into(), "one".into())]),
    ]);
    insta::assert_snapshot!(cat_of("rows.msgpack", &rows), @r#"
    {"name":"ann","age":42,"debt":-1.5}
    {"none":null,"yes":true,"of":[1]}
    {"bytes":{"$bytes":"AQL/"},"ext":{"$ext":[-1,"AAAAAA=="]}}
    {"float":{"$float":"nan"},"low":{"$float":"-inf"}}
    {"$map":[["$bytes","a field of this name"]]}
    {"$map":[[1,"one"]]}
    "#);
}

#[test]
fn text_that_is_no_text_is_kept() {
    insta::assert_snapshot!(cat_of("rows.msgpack", b"\x81\xa1a\xa2\xff\xfe"), @r#"{"a":{"$str":"//4="}}"#);
}

#[test]
fn superseded_and_torn_rows_are_left_out() {
    let rows = pack(&[
        row(vec![("id", 1.into()), ("n", 1.into())]),
        row(vec![("id", 2.into()), ("n", 2.into())]),
        row(vec![("id", 1.into()), ("n", 3.into())]),
    ]);
    insta::assert_snapshot!(cat_of("rows.msgpack", &[&rows[..], b"\x81"].concat()), @r#"
    {"id":1,"n":3}
    {"id":2,"n":2}
    "#);
}

#[test]
fn cells_are_text() {
    insta::assert_snapshot!(cat_of("rows.csv", b"$bytes,zip\nann,007\n\"a \"\"b\"\"\",\n"), @r#"
    {"$map":[["$bytes","ann"],["zip","007"]]}
    {"$map":[["$bytes","a \"b\""],["zip",""]]}
    "#);
}

#[test]
fn a_damaged_file_is_told() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rows.msgpack");
    fs::write(&path, b"\x80\xc1").unwrap();
    let error = cat(&path, &mut sink()).unwrap_err().to_string();
    let error = error.replace(folder.path().to_str().unwrap(), "recorder-data");
    insta::assert_snapshot!(error, @"cannot read rows from recorder-data/rows.msgpack: record 2 (offset 1): byte 0xc1 at offset 1 is not MessagePack; the file is damaged there");
}

fn key() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(&json::WORDS[..]);
    prop_oneof![".{0,10}".prop_map(Into::into), words.prop_map(Into::into), value_leaf()]
}

fn value_leaf() -> impl Strategy<Value = Value> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..20);
    prop_oneof![
        Just(Value::Nil),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        // Without NaN, whose payload JSON does not keep.
        (float::NORMAL
            | float::SUBNORMAL
            | float::ZERO
            | float::INFINITE
            | float::NEGATIVE
            | float::POSITIVE)
            .prop_map(Into::into),
        ".{0,20}".prop_map(Into::into),
        bytes().prop_map(Value::Binary),
        (any::<i8>(), bytes()).prop_map(|(kind, body)| Value::Ext(kind, body)),
        bytes().prop_map(|bytes| Value::String(not_utf8(bytes))),
    ]
}

fn not_utf8(mut bytes: Vec<u8>) -> rmpv::Utf8String {
    bytes.push(0xff);
    let length = u8::try_from(bytes.len()).unwrap();
    let encoded = [&[0xd9, length][..], &bytes].concat();
    match rmpv::decode::read_value(&mut &encoded[..]).unwrap() {
        Value::String(text) => text,
        other => unreachable!("{other}"),
    }
}

fn rows() -> impl Strategy<Value = Vec<Value>> {
    let value = value_leaf().prop_recursive(4, 16, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((key(), inner), 0..6).prop_map(Value::Map),
        ]
    });
    let row = prop::collection::vec((key(), value), 0..18).prop_map(Value::Map);
    prop::collection::vec(row, 0..5)
}

proptest! {
    #[test]
    fn what_was_turned_to_json_turns_back_to_the_same_bytes(rows in rows()) {
        // Rows of one id would supersede each other.
        let id: Value = "id".into();
        prop_assume!(rows.iter().all(|row| row.as_map().unwrap().iter().all(|(key, _)| *key != id)));
        let bytes = pack(&rows);
        let json = cat_of("rows.msgpack", &bytes);
        let mut back = Vec::new();
        prop_assert_eq!(uncat(json.as_bytes(), &mut back).unwrap(), rows.len() as u64);
        prop_assert_eq!(back, bytes, "{}", json);
    }
}
