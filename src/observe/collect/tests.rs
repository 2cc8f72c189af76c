//! What was collected is what is replayed.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use proptest::{collection::vec, prelude::*};
use rmpv::Value;
use serde_json::json;
use tempfile::{TempDir, tempdir};

use super::*;
use crate::{
    bus::{Event, Message, Receipt, RecordedRow, Subscriber, Subscribers, TripId},
    observe::arbitrary,
};

fn log(dir: &TempDir) -> PathBuf {
    dir.path().join("messages.msgpack")
}

fn collected(messages: &[Message]) -> TempDir {
    let dir = tempdir().unwrap();
    let mut collector = Collector::create(dir.path()).unwrap();
    messages.iter().try_for_each(|message| collector.receive(message)).unwrap();
    drop(collector);
    dir
}

fn replayed(dir: &TempDir) -> Vec<Message> {
    replay(&log(dir)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn stalled(second: u64) -> Message {
    let at = Duration::from_secs(second);
    Message { at, event: Event::Stalled { lasted: Duration::from_millis(second) } }
}

proptest! {
    #[test]
    fn a_log_replays_as_it_was_told(messages in vec(arbitrary::message(9, 3), 0..60)) {
        prop_assert_eq!(replayed(&collected(&messages)), messages);
    }
}

#[test]
fn a_log_torn_at_any_byte_replays_up_to_there() {
    let messages: Vec<_> = (0..9).map(stalled).collect();
    let dir = collected(&messages);
    let bytes = fs::read(log(&dir)).unwrap();
    let header = fs::read(log(&collected(&[]))).unwrap().len();
    let mut seen = 0;
    for cut in header..=bytes.len() {
        fs::write(log(&dir), &bytes[..cut]).unwrap();
        let mut replay = replay(&log(&dir)).unwrap();
        let found: Vec<_> = replay.by_ref().map(Result::unwrap).collect();
        assert_eq!(found, messages[..found.len()]);
        let whole = found.len() > seen || cut == header;
        assert_eq!(replay.torn_bytes() == 0, whole);
        seen = found.len();
    }
    assert_eq!(seen, messages.len());
}

#[test]
fn what_is_no_log_is_refused_whole() {
    let dir = collected(&[]);
    let header = fs::read(log(&dir)).unwrap();
    for cut in 0..header.len() {
        fs::write(log(&dir), &header[..cut]).unwrap();
        assert!(matches!(replay(&log(&dir)), Err(ReplayError::NotALog { .. })));
    }
    for foreign in [&b"{\"format\":1}"[..], &[0x81, 0xa1, b'a', 1], &[0xc1], &[0xdb, 255, 255]] {
        fs::write(log(&dir), foreign).unwrap();
        let error = replay(&log(&dir)).err().unwrap().to_string();
        assert!(error.ends_with("is no log of messages: name the messages.msgpack of a run"));
    }
    fs::remove_file(log(&dir)).unwrap();
    assert!(matches!(replay(&log(&dir)), Err(ReplayError::Read { .. })));
}

/// Replays a log that ends with these values, and gives the error back without its path.
fn refusal(version: u32, values: &[Value]) -> String {
    let dir = tempdir().unwrap();
    let header = [("format".into(), "engine-messages".into()), ("version".into(), version.into())];
    let mut bytes = Vec::new();
    for value in [&[Value::Map(header.into())], values].concat() {
        rmpv::encode::write_value(&mut bytes, &value).unwrap();
    }
    fs::write(log(&dir), bytes).unwrap();
    let error = match replay(&log(&dir)) {
        Err(error) => error,
        Ok(mut replay) => {
            let error = replay.find_map(Result::err).unwrap();
            assert!(replay.next().is_none());
            error
        }
    };
    error.to_string().replace(&dir.path().display().to_string(), "run")
}

#[test]
fn a_log_that_is_not_understood_says_what_to_do() {
    let finished = Value::Array(vec![0.into(), "Finished".into()]);
    let unknown = Value::Array(vec![0.into(), "Teleported".into()]);
    let longer = Value::Array(vec![0.into(), "Finished".into(), 7.into()]);
    let answers = [
        refusal(3, &[]),
        refusal(2, &[finished.clone(), unknown]),
        refusal(2, &[finished.clone(), longer]),
        refusal(2, &[finished, Value::from("hello")]),
    ];
    insta::assert_snapshot!(answers.join("\n"), @r#"
    run/messages.msgpack has version 3, and this engine reads version 2: replay it with the engine that wrote it
    run/messages.msgpack: message 1 is of a newer engine (unknown variant `Teleported`): replay it with the engine that wrote it
    run/messages.msgpack: message 1 (byte 44) is damaged: array had incorrect length, expected 2
    run/messages.msgpack: message 1 (byte 44) is damaged: invalid type: string "hello", expected struct Message
    "#);
}

#[test]
fn a_damaged_byte_is_named_by_its_place() {
    let dir = collected(&[stalled(1), stalled(2)]);
    let mut bytes = fs::read(log(&dir)).unwrap();
    let last = bytes.len() - 10;
    bytes[last..].fill(0xc1);
    fs::write(log(&dir), bytes).unwrap();
    let found: Vec<_> = replay(&log(&dir)).unwrap().collect();
    assert!(matches!(&found[..], [Ok(_), Err(ReplayError::Damaged { number: 1, .. })]));
}

#[test]
fn a_message_that_claims_to_be_endless_is_damaged_and_not_torn() {
    let dir = collected(&[]);
    let mut bytes = fs::read(log(&dir)).unwrap();
    bytes.extend(b"\x92\x00\xdb\xff\xff\xff\xff");
    fs::write(log(&dir), bytes).unwrap();
    let error = replay(&log(&dir)).unwrap().find_map(Result::err).unwrap().to_string();
    assert!(error.ends_with("(byte 33) is damaged: it is longer than 67108864 bytes"), "{error}");
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let deep = (0..2000).fold(Value::Nil, |inner, _| Value::Array(vec![inner]));
    let sent = Value::Map(vec![(
        "Sent".into(),
        Value::Array(vec![Value::Array(vec![0.into(), 0.into()]), "kind".into(), deep]),
    )]);
    let answer = refusal(2, &[Value::Array(vec![0.into(), sent])]);
    assert!(answer.ends_with("is damaged: depth limit exceeded"), "{answer}");
}

#[test]
fn a_message_nested_too_deep_is_refused_and_leaves_no_trace() {
    let sent = |depth: usize| {
        let fields = (0..depth).fold(json!(null), |inner, _| json!([inner]));
        let trip = TripId { row: 0, number: 0 };
        Message { at: Duration::ZERO, event: Event::Sent { trip, kind: "deep".into(), fields } }
    };
    let dir = tempdir().unwrap();
    let mut collector = Collector::create(dir.path()).unwrap();
    assert!(collector.receive(&sent(500)).is_err());
    collector.receive(&sent(100)).unwrap();
    drop(collector);
    assert_eq!(replayed(&dir), [sent(100)]);
}

#[test]
fn a_second_is_in_the_log_when_the_next_begins() {
    let dir = tempdir().unwrap();
    let mut collector = Collector::create(dir.path()).unwrap();
    collector.receive(&stalled(0)).unwrap();
    assert_eq!(replayed(&dir).len(), 0);
    collector.receive(&stalled(1)).unwrap();
    assert_eq!(replayed(&dir).len(), 2);
    collector.receive(&stalled(1)).unwrap();
    collector.rest().unwrap();
    assert_eq!(replayed(&dir).len(), 2);
    collector.receive(&Message { at: Duration::from_secs(1), event: Event::Finished }).unwrap();
    assert_eq!(replayed(&dir).len(), 4);
}

#[test]
fn a_run_over_the_bus_is_in_the_log() {
    let dir = tempdir().unwrap();
    let mut subscribers = Subscribers::default();
    let collector =
        subscribers.subscribe("collector", Collector::create(dir.path()).unwrap()).unwrap();
    let bus = subscribers.open().unwrap();
    (0..20_000).for_each(|n| bus.publish(stalled(n / 1000)));
    bus.close();
    drop(collector.join().unwrap());
    assert!(replayed(&dir).into_iter().eq((0..20_000).map(|n| stalled(n / 1000))));
}

#[test]
fn recorded_rows_stay_out_of_the_log() {
    let receipt = Receipt::new(|_| {});
    let row = Some(RecordedRow { encoded: (*b"secret key").into(), receipt });
    let event = Event::Recorded { name: "holders".into(), bytes: 10, row };
    let dir = collected(&[Message { at: Duration::ZERO, event }]);
    let bytes = fs::read(log(&dir)).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"secret"));
    let event = Event::Recorded { name: "holders".into(), bytes: 10, row: None };
    assert_eq!(replayed(&dir), [Message { at: Duration::ZERO, event }]);
}

#[test]
fn a_log_is_for_its_owner_alone_and_never_overwritten() {
    let dir = collected(&[]);
    assert_eq!(fs::metadata(log(&dir)).unwrap().permissions().mode() & 0o777, 0o600);
    let error = Collector::create(dir.path()).err().unwrap();
    assert_eq!(error.path, log(&dir));
}
