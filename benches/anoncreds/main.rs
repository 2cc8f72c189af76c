//! What a holder's credentials cost: asking for one, receiving it, keeping it, staying able to show
//! that it is not revoked, and presenting it.
//!
//! Times are of one thread, of many rounds the quickest and the middle one: on a machine with
//! neighbours the quickest is what the code needs, the middle one what it gets. The issuer's keys are
//! those of the tests, for credentials of four attributes.

mod desk;

use std::{
    collections::HashSet,
    error::Error,
    fmt::Display,
    hint::black_box,
    io::{self, Write},
};

use clap::Parser;
use desk::{Desk, Done};
use engine::aries::anoncreds::{
    AttributeValue, Choice, Held, Kept, LinkSecret, Nonce, Prepared, PresentationRequest, encoded,
};
use serde_json::json;
use tokio::time::Instant;

/// Measures what a holder's credentials cost.
#[derive(Parser)]
struct Options {
    /// How many credentials the revocation registry has place for
    #[arg(long, default_value_t = 10_000)]
    size: u32,
    /// Rounds of each measurement
    #[arg(long, default_value_t = 25)]
    rounds: u32,
}

fn main() -> Done<()> {
    let options = Options::parse();
    let mut table = Table::new(options.rounds)?;
    let desk = Desk::open(options.size)?;
    let secret = LinkSecret::random()?;
    let offer = desk.offer()?;

    table
        .once("request, the first of a definition", || desk.definition.request(&offer, &secret))?;
    table.each("request, later", || desk.definition.request(&offer, &secret))?;
    let (request, metadata) = desk.definition.request(&offer, &secret)?;
    let issued = desk.issue(&offer, &request)?;
    let receive = || desk.receive(issued.clone(), &metadata, &secret);
    table.each("receive", receive)?;
    let mut credential = receive()?;

    let keep = || Kept::new(&credential);
    table.each("keep", keep)?;
    let kept = rmp_serde::to_vec_named(&keep()?)?;
    let read = || rmp_serde::from_slice::<Kept>(&kept);
    table.each("read what was kept", read)?;
    let record = read()?;
    table.each("make it ready", || record.credential())?;
    table.row("bytes kept, 4 attributes", &kept.len())?;
    for (name, raw) in [("email", "alice.smith@example.com"), ("issued", "1794000000")] {
        let value = AttributeValue { raw: raw.to_owned(), encoded: encoded(raw) };
        credential.values.insert(name.to_owned(), value);
    }
    let more = rmp_serde::to_vec_named(&Kept::new(&credential)?)?.len();
    table.row("bytes kept, 6 attributes", &more)?;
    table.row("bytes of its link secret", &rmp_serde::to_vec_named(&secret)?.len())?;

    witnesses(&desk, &mut table)?;
    let state = desk.registry.state(1, &desk.list)?;
    let held = [Held {
        credential: record.credential()?,
        definition: desk.definition.clone(),
        state: Some(state),
    }];
    present(&held, &secret, &mut table)
}

fn witnesses(desk: &Desk, table: &mut Table) -> Done<()> {
    let Desk { registry, list, size, .. } = desk;
    table.once("add up the tails, and make a witness", || registry.state(1, list))?;
    let begun = Instant::now();
    let mut states =
        (1..=*size).map(|index| registry.state(index, list)).collect::<Result<Vec<_>, _>>()?;
    let all = begun.elapsed();
    table.row("make all witnesses, s", &format!("{:.3}", all.as_secs_f64()))?;
    table.row(
        "a witness of it, µs",
        &format!("{:.1}", all.as_secs_f64() * 1e6 / f64::from(*size)),
    )?;
    for count in [1, 100] {
        let revoked: HashSet<u32> = (1..=count).map(|it| it * (size / (count + 1))).collect();
        let later = desk.later(&revoked)?;
        let begun = Instant::now();
        for state in &mut states {
            registry.update(state, &later)?;
        }
        let micros = begun.elapsed().as_secs_f64() * 1e6 / f64::from(*size);
        let each = micros / f64::from(count);
        table.row(&format!("update, {count} revoked, µs a holder"), &format!("{micros:.2}"))?;
        table.row(
            &format!("update, {count} revoked, µs a holder and change"),
            &format!("{each:.2}"),
        )?;
        for state in &mut states {
            registry.update(state, list)?;
        }
    }
    Ok(())
}

fn present(held: &[Held], secret: &LinkSecret, table: &mut Table) -> Done<()> {
    let request: PresentationRequest = serde_json::from_value(json!({
        "name": "proof", "version": "1.0", "nonce": Nonce::random()?,
        "requested_attributes": { "name": { "name": "name" } },
        "requested_predicates": { "age": { "name": "age", "p_type": ">=", "p_value": 18 } },
        "non_revoked": { "from": 0, "to": 100 },
    }))?;
    let choice = Choice::first_fit(&request, held)?;
    let prepare = || Prepared::new(&request, &choice, held, secret);
    table.each("prepare: 1 predicate, not revoked", prepare)?;
    let mut prepared = Vec::new();
    for _ in 0..table.rounds {
        prepared.push(prepare()?);
    }
    let finish = || prepared.pop().map(|it| it.finish(&request.nonce)).transpose();
    table.each("finish", finish)
}

/// A table that is written row by row.
struct Table {
    out: io::Stdout,
    rounds: u32,
}

impl Table {
    fn new(rounds: u32) -> io::Result<Self> {
        let mut out = io::stdout();
        writeln!(out, "| {:<48} | {:>10} | {:>10} |", "one core", "quickest", "middle")?;
        writeln!(out, "|{:-<50}|{:->11}:|{:->11}:|", "", "", "")?;
        Ok(Self { out, rounds: rounds.max(1) })
    }

    fn row(&mut self, what: &str, figure: &impl Display) -> io::Result<()> {
        writeln!(self.out, "| {what:<48} | {:>10} | {figure:>10} |", "")
    }

    fn once<T, E: Error + 'static>(
        &mut self,
        what: &str,
        run: impl FnOnce() -> Result<T, E>,
    ) -> Done<()> {
        let begun = Instant::now();
        black_box(run()?);
        let micros = begun.elapsed().as_secs_f64() * 1e6;
        Ok(self.row(&format!("{what}, µs"), &format!("{micros:.1}"))?)
    }

    fn each<T, E: Error + 'static>(
        &mut self,
        what: &str,
        mut run: impl FnMut() -> Result<T, E>,
    ) -> Done<()> {
        let mut rounds = Vec::new();
        for _ in 0..self.rounds {
            let begun = Instant::now();
            let made = run()?;
            rounds.push(begun.elapsed().as_secs_f64() * 1e6);
            drop(black_box(made));
        }
        rounds.sort_by(f64::total_cmp);
        let (quickest, middle) = (rounds[0], rounds[rounds.len() / 2]);
        let what = format!("{what}, µs");
        writeln!(self.out, "| {what:<48} | {quickest:>10.1} | {middle:>10.1} |")?;
        Ok(())
    }
}
