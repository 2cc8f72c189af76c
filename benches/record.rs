//! What a recorded holder costs: writing it, reading it, and room for it.
//!
//! One record has a mediator and one connection, the other a credential of six attributes beside them,
//! which can be revoked: both as `provision-holder` leaves them. Times are of many rounds the quickest and the middle one: on a machine with neighbours the quickest is what the
//! code needs, the middle one what it gets.

use std::{
    collections::BTreeMap,
    hint::black_box,
    io::{self, Write},
};

use clap::Parser;
use engine::aries::{
    anoncreds::{Error, Issuer, Kept, LinkSecret, Place, Registry, RegistryIssuer},
    didcomm::KeyPair,
    holder::{ConnectionRecord, CredentialRecord, HolderRecord, MediatorRecord},
};
use tokio::time::Instant;

/// Measures what a recorded holder costs.
#[derive(Parser)]
struct Options {
    /// Rounds of each measurement
    #[arg(long, default_value_t = 25)]
    rounds: usize,
    /// Records in a round
    #[arg(long, default_value_t = 2_000)]
    records: u32,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    measure_all(&options, "with a connection", &holder())?;
    let record = with_a_credential(holder()).expect("what is issued here can be held");
    measure_all(&options, "with a connection and a credential", &record)
}

fn measure_all(options: &Options, whose: &str, record: &HolderRecord) -> io::Result<()> {
    let write = || rmp_serde::to_vec_named(black_box(record)).expect("a record can be written");
    let written = write();
    let read = || -> HolderRecord {
        rmp_serde::from_slice(black_box(&written)).expect("it was written here")
    };
    let mut out = io::stdout();
    writeln!(out, "{whose:<36}{:>10}{:>10}", "quickest", "middle")?;
    for (what, once) in [
        ("  µs to write it, one core", &(|| drop(black_box(write()))) as &dyn Fn()),
        ("  µs to read it, one core", &|| drop(black_box(read()))),
    ] {
        let (quickest, middle) = measure(options, once);
        writeln!(out, "{what:<36}{quickest:>10.2}{middle:>10.2}")?;
    }
    writeln!(out, "{:<36}{:>10}", "  bytes", written.len())
}

fn measure(options: &Options, once: &dyn Fn()) -> (f64, f64) {
    let mut rounds: Vec<_> = (0..options.rounds.max(1))
        .map(|_| {
            let begun = Instant::now();
            (0..options.records).for_each(|_| once());
            begun.elapsed().as_secs_f64() * 1e6 / f64::from(options.records.max(1))
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    (rounds[0], rounds[rounds.len() / 2])
}

fn holder() -> HolderRecord {
    let routing = *KeyPair::generate().verkey();
    HolderRecord {
        id: "0c7e3a51-93a8-4f43-8f0e-2b1f5a2f4e11".into(),
        version: 1,
        label: "holder-20261121-000001".into(),
        made_with: [("mediator", routing.did_key()), ("issuer", "https://issuer.example".into())]
            .map(|(system, identity)| (system.to_owned(), identity))
            .into(),
        mediator: Some(MediatorRecord {
            connection: connection("mediator"),
            endpoint: "https://mediator.example".into(),
            routing: vec![routing],
            socket: Some("wss://mediator.example/ws".into()),
        }),
        connections: vec![connection("issuer")],
        link_secret: None,
        credentials: Vec::new(),
    }
}

/// The holder after a real credential was issued to it, with the sandbox's keys.
fn with_a_credential(mut holder: HolderRecord) -> Result<HolderRecord, Error> {
    let issuer = Issuer::from_json(include_str!("../src/sandbox/test_issuer_keys.json"))?;
    let id = "did:web:sandbox.engine.invalid/anoncreds/v0/REV_REG_DEF/person/1.0/test/1";
    let (registrar, tails) = RegistryIssuer::create(&issuer, id, "1", 8, str::to_owned)?;
    let registry = Registry::new(id, registrar.published(), &tails)?;
    let list = registrar.first_list(1_794_000_000);
    let place = Place { issuer: &registrar, registry: &registry, list: &list, index: 1 };

    let (secret, offer, definition) = (LinkSecret::random()?, issuer.offer()?, issuer.definition());
    let (request, metadata) = definition.request(&offer, &secret)?;
    let signed = issuer.issue(&offer, &request, &person(), Some(place))?;
    let credential = definition.receive(signed, &metadata, &secret, Some(registrar.published()))?;
    let connection = holder.connections.first();
    holder.credentials.push(CredentialRecord {
        id: "e2f0b1a6-5a7e-4f7d-8f0c-0d2f3f6f8a11".into(),
        connection: connection.map(|it| it.id.clone()),
        system: "issuer".into(),
        remote_id: Some("3c8f8b0e-9f0d-4f0a-8d2e-6a1b7c9d0e21".into()),
        thread_id: "7d1e9a52-0c3b-4a8f-9e64-2b5f8c7d1a90".into(),
        revoked: false,
        credential: Kept::new(&credential)?,
    });
    holder.link_secret = Some(secret);
    Ok(holder)
}

fn person() -> BTreeMap<String, String> {
    [
        ("name", "holder-20261121-000001"),
        ("given_names", "Ada"),
        ("birthdate_dateint", "19701231"),
        ("score", "75"),
        ("occupation", "nurse"),
        ("expiry", "20301231"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn connection(system: &str) -> ConnectionRecord {
    let (ours, theirs) = (KeyPair::generate(), KeyPair::generate());
    ConnectionRecord {
        id: "5d0f1ed8-9ac0-4b6e-9d02-77bd6c2ac0de".into(),
        system: system.into(),
        remote_id: Some("c6d9ef3a-8d5a-4f0c-bb9e-0a1e2c7f9a35".into()),
        seed: *ours.seed(),
        key: *ours.verkey(),
        my_did: "did:peer:4zQmSGnEXTFRVtLUMXgSxZ6A4TTCMLMKeTZfVnJ9uMKMDcWp".into(),
        their_did: "did:peer:4zQmYzN4dpq6gQmZmWy3vYBBYWMRFuKHcVvRQAdRqRCWXkTN".into(),
        their_label: "Issuer".into(),
        invited_by: None,
        recipient: *theirs.verkey(),
        routing: Vec::new(),
        endpoint: "https://issuer.example".into(),
    }
}
