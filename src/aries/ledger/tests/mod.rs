//! Ledgers that ask an HTTP client which only pretends.

mod documents;
mod file;
mod hostile;
mod indy;
mod lists;
mod settings;

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    num::NonZeroUsize,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep};

use super::{Ledger, Settings, reading::Clock};
use crate::aries::{
    compute::Compute,
    transport::{Answer, Body, Call, Http, HttpFailure, Sending},
};

/// When tests begin, in seconds since the epoch.
const NOW: u64 = 1_000_000;
const BASE: &str = "http://registry";
const SCHEMA: &str = "did:web:issuer.example/schema";
const DEFINITION: &str = "did:web:issuer.example/definition";
const REGISTRY: &str = "did:web:issuer.example/registry";
const SCHEMA_PATH: &str = "/schemas/did%3Aweb%3Aissuer.example%2Fschema";
const DEFINITION_PATH: &str = "/credential-definitions/did%3Aweb%3Aissuer.example%2Fdefinition";
const REGISTRY_PATH: &str = "/revocation-registries/did%3Aweb%3Aissuer.example%2Fregistry";
const LISTS_PATH: &str = "/status-lists/did%3Aweb%3Aissuer.example%2Fregistry";

/// A server that writes down what it is asked, and answers ten milliseconds later with what it had.
#[derive(Default)]
struct Fake {
    asked: Mutex<Vec<String>>,
    answers: Mutex<BTreeMap<String, (u16, Vec<u8>)>>,
    /// Timestamps of its lists; the n-th list has the first n credentials revoked.
    lists: Mutex<Vec<u64>>,
}

impl Fake {
    /// A registry in which the fixtures are published.
    fn registry() -> Self {
        let fake = Self::default();
        fake.publish(SCHEMA_PATH, &fixture("schema"));
        fake.publish(DEFINITION_PATH, &fixture("definition"));
        fake.publish(REGISTRY_PATH, &registry());
        fake.answer("/tails/it", 200, &tails());
        fake
    }

    fn publish(&self, path: &str, json: &Value) {
        self.answer(path, 200, json.to_string().as_bytes());
    }

    fn answer(&self, path: &str, status: u16, body: &[u8]) {
        self.answers.lock().unwrap().insert(path.into(), (status, body.into()));
    }

    fn revoke_at(&self, timestamp: u64) {
        self.lists.lock().unwrap().push(timestamp);
    }

    /// What it was asked since this was called last.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn found(&self, path: &str) -> (u16, Vec<u8>) {
        if let Some(found) = self.answers.lock().unwrap().get(path) {
            return found.clone();
        }
        let to = match path.strip_prefix(LISTS_PATH) {
            Some("") => u64::MAX,
            Some(query) => query.strip_prefix("?to=").unwrap().parse().unwrap(),
            None => return (404, b"{\"error\": \"no such thing\"}".to_vec()),
        };
        let lists = self.lists.lock().unwrap();
        let revoked = lists.iter().filter(|it| **it <= to).count().max(1);
        match lists.get(revoked - 1) {
            Some(timestamp) => (200, list(*timestamp, revoked).to_string().into_bytes()),
            None => (404, Vec::new()),
        }
    }
}

impl Http for Fake {
    fn send(&self, call: Call) -> Sending<'_> {
        let path = call.url.strip_prefix(BASE).unwrap_or(&call.url).to_owned();
        let mut asked = path.clone();
        for (name, value) in &call.headers {
            write!(asked, "\n{name}: {value}").unwrap();
        }
        if let Body::Json(json) = &call.body {
            write!(asked, " {json}").unwrap();
        }
        self.asked.lock().unwrap().push(asked);
        let (status, body) = self.found(&path);
        Box::pin(async move {
            sleep(Duration::from_millis(10)).await;
            if status == 0 {
                let message = "connection refused".into();
                return Err(HttpFailure { kind: "refused".into(), message });
            }
            Ok(Answer { status, location: None, body: body.into() })
        })
    }
}

fn fixture(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/aries/anoncreds");
    serde_json::from_slice(&fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap()
}

/// Bytes that are as long as the fixture's tails, and read as such.
fn tails() -> Vec<u8> {
    [vec![0, 2], vec![0; 17 * 128]].concat()
}

/// The fixture's registry, whose tails are those above.
fn registry() -> Value {
    let mut registry = fixture("registry");
    registry["value"]["tailsLocation"] = format!("{BASE}/tails/it").into();
    registry["value"]["tailsHash"] = bs58::encode(Sha256::digest(tails())).into_string().into();
    registry
}

fn list(timestamp: u64, revoked: usize) -> Value {
    let mut list = fixture("list");
    list["timestamp"] = timestamp.into();
    let bits: Vec<_> = (0..8).map(|index| u8::from((1..=revoked).contains(&index))).collect();
    list["revocationList"] = json!(bits);
    list
}

fn settings(value: Value) -> Settings {
    Settings::from_value(value).unwrap()
}

fn ledger(value: Value) -> Ledger {
    let began = Instant::now();
    let clock: Clock = Box::new(move || NOW + began.elapsed().as_secs());
    let compute = Arc::new(Compute::new(NonZeroUsize::MIN));
    Ledger::with_clock(settings(value), compute, clock)
}
