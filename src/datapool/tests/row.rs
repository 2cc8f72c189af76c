//! Claims about rows that fit a type, and what is said of those that do not.

use std::{collections::BTreeMap, sync::Arc};

use csv::StringRecord;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;

use crate::datapool::{CsvRow, Row};

#[derive(Debug, Deserialize, PartialEq)]
struct Holder {
    name: String,
    age: u32,
    seed: Option<serde_bytes::ByteArray>,
}

mod serde_bytes {
    //! Thirty-two bytes as MessagePack has them.

    use serde::de::{Deserialize, Deserializer, Error, Visitor};

    #[derive(Debug, PartialEq)]
    pub(super) struct ByteArray(pub(super) [u8; 2]);

    impl<'de> Deserialize<'de> for ByteArray {
        fn deserialize<D: Deserializer<'de>>(decoder: D) -> Result<Self, D::Error> {
            struct Bytes;
            impl Visitor<'_> for Bytes {
                type Value = ByteArray;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("two bytes")
                }
                fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<ByteArray, E> {
                    bytes.try_into().map(ByteArray).map_err(E::custom)
                }
            }
            decoder.deserialize_bytes(Bytes)
        }
    }
}

fn map(row: &impl Serialize) -> Row {
    Row::MessagePack(rmp_serde::to_vec_named(row).unwrap().into())
}

fn csv(header: &[&str], fields: &[&str]) -> Row {
    let header = Arc::new(header.iter().collect::<StringRecord>());
    Row::Csv(Box::new(CsvRow::new(&fields.iter().collect(), &header)))
}

fn misfit<R: DeserializeOwned>(row: &Row) -> String {
    row.decode::<R>().map(drop).unwrap_err().to_string()
}

#[test]
fn a_row_is_no_larger_than_two_words() {
    assert_eq!(size_of::<Row>(), 16);
}

#[test]
fn a_map_may_hold_bytes_extensions_nil_floats_and_maps() {
    let value = rmpv::Value::Map(vec![
        ("name".into(), "ann".into()),
        ("age".into(), 42.into()),
        ("seed".into(), rmpv::Value::Binary(vec![1, 2])),
        ("at".into(), rmpv::Value::Ext(-1, vec![0; 4])),
        ("note".into(), rmpv::Value::Nil),
        ("score".into(), 0.5.into()),
        (7.into(), rmpv::Value::Map(vec![(rmpv::Value::Nil, rmpv::Value::Array(vec![1.into()]))])),
    ]);
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &value).unwrap();
    let row = Row::MessagePack(bytes.into());
    let holder: Holder = row.decode().unwrap();
    assert_eq!(holder.age, 42);
    assert_eq!(holder.seed, Some(serde_bytes::ByteArray([1, 2])));
    assert_eq!(row.decode::<rmpv::Value>().unwrap(), value);
}

#[test]
fn a_missing_field_is_named_beside_those_there_are() {
    insta::assert_snapshot!(misfit::<Holder>(&map(&json!({"age": 42, "nam": "ann"}))), @"missing field `name`; the row has `age`, `nam`");
    insta::assert_snapshot!(misfit::<Holder>(&csv(&["nam", "age"], &["ann", "42"])), @"missing field `name`; the row has `nam`, `age`");
}

#[test]
fn a_field_of_the_wrong_type_is_named() {
    insta::assert_snapshot!(misfit::<Holder>(&map(&json!({"name": "ann", "age": "x"}))), @"field `age`: a string does not fit here");
    insta::assert_snapshot!(misfit::<Holder>(&map(&json!({"name": 5, "age": 1}))), @"field `name`: invalid type: integer `5`, expected a string");
    insta::assert_snapshot!(misfit::<Holder>(&map(&json!({"name": "ann", "age": -1}))), @"field `age`: invalid value: integer `-1`, expected u32");
    insta::assert_snapshot!(misfit::<Holder>(&csv(&["name", "age"], &["ann", "x"])), @"field `age`: invalid digit found in string");
}

#[test]
fn a_field_within_a_field_is_named_by_its_path() {
    let row = map(&json!({"of": [{"name": "ann", "age": 1}, {"name": "bob"}]}));
    insta::assert_snapshot!(misfit::<BTreeMap<String, Vec<Holder>>>(&row), @"field `of[1]`: missing field `age`");
}

#[test]
fn a_wrong_variant_in_a_csv_file_is_told_with_the_right_ones() {
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Role {
        Holder,
    }
    #[derive(Debug, Deserialize)]
    struct Person {
        role: Role,
    }
    let fits: Person = csv(&["role"], &["holder"]).decode().unwrap();
    assert!(matches!(fits.role, Role::Holder));
    insta::assert_snapshot!(misfit::<Person>(&csv(&["role"], &["boss"])), @"unknown variant `boss`, expected `holder`; the row has `role`");
}

#[test]
fn a_secret_is_not_quoted() {
    let row = map(&json!({"name": "ann", "age": 1, "seed": "hunter2"}));
    insta::assert_snapshot!(misfit::<Holder>(&row), @"field `seed`: its value does not fit (not shown: it looks secret)");
    assert_eq!(format!("{row:?}"), "MessagePack(28 bytes)");
}

#[test]
fn many_fields_are_not_all_listed() {
    let row: BTreeMap<String, u8> = (0..50).map(|n| (format!("f{n:02}"), 0)).collect();
    insta::assert_snapshot!(misfit::<Holder>(&map(&row)), @"missing field `name`; the row has `f00`, `f01`, `f02`, `f03`, `f04`, `f05`, `f06`, `f07`, `f08`, `f09`, `f10`, `f11` and 38 more");
}

#[test]
fn csv_fields_keep_their_bounds() {
    let Row::Csv(row) = csv(&["a", "b", "c"], &["", "één", ""]) else { unreachable!() };
    assert_eq!(row.fields().collect::<Vec<_>>(), [("a", ""), ("b", "één"), ("c", "")]);
}
