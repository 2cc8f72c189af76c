//! `engine akrida-agent`: a holder behind lines of JSON, alone or with many others in one process.

use std::{env, future::Future, num::NonZeroUsize, path::PathBuf, sync::Arc, thread};

use clap::Args;
use tokio::runtime::{Builder, Runtime};

use super::{Code, args::Tone, error::CliError, sandbox::until_signal, say};
use crate::akrida::{self, AkridaError, House, LEDGER, Variables};

/// Where an agent lives, and where it reads what issuers have published.
#[derive(Debug, Args)]
pub(super) struct Order {
    /// Where published documents are read: a URL, or a table as [config] has it
    #[arg(long, value_name = "LEDGER", env = LEDGER, hide_env_values = true)]
    ledger: Option<String>,
    /// Let many agents live in this process, behind a socket that only you may write to
    #[arg(long, value_name = "PATH", conflicts_with = "via")]
    serve: Option<PathBuf>,
    /// Have the agent live in the process that serves this socket
    #[arg(long, value_name = "PATH")]
    via: Option<PathBuf>,
}

pub(super) fn run(order: &Order) -> Code {
    let variables = Variables::of_process().with_ledger(order.ledger.clone());
    match (&order.serve, &order.via) {
        (Some(path), _) => {
            let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
            let house = Arc::new(House::new(cores)?);
            let runtime = Builder::new_multi_thread().enable_all().build();
            until_told(&runtime.map_err(CliError::Runtime)?, async {
                Ok(akrida::serve(path, house, variables).await?)
            })
        }
        (None, Some(path)) => Ok(akrida::relay(path, &variables).map(|()| 0)?),
        (None, None) => {
            // One agent does one thing at a time.
            let house = Arc::new(House::new(NonZeroUsize::MIN)?);
            let runtime = Builder::new_current_thread().enable_all().build();
            let runtime = runtime.map_err(CliError::Runtime)?;
            let code = until_told(&runtime, async {
                let (from, to) = (tokio::io::stdin(), tokio::io::stdout());
                let talked = akrida::session(house, variables, from, to).await;
                Ok(say::unless_closed(talked).map_err(AkridaError::Talk)?)
            });
            // Its thread that reads standard input cannot be woken.
            runtime.shutdown_background();
            code
        }
    }
}

fn until_told(runtime: &Runtime, doing: impl Future<Output = Result<(), CliError>>) -> Code {
    runtime.block_on(async {
        tokio::select! {
            ended = doing => ended?,
            told = until_signal() => told.map_err(CliError::Runtime)?,
        }
        Ok(0)
    })
}

/// What is said on standard error, as Akrida asks for it: levels from 0 for everything to 7 for nothing.
pub(super) fn tone(tone: &Tone) -> Tone {
    tone_of(tone, env::var("AGENT_LOGGING_LEVEL").ok().as_deref())
}

fn tone_of(tone: &Tone, level: Option<&str>) -> Tone {
    let mut tone = tone.clone();
    let asked = tone.quiet || tone.verbose > 0;
    match level.and_then(|level| level.trim().parse::<u8>().ok()) {
        Some(level) if !asked && level <= 4 => tone.verbose = 4 - level.max(1),
        Some(_) if !asked => tone.quiet = true,
        _ => {}
    }
    tone
}

#[cfg(test)]
mod tests {
    use super::{super::args::LogFormat, *};

    fn said(quiet: bool, verbose: u8, level: Option<&str>) -> (bool, u8) {
        let asked = Tone { quiet, verbose, log_format: LogFormat::Text };
        let Tone { quiet, verbose, .. } = tone_of(&asked, level);
        (quiet, verbose)
    }

    #[test]
    fn akridas_levels_are_as_loud_as_there() {
        let levels = ["0", "1", "2", "3", "4", "5", "6", "7"];
        let loud = [(false, 3), (false, 3), (false, 2), (false, 1), (false, 0)];
        let mut expected = loud.to_vec();
        expected.extend([(true, 0); 3]);
        assert_eq!(levels.map(|it| said(false, 0, Some(it))).to_vec(), expected);
        assert_eq!(said(false, 0, None), (false, 0));
        assert_eq!(said(false, 0, Some("loud")), (false, 0));
    }

    #[test]
    fn what_is_typed_goes_before_akridas_level() {
        assert_eq!(said(false, 1, Some("7")), (false, 1));
        assert_eq!(said(true, 0, Some("1")), (true, 0));
    }
}
