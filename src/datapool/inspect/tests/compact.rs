//! Claims about what compacting keeps and removes.

use std::{
    fs::{self, File},
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use tempfile::{NamedTempFile, TempDir};

use crate::datapool::{
    Fault, Torn,
    inspect::{Compacted, InspectError, compact, compact::replace, index::Index},
};

const OLD: &[u8] = b"\x82\xa2id\x01\xa1n\x01";
const OTHER: &[u8] = b"\x81\xa2id\x02";
const NEW: &[u8] = b"\x82\xa2id\x01\xa1n\x02";
const TORN: &[u8] = b"\x82\xa2i";

#[test]
fn superseded_rows_and_the_torn_end_go() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("holders.msgpack");
    fs::write(&path, [OLD, OTHER, NEW, TORN].concat()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let compacted = compact(&path).unwrap();
    assert_eq!(
        compacted,
        Compacted {
            rows: 2,
            superseded: 1,
            torn: Some(Torn { offset: 21, bytes: 3 }),
            bytes_before: 24,
            bytes_after: 13,
        }
    );
    assert_eq!(fs::read(&path).unwrap(), [NEW, OTHER].concat());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_link_goes_on_leading_to_the_file() {
    let folder = TempDir::new().unwrap();
    let (path, link) = (folder.path().join("a.msgpack"), folder.path().join("b.msgpack"));
    fs::write(&path, [OLD, NEW].concat()).unwrap();
    symlink(&path, &link).unwrap();
    compact(&link).unwrap();
    assert_eq!(fs::read(&path).unwrap(), NEW);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}

#[test]
fn a_damaged_file_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("holders.msgpack");
    let content = [OLD, NEW, b"\xc1"].concat();
    fs::write(&path, &content).unwrap();
    assert!(matches!(compact(&path), Err(InspectError::Rows(_))));
    assert_eq!(fs::read(&path).unwrap(), content);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_grew_meanwhile_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("holders.msgpack");
    fs::write(&path, OLD).unwrap();
    let before = fs::metadata(&path).unwrap();
    fs::write(&path, [OLD, NEW].concat()).unwrap();
    let new = NamedTempFile::new_in(folder.path()).unwrap();
    let error = replace(&path, new, &before).unwrap_err();
    insta::assert_snapshot!(error, @"it changed meanwhile; try again when no run records to it");
    assert_eq!(fs::read(&path).unwrap(), [OLD, NEW].concat());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_row_that_changed_since_it_was_found_is_told() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("holders.msgpack");
    fs::write(&path, OLD).unwrap();
    let mut index = Index::of(File::open(&path).unwrap()).unwrap();
    fs::write(&path, vec![0x91; OLD.len()]).unwrap();
    assert!(matches!(index.next(), Err(Fault::Changed)));
}

#[test]
fn a_csv_file_is_not_compacted() {
    let error = compact(Path::new("people.csv")).unwrap_err();
    insta::assert_snapshot!(error, @"cannot compact people.csv: only a .msgpack file has superseded rows");
}
