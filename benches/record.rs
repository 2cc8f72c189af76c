//! What a recorded holder costs: writing it, reading it, and room for it.
//!
//! The record is one with a mediator and one connection, as `provision-holder` leaves it. Times are of
//! many rounds the quickest and the middle one: on a machine with neighbours the quickest is what the
//! code needs, the middle one what it gets.

use std::{
    hint::black_box,
    io::{self, Write},
};

use clap::Parser;
use engine::aries::{
    didcomm::KeyPair,
    holder::{ConnectionRecord, HolderRecord, MediatorRecord},
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
    let record = holder();
    let write = || rmp_serde::to_vec_named(black_box(&record)).expect("a record can be written");
    let written = write();
    let read = || -> HolderRecord {
        rmp_serde::from_slice(black_box(&written)).expect("it was written here")
    };
    let mut out = io::stdout();
    writeln!(out, "{:<28}{:>10}", "bytes a record", written.len())?;
    writeln!(out, "{:<28}{:>10}{:>10}", "µs a record, one core", "quickest", "middle")?;
    for (what, once) in [
        ("write", &(|| drop(black_box(write()))) as &dyn Fn()),
        ("read", &|| drop(black_box(read()))),
    ] {
        let (quickest, middle) = measure(&options, once);
        writeln!(out, "{what:<28}{quickest:>10.2}{middle:>10.2}")?;
    }
    Ok(())
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
