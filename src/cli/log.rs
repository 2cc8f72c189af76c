//! The engine's own log lines, on stderr: what the engine does, not what a run means.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Registry, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use super::args::{LogFormat, Tone};

/// The library of credentials.
const CRYPTOGRAPHY: &str = "anoncreds_clsignatures";

/// Starts logging, and keeps panics of journeys out of the terminal: they are failures that
/// the report counts.
pub(super) fn start(tone: &Tone) {
    let level = match (tone.quiet, tone.verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, 2) => LevelFilter::DEBUG,
        (false, _) => LevelFilter::TRACE,
    };
    // At its finest it writes link secrets and signatures.
    let wanted = Targets::new().with_default(level).with_target(CRYPTOGRAPHY, LevelFilter::OFF);
    let wanted = Registry::default().with(wanted);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let started = match tone.log_format {
        LogFormat::Text => {
            let colour = anstream::AutoStream::choice(&std::io::stderr());
            wanted.with(lines.with_ansi(colour != anstream::ColorChoice::Never)).try_init()
        }
        LogFormat::Json => wanted.with(lines.json()).try_init(),
    };
    // A program that has its own log keeps it.
    drop(started);
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if crate::run::in_trip() {
            tracing::debug!("a journey panicked: {panic}");
        } else {
            default(panic);
        }
    }));
}
