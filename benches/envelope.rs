//! What an envelope costs: packing and opening one message, on one core.
//!
//! Each figure is microseconds a message, of many rounds the quickest and the middle one: on a
//! machine with neighbours the quickest is what the code needs, the middle one what it gets.

use std::{
    hint::black_box,
    io::{self, Write},
    time::Duration,
};

use clap::Parser;
use engine::aries::didcomm::{
    KeyPair,
    envelope::{Channel, Envelope, seal},
};
use tokio::time::Instant;

/// Measures what packing and opening a message costs.
#[derive(Parser)]
struct Options {
    /// Rounds of each measurement
    #[arg(long, default_value_t = 25)]
    rounds: usize,
    /// Messages in a round
    #[arg(long, default_value_t = 400)]
    messages: u32,
}

/// A message of ordinary size, and one with a proof in it, in bytes.
const SIZES: [usize; 2] = [1_024, 34 * 1_024];

fn main() -> io::Result<()> {
    let options = Options::parse();
    writeln!(io::stdout(), "{:<38}{:>10}{:>10}", "µs a message, one core", "quickest", "middle")?;
    for size in SIZES {
        measure_all(&options, size)?;
    }
    Ok(())
}

fn measure_all(options: &Options, size: usize) -> io::Result<()> {
    let (holder, agent) = (KeyPair::generate(), KeyPair::generate());
    let there = Channel::new(&holder, agent.verkey()).expect("a new key is on the curve");
    let back = Channel::new(&agent, holder.verkey()).expect("a new key is on the curve");
    let message = vec![b'x'; size];
    let from_holder = there.pack(&message);
    let from_nobody = seal(&message, agent.verkey()).expect("a new key is on the curve");
    let open = |bytes: &[u8], known: Option<&Channel>| {
        let envelope = Envelope::parse(black_box(bytes)).expect("it was packed here");
        envelope.open(&agent, known).expect("it was packed for this key").plaintext
    };

    let row = |what: &str, once: &mut dyn FnMut()| {
        let (quickest, middle) = measure(options, once);
        let what = format!("{what}, {size} bytes");
        writeln!(io::stdout(), "{what:<38}{quickest:>10.1}{middle:>10.1}")
    };
    row("pack, known", &mut || drop(black_box(there.pack(black_box(&message)))))?;
    row("open, known", &mut || drop(black_box(open(&from_holder, Some(&back)))))?;
    row("pack, unknown", &mut || {
        let channel = Channel::new(&holder, agent.verkey()).expect("the key is on the curve");
        drop(black_box(channel.pack(black_box(&message))));
    })?;
    row("open, unknown", &mut || drop(black_box(open(&from_holder, None))))?;
    row("pack, anonymous", &mut || drop(black_box(seal(black_box(&message), agent.verkey()))))?;
    row("open, anonymous", &mut || drop(black_box(open(&from_nobody, None))))
}

/// The quickest round and the middle one, in microseconds a message.
fn measure(options: &Options, once: &mut dyn FnMut()) -> (f64, f64) {
    let mut rounds: Vec<Duration> = (0..options.rounds.max(1))
        .map(|_| {
            let start = Instant::now();
            (0..options.messages.max(1)).for_each(|_| once());
            start.elapsed() / options.messages.max(1)
        })
        .collect();
    rounds.sort_unstable();
    let [quickest, middle] = [rounds[0], rounds[rounds.len() / 2]];
    (quickest.as_secs_f64() * 1e6, middle.as_secs_f64() * 1e6)
}
