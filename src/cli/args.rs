//! What can be typed.

use std::{num::NonZeroU32, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum, builder::styling};

use super::{akrida, sandbox, scenario::key_value};
use crate::{
    plan::{Share, Volume},
    quantity::{Rate, Span},
};

const STYLES: styling::Styles = styling::Styles::styled()
    .header(styling::AnsiColor::Green.on_default().bold())
    .usage(styling::AnsiColor::Green.on_default().bold())
    .literal(styling::AnsiColor::Cyan.on_default())
    .placeholder(styling::AnsiColor::Cyan.on_default());

/// Where rows are recorded if nobody says otherwise.
pub(super) const DEFAULT_RECORDER_DIR: &str = "recorder-data";

/// Load tests for systems whose users carry state: provision them once, run them at an exact rate.
#[derive(Debug, Parser)]
#[command(name = "engine", version, styles = STYLES, max_term_width = 100, after_help = "\
Examples:
  engine demo                                         both phases on the embedded sandbox
  engine create-data journeys/scenarios/users.toml    provision users, record them
  engine scenario run journeys/scenarios/users.toml   make the recorded users work
  engine report runs/2026-11-21T10-00-00Z-users       the report of an earlier run, once more

Exit codes: 0 passed · 1 failed to run · 2 usage · 99 thresholds failed · 104 invalid scenario ·
105 ended by a signal · 107 a single trip failed · 111 datapool exhausted · 112 load not achieved ·
114 create-data incomplete")]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) tone: Tone,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// How much is said, and how.
#[derive(Debug, Clone, Args)]
pub(super) struct Tone {
    /// Say nothing but the summary
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Say more about the engine's own doings; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
    /// How the engine's own log lines on stderr look
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "text",
        env = "ENGINE_LOG_FORMAT"
    )]
    pub(super) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Provision users: run the [[create]] rows of a scenario and record what they make
    #[command(after_help = "\
Examples:
  engine create-data journeys/scenarios/users.toml
  engine create-data journeys/scenarios/users.toml --top-up   make only what is missing
  engine create-data users.toml -e app_url=http://127.0.0.1:8080 --volume '5000 trips by 16 users'")]
    CreateData(CreateData),
    /// Run, check or list scenarios
    #[command(subcommand)]
    Scenario(Scenario),
    /// List journeys, or run one of them once
    #[command(subcommand)]
    Journey(Journey),
    /// Look into datapools, convert and compact them
    #[command(subcommand)]
    Datapool(Datapool),
    /// Make the report of an earlier run again, also of one that was killed
    Report(Report),
    /// Serve the embedded target alone
    Sandbox(sandbox::Order),
    /// Be Akrida's load agent: a holder behind lines of JSON on standard input and output
    #[command(after_help = "\
In Akrida's load-agent/locustClient.py, instead of [\"node\", …]:
  [\"engine\", \"akrida-agent\"]

Many agents in one process:
  mkdir -m 700 agents && engine akrida-agent --serve agents/socket
  [\"engine\", \"akrida-agent\", \"--via\", \"agents/socket\"]")]
    AkridaAgent(akrida::Order),
    /// Run both phases against the embedded target; --volume, --rate and --duration are of the second
    Demo(Run),
    /// Print shell completions
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateData {
    /// The scenario file
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) keep: Keep,
    #[command(flatten)]
    pub(super) run: Run,
}

/// What becomes of rows that earlier runs recorded.
#[derive(Debug, Clone, Copy, Args)]
#[group(multiple = false)]
pub(super) struct Keep {
    /// Add to the rows recorded earlier
    #[arg(long)]
    pub(super) append: bool,
    /// Replace the rows recorded earlier
    #[arg(long)]
    pub(super) fresh: bool,
    /// Keep the rows recorded earlier and make only what is missing
    #[arg(long)]
    pub(super) top_up: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Scenario {
    /// Make recorded users work: run the [[load]] rows of a scenario
    #[command(after_help = "\
Examples:
  engine scenario run journeys/scenarios/users.toml
  engine scenario run journeys/scenarios/get.toml -e url=http://127.0.0.1:8080/ --rate 1000/s
  engine scenario run users.toml --volume 'ramp to 200/s over 1m, hold 200/s for 10m' -o results")]
    Run(ScenarioRun),
    /// Read a scenario, find its journeys, type its datapools, print the plan; send nothing
    Check(ScenarioCheck),
    /// List the scenario files in a directory
    List {
        /// Where to look
        #[arg(default_value = "journeys/scenarios")]
        directory: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct ScenarioRun {
    /// The scenario file
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) run: Run,
}

#[derive(Debug, Args)]
pub(super) struct ScenarioCheck {
    /// The scenario file
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) changes: Changes,
    /// Where recorded rows are
    #[arg(long, value_name = "DIR", default_value = DEFAULT_RECORDER_DIR, env = "ENGINE_RECORDER_DIR")]
    pub(super) recorder_dir: PathBuf,
}

/// What may differ from the scenario file.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Changes {
    #[expect(clippy::doc_markdown, reason = "backticks would show in the help")]
    /// Set a key of [config]; may be repeated. ENGINE_CONF_KEY in the environment does the same
    #[arg(short = 'e', long = "env", value_name = "KEY=VALUE", value_parser = key_value)]
    pub(super) config: Vec<(String, String)>,
    /// Seed of all dice and of Poisson arrivals
    #[arg(long, env = "ENGINE_SEED")]
    pub(super) seed: Option<u64>,
    /// Hold this rate of arrivals instead of each row's volume, such as 100/s
    #[arg(long, env = "ENGINE_RATE", conflicts_with = "volume")]
    pub(super) rate: Option<Rate>,
    /// Hold for this long instead of each row's volume, such as 5m
    #[arg(long, env = "ENGINE_DURATION", conflicts_with = "volume")]
    pub(super) duration: Option<Span>,
    /// The volume of each row, such as 'ramp to 50/s over 30s, hold 50/s for 5m'
    #[arg(long, env = "ENGINE_VOLUME")]
    pub(super) volume: Option<Volume>,
    /// Trips of a row that may be under way at a time
    #[arg(long, value_name = "N", env = "ENGINE_MAX_IN_FLIGHT")]
    pub(super) max_in_flight: Option<NonZeroU32>,
    /// Do only the part i of n of the plan, such as 0/4
    #[arg(long, value_name = "I/N", env = "ENGINE_SHARE")]
    pub(super) share: Option<Share>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Run {
    #[command(flatten)]
    pub(super) changes: Changes,
    /// The directory of this run [default: runs/<time>-<scenario>]
    #[arg(short, long, value_name = "DIR", env = "ENGINE_OUTPUT")]
    pub(super) output: Option<PathBuf>,
    /// Where rows are recorded
    #[arg(long, value_name = "DIR", default_value = DEFAULT_RECORDER_DIR, env = "ENGINE_RECORDER_DIR")]
    pub(super) recorder_dir: PathBuf,
    /// Keep no log of every message: `engine report` cannot repeat this run's report
    #[arg(long)]
    pub(super) no_messages: bool,
    /// Do not hold the run against the scenario's thresholds
    #[arg(long)]
    pub(super) no_thresholds: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Journey {
    /// List the journeys this program has
    List,
    /// Run one trip and print everything that happens in it
    #[command(after_help = "\
Examples:
  engine journey run sign-up -e app_url=sandbox
  engine journey run sign-in -e app_url=http://127.0.0.1:8080 --datapool recorder-data/users.msgpack")]
    Run(JourneyRun),
}

#[derive(Debug, Args)]
pub(super) struct JourneyRun {
    /// Its name
    pub(super) name: String,
    /// A scenario file to take [config], [http], [sandbox] and the journey's options from
    #[arg(long, value_name = "FILE")]
    pub(super) scenario: Option<PathBuf>,
    /// The datapool to take a row from
    #[arg(long, value_name = "FILE")]
    pub(super) datapool: Option<PathBuf>,
    /// Set a key of [config]; may be repeated
    #[arg(short = 'e', long = "env", value_name = "KEY=VALUE", value_parser = key_value)]
    pub(super) config: Vec<(String, String)>,
    /// Seed of all dice
    #[arg(long, env = "ENGINE_SEED")]
    pub(super) seed: Option<u64>,
    /// Where rows are recorded
    #[arg(long, value_name = "DIR", default_value = DEFAULT_RECORDER_DIR, env = "ENGINE_RECORDER_DIR")]
    pub(super) recorder_dir: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(super) enum Datapool {
    /// Say what a datapool holds
    Show {
        /// A .msgpack or .csv file
        file: PathBuf,
    },
    /// Print the rows of a datapool as JSON, one a line, secrets and all
    Cat {
        /// A .msgpack or .csv file
        file: PathBuf,
    },
    /// Make a datapool of JSON lines: the inverse of cat
    #[command(after_help = "\
Example:
  engine datapool cat recorder-data/users.msgpack | head -100 | engine datapool uncat few.msgpack")]
    Uncat {
        /// The .msgpack file to write; it must not be there yet
        file: PathBuf,
        /// The JSON lines to read [default: standard input]
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// Rewrite a recorded datapool without superseded rows
    Compact {
        /// A .msgpack file
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct Report {
    /// The directory of a run
    pub(super) directory: PathBuf,
    /// Print summary.json instead of the summary
    #[arg(long)]
    pub(super) json: bool,
}
