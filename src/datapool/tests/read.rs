//! Claims about which rows a file holds.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::datapool::{Place, Read, Torn, read, table::Table};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Reads a file, and shows the error without the folder's random name.
    fn refuse(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let error = read(&self.file(name, content)).unwrap_err().to_string();
        error.replace(self.0.path().to_str().unwrap(), "datapools")
    }
}

fn pack(rows: &[Value]) -> Vec<u8> {
    rows.iter().flat_map(|row| rmp_serde::to_vec_named(row).unwrap()).collect()
}

fn decoded(read: &Read) -> Vec<Value> {
    read.rows.iter().map(|(_, row)| row.decode().unwrap()).collect()
}

#[test]
fn a_later_row_supersedes_the_earlier_of_its_id_in_its_place() {
    let folder = Folder::new();
    let path = folder.file(
        "users.msgpack",
        pack(&[
            json!({"id": 1, "name": "ann"}),
            json!({"id": "1", "name": "a string is another id"}),
            json!({"name": "no id"}),
            json!({"name": "no id"}),
            json!({"name": "bob", "id": 1}),
            json!({"id": null, "name": "nil"}),
            json!({"id": [1], "name": "array"}),
            json!({"id": [1], "name": "array again"}),
            json!({"inner": {"id": 1}}),
        ]),
    );
    let read = read(&path).unwrap();
    assert_eq!(read.superseded, 2);
    assert_eq!(
        decoded(&read),
        [
            json!({"name": "bob", "id": 1}),
            json!({"id": "1", "name": "a string is another id"}),
            json!({"name": "no id"}),
            json!({"name": "no id"}),
            json!({"id": null, "name": "nil"}),
            json!({"id": [1], "name": "array again"}),
            json!({"inner": {"id": 1}}),
        ]
    );
}

#[test]
fn a_torn_end_is_told_and_costs_nothing_else() {
    let folder = Folder::new();
    let whole = pack(&[json!({"a": 1}), json!({"a": 2})]);
    let path = folder.file("users.msgpack", [&whole[..], b"\x82\xa1a"].concat());
    let read = read(&path).unwrap();
    assert_eq!(read.torn, Some(Torn { offset: whole.len() as u64, bytes: 3 }));
    assert_eq!(decoded(&read), [json!({"a": 1}), json!({"a": 2})]);
}

#[test]
fn the_file_of_mites_own_documentation_is_a_pool() {
    // {"a": 0, "b": 0} twenty times, as its recorder writes it.
    let folder = Folder::new();
    let path = folder.file("users.msgpack", b"\x82\xa1a\x00\xa1b\x00".repeat(20));
    let read = read(&path).unwrap();
    assert_eq!(decoded(&read), vec![json!({"a": 0, "b": 0}); 20]);
}

#[test]
fn cells_of_a_csv_file_become_what_the_type_asks_for() {
    #[derive(Debug, PartialEq, Deserialize, Serialize)]
    struct Person {
        name: String,
        age: u32,
        note: Option<String>,
        zip: String,
    }
    let folder = Folder::new();
    let content = "\u{feff}name, age,note,zip\r\n\"Smith, \"\"Ann\"\"\",42,,007\r\n\nbob,7,\"two\nlines\",1\n";
    let read = read(&folder.file("people.CSV", content)).unwrap();
    let people: Vec<Person> = read.rows.iter().map(|(_, row)| row.decode().unwrap()).collect();
    let ann = Person { name: "Smith, \"Ann\"".into(), age: 42, note: None, zip: "007".into() };
    let bob =
        Person { name: "bob".into(), age: 7, note: Some("two\nlines".into()), zip: "1".into() };
    assert_eq!(people, [ann, bob]);
    assert_eq!(read.rows[0].0, Place::Line { record: 1, line: 2 });
    assert_eq!(read.rows[1].0, Place::Line { record: 2, line: 4 });
}

#[test]
fn a_record_is_on_the_line_an_editor_shows() {
    let folder = Folder::new();
    for end in ["\n", "\r\n"] {
        let lines = ["a,b", "1,2", "", "\"x", "y\",\"", "\"", "5,6", "7,8"];
        for content in [lines.join(end), lines.join(end) + end] {
            let read = read(&folder.file("a.csv", content)).unwrap();
            let places: Vec<_> = read.rows.iter().map(|(place, _)| place.to_string()).collect();
            let expected = [
                "record 1 (line 2)",
                "record 2 (line 4)",
                "record 3 (line 7)",
                "record 4 (line 8)",
            ];
            assert_eq!(places, expected, "lines that end in {end:?}");
        }
    }
}

#[test]
fn csv_rows_with_one_id_are_all_kept() {
    let folder = Folder::new();
    let read = read(&folder.file("people.csv", "id,name\n1,ann\n1,bob\n")).unwrap();
    assert_eq!((read.rows.len(), read.superseded), (2, 0));
}

#[test]
fn what_is_wrong_with_a_csv_file_is_told_with_its_line() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.refuse("a.csv", "a,b\n1,2\n1,2,3\n"), @"cannot read rows from datapools/a.csv: record 2 (line 3): has 3 fields where the header line names 2");
    insta::assert_snapshot!(folder.refuse("a.csv", b"a\nok\n\xff\n"), @"cannot read rows from datapools/a.csv: record 2 (line 3): field `a`: is not UTF-8; the file must be saved as UTF-8");
    insta::assert_snapshot!(folder.refuse("a.csv", ""), @"cannot read rows from datapools/a.csv: line 1: a header line must name the columns, such as `username,password`");
    insta::assert_snapshot!(folder.refuse("a.csv", "a,b, a\n"), @"cannot read rows from datapools/a.csv: line 1: two columns are named `a`; each needs a name of its own");
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_memory() {
    let endless = (&b"a\n\"never closed"[..]).chain(io::repeat(b'x'));
    let fault = Table::new(endless).unwrap().next().unwrap_err();
    insta::assert_snapshot!(fault, @"file too large");
}

#[test]
fn a_file_may_be_larger_than_any_record() {
    let line = format!("{}\n", "x".repeat(8 << 20));
    let lines = (0..10).fold(Box::new(&b"a\n"[..]) as Box<dyn io::Read>, |before, _| {
        Box::new(before.chain(line.as_bytes()))
    });
    let mut table = Table::new(lines).unwrap();
    let mut rows = 0;
    while table.next().unwrap().is_some() {
        rows += 1;
    }
    assert_eq!(rows, 10);
}

#[test]
fn a_name_of_another_kind_is_refused_with_an_example() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.refuse("people.json", "{}"), @"cannot read rows from datapools/people.json: its name must end in `.msgpack` or `.csv`, such as `people.csv`");
}

#[test]
fn a_file_that_is_missing_is_told_by_name() {
    let error = read(Path::new("datapools/none.csv")).unwrap_err();
    insta::assert_snapshot!(error, @"cannot read rows from datapools/none.csv: No such file or directory (os error 2)");
}
