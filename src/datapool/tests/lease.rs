//! Claims about rows on loan, and rows changed by those who borrowed them.

use std::{fs, sync::Arc};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::datapool::{DataPool, Lease, Mode};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Holder {
    id: String,
    credentials: u32,
}

fn holder(id: &str, credentials: u32) -> Holder {
    Holder { id: id.into(), credentials }
}

fn recorded(rows: &[impl Serialize]) -> Arc<DataPool> {
    Arc::new(DataPool::from_rows("holders", Mode::Recycle, rows).unwrap().recorded("holders"))
}

fn lease<R: DeserializeOwned>(pool: &Arc<DataPool>) -> Lease<R> {
    pool.checkout().unwrap().typed().unwrap()
}

#[test]
fn a_lease_reads_as_its_row() {
    let pool = recorded(&[holder("a", 1), holder("b", 2)]);
    let (first, second) = (lease::<Holder>(&pool), lease::<Holder>(&pool));
    assert_eq!((first.credentials, second.credentials), (1, 2));
    assert_eq!((first.index(), second.index()), (0, 1));
    assert_eq!(format!("{second:?}"), "row 1 of datapool `holders`");
    assert_eq!(second.into_row(), holder("b", 2));
    assert_eq!(pool.free(), 1);
}

#[test]
fn an_updated_row_is_what_is_lent_next_and_what_is_recorded() {
    let pool = recorded(&[holder("a", 1)]);
    let mut first = lease::<Holder>(&pool);
    let encoded = first.replace(holder("a", 2)).unwrap();
    assert_eq!(first.row(), &holder("a", 2));
    assert_eq!(
        rmp_serde::from_slice::<Value>(&encoded).unwrap(),
        json!({"id": "a", "credentials": 2})
    );
    drop(first);
    assert_eq!(lease::<Holder>(&pool).into_row(), holder("a", 2));
    assert_eq!(lease::<Holder>(&pool).index(), 0);
}

#[test]
fn a_recorded_row_keeps_its_id() {
    let pool = recorded(&[holder("a", 1)]);
    let mut lease = lease::<Holder>(&pool);
    insta::assert_snapshot!(lease.replace(holder("b", 2)).unwrap_err(), @r#"datapool `holders` is recorded: an update must keep the row's `id` "a", not change it to "b"; a row with a new `id` is recorded, not updated"#);
    assert_eq!(lease.row(), &holder("a", 1));
    drop(lease);
    assert_eq!(self::lease::<Holder>(&pool).into_row(), holder("a", 1));
}

#[test]
fn an_updated_row_is_no_longer_told_by_its_place_in_the_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("people.csv");
    fs::write(&path, "name\nann\n").unwrap();
    let pool = Arc::new(DataPool::open("people", &path, Mode::Recycle).unwrap());
    lease::<Value>(&pool).replace(json!({"name": "bob", "age": 7})).unwrap();
    let error = pool.checkout().unwrap().typed::<Holder>().unwrap_err();
    insta::assert_snapshot!(error, @"datapool `people`: row 1 (in memory): missing field `id`; the row has `age`, `name`");
}

#[test]
fn an_id_keeps_its_type() {
    let pool = recorded(&[json!({"id": 1})]);
    insta::assert_snapshot!(lease::<Value>(&pool).replace(json!({"id": "1"})).unwrap_err(), @r#"datapool `holders` is recorded: an update must keep the row's `id` 1, not change it to "1"; a row with a new `id` is recorded, not updated"#);
}

#[test]
fn a_recorded_row_without_an_id_cannot_be_updated() {
    let pool = recorded(&[json!({"name": "ann"})]);
    let mut lease = lease::<Value>(&pool);
    insta::assert_snapshot!(lease.replace(json!({"id": 1})).unwrap_err(), @r#"datapool `holders` is recorded: a row can be updated only if it has a field `id` before and after, such as {"id": "holder-17"}, that tells which row the new one supersedes"#);
    assert!(lease.replace(json!({"name": "bob"})).is_err());
}

#[test]
fn a_row_that_nobody_records_may_change_in_any_way() {
    let pool = Arc::new(DataPool::from_rows("people", Mode::Recycle, &[json!({"id": 1})]).unwrap());
    lease::<Value>(&pool).replace(json!({"id": 2})).unwrap();
    assert_eq!(lease::<Value>(&pool).into_row(), json!({"id": 2}));
}

#[test]
fn a_row_that_could_not_be_read_again_is_refused() {
    let pool = Arc::new(DataPool::from_rows("people", Mode::Recycle, &[json!({})]).unwrap());
    let mut lease = lease::<Value>(&pool);
    insta::assert_snapshot!(lease.replace(json!([1])).unwrap_err(), @"datapool `people`: a row must be a struct with named fields, which is encoded as a map, not as an array");
    insta::assert_snapshot!(lease.replace(json!({"a": "x".repeat(64 << 20)})).unwrap_err(), @"datapool `people`: the row is larger than 64 MiB");
    let deep = (0..200).fold(json!(0), |inner, _| json!([inner]));
    insta::assert_snapshot!(lease.replace(json!({"a": deep})).unwrap_err(), @"datapool `people`: the row is nested deeper than 128 levels");
    assert_eq!(lease.row(), &json!({}));
}
