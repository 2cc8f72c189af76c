//! `engine sandbox`: the embedded target alone, until a signal.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::{Code, args::Tone, error::CliError, say};
use crate::{
    plan::scenario::Window,
    quantity::{Percent, Span},
    sandbox::{Admin, Sandbox, Settings, Store, Switches},
};

/// What the embedded target is to be, when it stands alone.
#[derive(Debug, Args)]
pub(super) struct Order {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where its state lives; in memory if not given
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Delay of every answer
    #[arg(long, default_value = "0s")]
    delay: Span,
    /// Answer nothing within this time, counted from the first request, such as 3s..4s
    #[arg(long, value_name = "FROM..TO")]
    freeze: Option<Window>,
    /// Share of requests answered with 503, such as 1%
    #[arg(long, default_value = "0%")]
    failure_rate: Percent,
    /// Share of DIDComm messages that are taken and lost, such as 1%
    #[arg(long, default_value = "0%")]
    loss: Percent,
    /// Close each WebSocket so long after it opened, such as 30s
    #[arg(long, value_name = "DURATION")]
    close_sockets_after: Option<Span>,
    /// Take every presentation for true, and compute nothing
    #[arg(long)]
    blind: bool,
    /// How many credentials a revocation registry is for
    #[arg(long, value_name = "N", default_value_t = Settings::REGISTRY_SIZE,
        value_parser = clap::value_parser!(u32).range(2..=32_768))]
    registry_size: u32,
    /// Let others publish in the registry too, such as an ACA-Py under test
    #[arg(long)]
    open_registry: bool,
}

pub(super) fn run(order: &Order, tone: &Tone) -> Code {
    let sandbox = Sandbox::start(Settings {
        listen: order.listen,
        store: order.directory.clone().map_or(Store::Memory, Store::Directory),
        admin: Admin::default(),
        switches: Switches {
            delay: order.delay.into(),
            freeze: order.freeze.clone().map(|window| window.0),
            failure_rate: order.failure_rate.into(),
            loss: order.loss.into(),
            close_sockets_after: order.close_sockets_after.map(Into::into),
            blind: order.blind,
        },
        registry_size: order.registry_size,
        open_registry: order.open_registry,
    })?;
    say::result(format_args!("{}\n", sandbox.url()))?;
    if !tone.quiet {
        if order.blind {
            say::remark("the verifier is blind: it takes every presentation for true");
        }
        say::remark("as a scenario's [config] says it:");
        for key in ["mediator", "issuer", "verifier", "ledger", "app_url"] {
            say::remark(format_args!("  -e {key}={}", sandbox.target(key)));
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    runtime.block_on(until_signal()).map_err(CliError::Runtime)?;
    sandbox.stop()?;
    Ok(0)
}

pub(super) async fn until_signal() -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
