//! What a holder's credentials cost: asking for one, receiving it, keeping it, staying able to show
//! that it is not revoked, and presenting it.
//!
//! Times are of one thread, of many rounds the quickest and the middle one: on a machine with
//! neighbours the quickest is what the code needs, the middle one what it gets. The issuer's keys, the
//! six attributes and what is asked of them are those of the sandbox and of
//! `journeys/scenarios/wallets.toml`.
//!
//! With `--proofs N` it says nothing but what a whole proof takes of a processor, for
//! `benches/credentials.py` to hold the engine against.

mod desk;
mod proofs;

use std::{
    collections::HashSet,
    error::Error,
    fmt::Display,
    hint::black_box,
    io::{self, Write},
};

use clap::Parser;
use desk::{Desk, Done};
use engine::aries::anoncreds::{Choice, Kept, LinkSecret, Prepared};
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
    /// Only make so many proofs on each thread, and tell the processor's time that one took
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    proofs: Option<u32>,
    /// Threads that make proofs side by side
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    threads: u32,
}

fn main() -> Done<()> {
    let options = Options::parse();
    let desk = Desk::open(options.size)?;
    let secret = LinkSecret::random()?;
    if let Some(count) = options.proofs {
        return proofs::measure(&desk, &secret, options.threads, count);
    }
    let mut table = Table::new(options.rounds)?;
    let (issuer, definition) = (&desk.issuer, desk.issuer.definition());
    let offer = issuer.offer()?;

    table.once("request, the first of a definition", || definition.request(&offer, &secret))?;
    table.each("request, later", || definition.request(&offer, &secret))?;
    let (request, metadata) = definition.request(&offer, &secret)?;
    let signed = desk.issue(&offer, &request)?;
    let receive = || desk.receive(signed.clone(), &metadata, &secret);
    table.each("receive", receive)?;
    let credential = receive()?;

    let keep = || Kept::new(&credential);
    table.each("keep", keep)?;
    let kept = rmp_serde::to_vec_named(&keep()?)?;
    let read = || rmp_serde::from_slice::<Kept>(&kept);
    table.each("read what was kept", read)?;
    let record = read()?;
    table.each("make it ready", || record.credential())?;
    table.row("bytes kept, 6 attributes", &kept.len())?;
    table.row("bytes of its link secret", &rmp_serde::to_vec_named(&secret)?.len())?;

    witnesses(&desk, &mut table)?;
    present(&desk, &secret, &mut table)
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

fn present(desk: &Desk, secret: &LinkSecret, table: &mut Table) -> Done<()> {
    let (request, held) = (desk.question()?, [desk.held(secret)?]);
    let choice = Choice::first_fit(&request, &held)?;
    let prepare = || Prepared::new(&request, &choice, &held, secret);
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
