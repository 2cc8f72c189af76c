//! `engine sandbox`: the embedded target alone, until a signal.

use tokio::signal::unix::{SignalKind, signal};

use super::{Code, args, error::CliError, say};
use crate::sandbox::{Sandbox, Settings, Store, Switches};

pub(super) fn run(order: &args::Sandbox) -> Code {
    let sandbox = Sandbox::start(Settings {
        listen: order.listen,
        store: order.directory.clone().map_or(Store::Memory, Store::Directory),
        switches: Switches {
            delay: order.delay.into(),
            freeze: order.freeze.clone().map(|window| window.0),
            failure_rate: order.failure_rate.into(),
            ..Switches::default()
        },
    })?;
    say::result(format_args!("{}\n", sandbox.url()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    runtime.block_on(until_signal()).map_err(CliError::Runtime)?;
    sandbox.stop()?;
    Ok(0)
}

async fn until_signal() -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
