//! What a recorder promises to a journey.

use std::{fs, sync::mpsc};

use tempfile::tempdir;

use super::{Answers, Keep, ROW, open, purged, record, recorded, row, rows};
use crate::bus::{Receipt, Subscriber, Subscribers};

#[test]
fn a_receipt_is_signed_when_its_row_is_in_the_file_and_not_before() {
    let dir = tempdir().unwrap();
    let mut recorder = open(&dir, Keep::Append);
    let path = dir.path().join("users.msgpack");
    let (signed, answer) = mpsc::channel();
    for n in 0..3 {
        let (signed, path) = (signed.clone(), path.clone());
        let receipt = Receipt::new(move |kept| {
            assert_eq!(kept, Ok(()));
            signed.send((n, rows(&path).len())).unwrap();
        });
        recorder.receive(&recorded("users", &ROW, receipt)).unwrap();
        assert!(answer.try_recv().is_err());
    }
    recorder.rest().unwrap();
    assert_eq!(answer.try_iter().collect::<Vec<_>>(), [(0, 3), (1, 3), (2, 3)]);
}

#[test]
fn a_recorder_that_never_rests_commits_all_the_same() {
    let dir = tempdir().unwrap();
    let mut recorder = open(&dir, Keep::Append);
    let (answers, encoded) = (Answers::default(), row(1000));
    for _ in 0..300 {
        recorder.receive(&recorded("users", &encoded, answers.receipt())).unwrap();
    }
    let signed = answers.take().len();
    assert!((1..300).contains(&signed));
    assert_eq!(rows(&dir.path().join("users.msgpack")).len(), signed);
}

#[test]
fn every_row_over_the_bus_is_in_the_file() {
    let dir = tempdir().unwrap();
    let mut subscribers = Subscribers::default();
    let recorder = subscribers.subscribe_to_records("recorder", open(&dir, Keep::Append)).unwrap();
    let bus = subscribers.open().unwrap();
    let answers = Answers::default();
    for n in 0..5_000 {
        bus.publish(recorded(["a", "b"][n % 2], &ROW, answers.receipt()));
    }
    bus.close();
    let counts = recorder.join().unwrap().finish().unwrap();
    assert_eq!(counts, [("a".into(), 2_500), ("b".into(), 2_500)].into());
    assert_eq!(answers.take(), vec![Ok(()); 5_000]);
    assert_eq!(rows(&dir.path().join("b.msgpack")).len(), 2_500);
}

#[test]
fn a_bad_name_is_refused_and_the_next_row_kept() {
    let dir = tempdir().unwrap();
    let mut recorder = open(&dir, Keep::Append);
    let refusal = record(&mut recorder, "../escaped", &ROW).unwrap_err();
    assert_eq!(
        refusal,
        "name \"../escaped\" begins with a dot: begin it otherwise, such as \"holders.v2\""
    );
    let answers = Answers::default();
    recorder.receive(&purged("../escaped", answers.receipt())).unwrap();
    assert_eq!(answers.take(), [Err(refusal)]);
    assert_eq!(record(&mut recorder, "users", &ROW), Ok(()));
    assert_eq!(recorder.rows().len(), 1);
}

#[test]
fn a_row_that_no_pool_would_read_back_is_refused() {
    let dir = tempdir().unwrap();
    let mut recorder = open(&dir, Keep::Append);
    let nested = |levels: usize| [[0x81, 0xa1, b'a'].repeat(levels), vec![0xc0]].concat();
    assert_eq!(record(&mut recorder, "users", &nested(128)), Ok(()));
    let refusal = record(&mut recorder, "users", &nested(129)).unwrap_err();
    assert_eq!(refusal, "the row is nested deeper than 128 levels");
}

#[test]
fn what_is_no_map_is_refused() {
    let dir = tempdir().unwrap();
    let mut recorder = open(&dir, Keep::Append);
    let two = ROW.repeat(2);
    for wrong in [&[0x92, 1, 2][..], &[], &ROW[..6], &two, &[0xc1], &[0x81, 0xc1]] {
        let refusal = record(&mut recorder, "users", wrong).unwrap_err();
        assert_eq!(refusal, "the row is no MessagePack map: record a struct with named fields");
    }
    let long = record(&mut recorder, "users", &row(17 << 20)).unwrap_err();
    assert_eq!(long, "the row has 17825810 bytes: at most 16777216 are kept");
    assert!(!dir.path().join("users.msgpack").exists());
}

#[test]
fn names_are_limited_in_number() {
    let dir = tempdir().unwrap();
    let mut recorder = open(&dir, Keep::Append);
    let kept = (0..300).filter(|n| record(&mut recorder, &format!("n{n}"), &ROW).is_ok()).count();
    assert_eq!(kept, 256);
}

#[test]
fn a_write_that_fails_is_signed_so_and_ends_the_recorder() {
    let dir = tempdir().unwrap();
    fs::create_dir(dir.path().join("users.msgpack")).unwrap();
    for keep in [Keep::Append, Keep::Fresh] {
        let mut recorder = open(&dir, keep);
        let answers = Answers::default();
        recorder.receive(&recorded("users", &ROW, answers.receipt())).unwrap();
        let error = recorder.rest().unwrap_err().to_string();
        assert!(error.contains("users.msgpack: "));
        assert_eq!(answers.take(), [Err(error)]);
    }
    assert!(!dir.path().join(".users.msgpack.fresh").exists());
}
