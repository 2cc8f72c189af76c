//! Arguments in, exit code out.

mod akrida;
mod args;
mod audience;
mod check;
mod create;
mod datapool;
mod demo;
mod error;
mod journey;
mod launch;
mod log;
mod replay;
mod run_dir;
mod sandbox;
mod say;
mod scenario;
mod targets;
mod trace;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use self::{
    args::{Arguments, Command},
    error::CliError,
};
use crate::journey::Journeys;

/// Runs the command line with these journeys; the whole of a program's `main`.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "reads better in a main, and ends with it")]
pub fn main(journeys: Journeys) -> ExitCode {
    let Arguments { tone, command } = Arguments::parse();
    let tone = if matches!(command, Command::AkridaAgent(_)) { akrida::tone(&tone) } else { tone };
    log::start(&tone);
    let code = match command {
        Command::CreateData(order) => create::run(&order, &tone, &journeys),
        Command::Scenario(order) => scenario::run(&order, &tone, &journeys),
        Command::Journey(order) => journey::run(&order, &journeys),
        Command::Datapool(order) => datapool::run(&order),
        Command::Report(order) => replay::run(&order),
        Command::Sandbox(order) => sandbox::run(&order, &tone),
        Command::AkridaAgent(order) => akrida::run(&order),
        Command::Demo(order) => demo::run(&order, &tone, &journeys),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "engine", &mut script);
            say::result(String::from_utf8_lossy(&script)).map(|()| 0)
        }
    };
    code.unwrap_or_else(|error| {
        let (label, reset) = (error::STYLE.render(), error::STYLE.render_reset());
        say::remark(format_args!("{label}error{reset}: {}", error.with_sources()));
        error.exit_code()
    })
    .into()
}

/// The exit code of a command that did what it should, or what kept it from that.
type Code = Result<u8, CliError>;
