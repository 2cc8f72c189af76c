//! What the wallets do with real ACA-Py agents, which `tests/acapy/acapy` installs and starts.
#![expect(clippy::unwrap_used, reason = "a panic is how a trial fails")]

mod admin;
mod agents;
mod before;
#[path = "../command/mod.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod command;
mod conversations;
mod credentials;
mod fleet;
mod handshakes;
mod holder;
mod invitations;
mod journeys;
mod mediators;
mod presentations;
mod problems;
mod program;
mod runs;
mod trials;
mod webhooks;
mod world;

use std::{
    env,
    io::{Write, stderr},
    process::ExitCode,
};

use libtest_mimic::Arguments;

use self::agents::{Folders, Version, stop_all};

fn main() -> ExitCode {
    if program::is_asked_for() {
        return program::main();
    }
    let mut arguments = Arguments::from_args();
    let threads = env::var("RUST_TEST_THREADS").ok().and_then(|it| it.parse().ok());
    arguments.test_threads = arguments.test_threads.or(threads);
    if Version::ALL.into_iter().any(|version| !version.is_installed()) {
        say(
            "ACA-Py is not installed: `tests/acapy/acapy install && cargo test` runs what is ignored",
        );
    }
    let conclusion = libtest_mimic::run(&arguments, trials::all());
    stop_all(if conclusion.has_failed() { Folders::Keep } else { Folders::Remove });
    conclusion.exit_code()
}

/// Tells whoever runs the trials.
fn say(line: &str) {
    // Who does not listen misses nothing but this.
    let _ = writeln!(stderr(), "{line}");
}
