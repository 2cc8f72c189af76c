//! Datapools are shared with Python: what mite's recorder writes is a pool of ours, and what we
//! write is read by the `msgpack` package.

mod interop;

use std::{fs, path::Path, process::Command, sync::Arc};

use engine::datapool::{DataPool, Lease, Mode, inspect};
use interop::{run, script};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Reads a file as Python does.
fn unpack(path: &Path) -> Vec<Value> {
    let lines = run(script("unpack.py").arg(path));
    lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[derive(Debug, PartialEq, Deserialize)]
struct User {
    id: String,
    number: u64,
    balance: i64,
    ratio: f64,
    active: bool,
    note: Option<String>,
    token: rmpv::Value,
    address: Address,
    text: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Address {
    city: String,
    lines: Vec<String>,
}

/// The user that `mite_recorder.py` records under this number.
fn user(number: u8) -> User {
    User {
        id: format!("user-{number}"),
        number: number.into(),
        balance: -i64::from(number),
        ratio: f64::from(number) / 8.0,
        active: number.is_multiple_of(2),
        note: None,
        token: rmpv::Value::Binary(vec![number, 0xff]),
        address: Address { city: "Ōsaka".into(), lines: vec!["1".into(), "2".into()] },
        text: "x".repeat(number.into()),
    }
}

#[test]
fn what_mites_recorder_wrote_is_a_datapool() {
    let folder = TempDir::new().unwrap();
    run(script("mite_recorder.py").arg(folder.path()).args(["users", "200"]));
    let path = folder.path().join("users.msgpack");
    let pool = Arc::new(DataPool::open("users", &path, Mode::Once).unwrap());
    pool.check::<User>().unwrap();
    assert_eq!((pool.len(), pool.superseded(), pool.torn()), (200, 0, None));
    for number in 0..200 {
        let lease = pool.checkout().unwrap().typed::<User>().unwrap();
        assert_eq!(*lease, user(number));
    }
    assert!(pool.is_exhausted());
}

#[test]
fn what_mites_recorder_wrote_turns_to_json_and_back_to_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    run(script("mite_recorder.py").arg(folder.path()).args(["users", "20"]));
    let path = folder.path().join("users.msgpack");
    let (mut lines, mut back) = (Vec::new(), Vec::new());
    inspect::cat(&path, &mut lines).unwrap();
    inspect::uncat(&lines[..], &mut back).unwrap();
    assert_eq!(back, fs::read(&path).unwrap());
}

#[test]
fn python_reads_what_an_update_makes_the_recorder_keep() {
    #[derive(Serialize, Deserialize)]
    struct Holder {
        id: String,
        credentials: Vec<u32>,
        balance: Option<f64>,
    }
    let holder = |credentials| Holder { id: "h-1".into(), credentials, balance: None };
    let pool = DataPool::from_rows("holders", Mode::Recycle, &[holder(vec![])]).unwrap();
    let pool = Arc::new(pool.recorded("holders"));
    let mut lease: Lease<Holder> = pool.checkout().unwrap().typed().unwrap();
    let first = lease.replace(holder(vec![1])).unwrap();
    let second = lease.replace(holder(vec![1, 70_000])).unwrap();

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("holders.msgpack");
    fs::write(&path, [first, second].concat()).unwrap();
    assert_eq!(
        unpack(&path),
        [
            json!({"id": "h-1", "credentials": [1], "balance": null}),
            json!({"id": "h-1", "credentials": [1, 70_000], "balance": null}),
        ]
    );
}

#[test]
fn python_reads_what_create_data_recorded() {
    let folder = TempDir::new().unwrap();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/journeys/scenarios/users.toml");
    let create = ["create-data", scenario, "--volume", "30 trips by 4 users"];
    run(Command::new(env!("CARGO_BIN_EXE_engine")).args(create).current_dir(folder.path()));
    let path = folder.path().join("recorder-data/users.msgpack");
    let mut lines = Vec::new();
    inspect::cat(&path, &mut lines).unwrap();
    let rows = serde_json::Deserializer::from_slice(&lines).into_iter::<Value>();
    let rows: Vec<_> = rows.map(|row| row.unwrap()).collect();
    assert_eq!(rows.len(), 30);
    assert_eq!(unpack(&path), rows);
}

#[test]
fn python_reads_what_was_made_of_json() {
    let lines = r#"{"text": "é", "big": 18446744073709551615, "low": -9223372036854775808, "half": 0.5}
{"bytes": {"$bytes": "AQL/"}, "numbered": {"$map": [[1, "one"]]}, "nested": [[], {}, null, true]}
"#;
    let mut rows = Vec::new();
    assert_eq!(inspect::uncat(lines.as_bytes(), &mut rows).unwrap(), 2);

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rows.msgpack");
    fs::write(&path, rows).unwrap();
    assert_eq!(
        unpack(&path),
        [
            json!({"text": "é", "big": u64::MAX, "low": i64::MIN, "half": 0.5}),
            json!({"bytes": "0102ff", "numbered": {"1": "one"}, "nested": [[], {}, null, true]}),
        ]
    );
}
