//! What a recorder promises, and what the proofs of it share.

mod files;
mod receipts;

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use rmpv::Value;
use tempfile::TempDir;

use super::{Keep, Recorder};
use crate::bus::{Event, Message, Receipt, RecordedRow, Subscriber};

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
