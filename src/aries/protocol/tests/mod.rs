mod any;
mod exchanges;
mod exchanges_replayed;
mod exchanges_tampered;
mod handshakes;
mod hostile;
mod mediation;
mod notices;
mod pickup;
mod readers;
mod replay;
mod revocations;
mod small;
mod tampering;

use std::{fs, path::Path};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::aries::didcomm::{KeyPair, Kind, Message, Verkey};

/// What was said in one flow with one version of an agent.
#[derive(Deserialize)]
pub(super) struct Run {
    agent: String,
    invitation: Option<Value>,
    messages: Vec<Said>,
}

/// One message of a flow.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    sender_key: Option<String>,
    #[serde(default)]
    recipient_keys: Vec<String>,
    message: Map<String, Value>,
}

impl Said {
    fn message(&self) -> Message {
        Message::from_fields(self.message.clone()).unwrap()
    }
}

/// All recorded flows by name.
fn flows() -> Vec<(String, Vec<Run>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/aries/messages");
    let mut flows = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        flows.push((name, serde_json::from_slice(&fs::read(path).unwrap()).unwrap()));
    }
    flows.sort_by(|a: &(String, _), b| a.0.cmp(&b.0));
    flows
}

/// Our key number `n`.
fn key(n: u8) -> KeyPair {
    KeyPair::from_seed([n; 32])
}

fn verkey(n: u8) -> Verkey {
    *key(n).verkey()
}

/// A message as somebody else sends it.
fn message(kind: &Kind, fields: Value) -> Message {
    let Value::Object(mut all) = fields else { panic!("{fields} is no object") };
    all.insert("@type".to_owned(), kind.to_string().into());
    all.entry("@id").or_insert_with(|| "1".into());
    Message::from_fields(all).unwrap()
}
