//! What a recorder promises to a journey, and to the run after.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use proptest::{collection::vec, prelude::*};
use rmpv::Value;
use tempfile::{TempDir, tempdir};

use super::*;
use crate::bus::{Event, Message, Receipt, RecordedRow, Subscriber, Subscribers};

/// The first row of mite's own manual.
const ROW: [u8; 7] = [0x82, 0xa1, b'a', 0x00, 0xa1, b'b', 0x00];

/// What receipts were signed with, in order.
#[derive(Clone, Default)]
struct Answers(Arc<Mutex<Vec<Result<(), String>>>>);

impl Answers {
    fn receipt(&self) -> Receipt {
        let answers = self.clone();
        Receipt::new(move |kept| answers.0.lock().unwrap().push(kept))
    }

    fn take(&self) -> Vec<Result<(), String>> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn recorded(name: &str, encoded: &[u8], receipt: Receipt) -> Message {
    let row = Some(RecordedRow { encoded: Arc::from(encoded), receipt });
    Message { at: Duration::ZERO, event: Event::Recorded { name: name.into(), bytes: 0, row } }
}

fn purged(name: &str, receipt: Receipt) -> Message {
    let event = Event::Purged { name: name.into(), receipt: Some(receipt) };
    Message { at: Duration::ZERO, event }
}

/// Records a row and says how it was answered after a rest.
fn record(recorder: &mut Recorder, name: &str, encoded: &[u8]) -> Result<(), String> {
    let answers = Answers::default();
    recorder.receive(&recorded(name, encoded, answers.receipt())).unwrap();
    recorder.rest().unwrap();
    answers.take().pop().unwrap()
}

fn row(n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let fields = vec![(Value::from("n"), Value::from(n)), ("text".into(), "x".repeat(n).into())];
    rmpv::encode::write_value(&mut bytes, &Value::Map(fields)).unwrap();
    bytes
}

fn rows(path: &Path) -> Vec<Value> {
    let bytes = fs::read(path).unwrap();
    let mut rest = &bytes[..];
    let mut rows = Vec::new();
    while !rest.is_empty() {
        rows.push(rmpv::decode::read_value(&mut rest).unwrap());
    }
    rows
}

fn open(dir: &TempDir, keep: Keep) -> Recorder {
    Recorder::open(dir.path(), keep).unwrap()
}

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
    for foreign in [&b"name,age\nzoe,7\n"[..], &[0x82, 0xa1, b'a', 0xc1], &[0; 9]] {
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

#[test]
fn recorded_rows_are_for_their_owner_alone() {
    let dir = tempdir().unwrap();
    let made = dir.path().join("made/here");
    for keep in [Keep::Append, Keep::Fresh] {
        let mut recorder = Recorder::open(&made, keep).unwrap();
        assert_eq!(record(&mut recorder, "users", &ROW), Ok(()));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&made.join("users.msgpack")), 0o600);
        assert_eq!(mode(&made), 0o700);
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
