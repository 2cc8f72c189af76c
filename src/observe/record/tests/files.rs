//! What a recorder promises to the run after.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use proptest::{collection::vec, prelude::*};
use tempfile::tempdir;

use super::{Answers, Keep, ROW, Recorder, open, purged, record, recorded, row, rows};
use crate::{bus::Subscriber, observe::RecorderError};

#[test]
fn a_file_is_bare_maps_one_after_the_other() {
    let dir = tempdir().unwrap();
    let mut recorder = open(&dir, Keep::Append);
    for _ in 0..20 {
        assert_eq!(record(&mut recorder, "users", &ROW), Ok(()));
    }
    assert_eq!(fs::read(dir.path().join("users.msgpack")).unwrap(), ROW.repeat(20));
    assert_eq!(recorder.finish().unwrap(), [(Arc::from("users"), 20)].into());
}

#[test]
fn a_run_killed_at_any_byte_leaves_its_whole_rows_to_the_next() {
    let whole: Vec<_> = (0..20).map(row).collect();
    let bytes = whole.concat();
    let mut rows_within = 0;
    let mut end = 0;
    for cut in 0..=bytes.len() {
        if cut == end + whole.get(rows_within).map_or(usize::MAX - end, Vec::len) {
            end = cut;
            rows_within += 1;
        }
        let dir = tempdir().unwrap();
        let path = dir.path().join("users.msgpack");
        fs::write(&path, &bytes[..cut]).unwrap();
        let mut recorder = open(&dir, Keep::Append);
        assert_eq!(record(&mut recorder, "users", &ROW), Ok(()));
        assert_eq!(fs::read(&path).unwrap(), [&bytes[..end], &ROW].concat());
        assert_eq!(rows(&path).len(), rows_within + 1);
    }
    assert_eq!(rows_within, whole.len());
}

#[test]
fn a_file_of_something_else_is_left_as_it_is() {
    let endless = b"\x81\xa1a\xdb\xff\xff\xff\xff";
    for foreign in [&b"name,age\nzoe,7\n"[..], &[0x82, 0xa1, b'a', 0xc1], &[0; 9], endless] {
        let dir = tempdir().unwrap();
        let path = dir.path().join("users.msgpack");
        fs::write(&path, [&ROW, foreign].concat()).unwrap();
        let mut recorder = open(&dir, Keep::Append);
        let answers = Answers::default();
        recorder.receive(&recorded("users", &ROW, answers.receipt())).unwrap();
        let error = recorder.rest().unwrap_err().to_string();
        assert!(error.ends_with(
            "users.msgpack: byte 7 begins no MessagePack map, so no row can follow it: move the file away"
        ));
        assert_eq!(answers.take(), [Err(error)]);
        assert_eq!(fs::read(&path).unwrap(), [&ROW, foreign].concat());
    }
}

#[test]
fn fresh_rows_replace_the_old_ones_with_the_first_commit() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("users.msgpack");
    fs::write(&path, ROW.repeat(9)).unwrap();
    fs::write(dir.path().join("others.msgpack"), ROW).unwrap();
    fs::write(dir.path().join(".users.msgpack.fresh"), b"left by a killed run").unwrap();
    let mut recorder = open(&dir, Keep::Fresh);
    let answers = Answers::default();
    recorder.receive(&recorded("users", &row(1), answers.receipt())).unwrap();
    assert_eq!(fs::read(&path).unwrap(), ROW.repeat(9));
    recorder.rest().unwrap();
    assert_eq!(fs::read(&path).unwrap(), row(1));
    assert_eq!(record(&mut recorder, "users", &row(2)), Ok(()));
    assert_eq!(fs::read(&path).unwrap(), [row(1), row(2)].concat());
    assert_eq!(fs::read(dir.path().join("others.msgpack")).unwrap(), ROW);
    assert!(!dir.path().join(".users.msgpack.fresh").exists());
}

#[test]
fn two_recorders_never_share_a_directory() {
    let dir = tempdir().unwrap();
    let first = open(&dir, Keep::Append);
    let error = Recorder::open(dir.path(), Keep::Fresh).err().unwrap();
    assert!(matches!(&error, RecorderError::Busy { dir: busy } if busy == dir.path()));
    assert!(error.to_string().contains(&dir.path().display().to_string()));
    drop(first);
    open(&dir, Keep::Fresh);
}

#[test]
fn a_purge_takes_the_file_and_what_was_on_its_way_to_it() {
    let dir = tempdir().unwrap();
    let mut recorder = open(&dir, Keep::Append);
    assert_eq!(record(&mut recorder, "users", &ROW), Ok(()));
    let answers = Answers::default();
    recorder.receive(&recorded("users", &ROW, answers.receipt())).unwrap();
    recorder.receive(&purged("users", answers.receipt())).unwrap();
    assert!(!dir.path().join("users.msgpack").exists());
    recorder.receive(&purged("nobody", answers.receipt())).unwrap();
    recorder.rest().unwrap();
    assert_eq!(answers.take(), [Ok(()), Ok(()), Ok(())]);
    assert!(!dir.path().join("users.msgpack").exists());
    assert_eq!(record(&mut recorder, "users", &row(3)), Ok(()));
    assert_eq!(recorder.finish().unwrap(), [(Arc::from("users"), 1)].into());
}

#[test]
fn recorded_rows_are_for_their_owner_alone() {
    let dir = tempdir().unwrap();
    let below = dir.path().join("made/here");
    for keep in [Keep::Append, Keep::Fresh] {
        let mut recorder = Recorder::open(&below, keep).unwrap();
        assert_eq!(record(&mut recorder, "users", &ROW), Ok(()));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&below.join("users.msgpack")), 0o600);
        assert_eq!(mode(&below), 0o700);
    }
}

proptest! {
    #[test]
    fn whatever_the_order_of_rests_the_files_hold_the_rows_in_order(
        steps in vec((0..3_usize, 0..40_usize, any::<bool>()), 0..40),
    ) {
        let dir = tempdir().unwrap();
        let mut recorder = open(&dir, Keep::Fresh);
        let answers = Answers::default();
        let mut expected = [const { Vec::new() }; 3];
        for (file, n, rests) in &steps {
            let encoded = row(*n);
            recorder.receive(&recorded(&file.to_string(), &encoded, answers.receipt())).unwrap();
            expected[*file].extend(encoded);
            if *rests {
                recorder.rest().unwrap();
            }
        }
        recorder.finish().unwrap();
        prop_assert_eq!(answers.take().len(), steps.len());
        for (file, expected) in expected.iter().enumerate() {
            let found = fs::read(dir.path().join(format!("{file}.msgpack"))).unwrap_or_default();
            prop_assert_eq!(&found, expected);
        }
    }
}
