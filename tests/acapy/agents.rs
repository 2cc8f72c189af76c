//! Agents that trials start, and that end with the trials, however those end.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Mutex, OnceLock},
    thread,
};

use serde::Deserialize;

use crate::admin::Admin;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/acapy/acapy");

/// A release of ACA-Py.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V0_12_8,
    V1_7_0,
}

impl Version {
    pub(crate) const ALL: [Self; 2] = [Self::V0_12_8, Self::V1_7_0];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V0_12_8 => "0.12.8",
            Self::V1_7_0 => "1.7.0",
        }
    }

    /// Its name where only letters, digits and underscores go.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::V0_12_8 => "acapy_0_12_8",
            Self::V1_7_0 => "acapy_1_7_0",
        }
    }

    pub(crate) fn is_installed(self) -> bool {
        static INSTALLED: OnceLock<String> = OnceLock::new();
        let installed = INSTALLED.get_or_init(|| {
            let output = Command::new(SCRIPT).arg("installed").output();
            output.map_or_else(|_| String::new(), |it| String::from_utf8(it.stdout).unwrap())
        });
        installed.lines().any(|line| line == self.name())
    }
}

/// An agent to be started: it accepts requests, notifies of revocations, and answers nothing else
/// by itself.
pub(crate) struct Order {
    name: String,
    script: Command,
    arguments: Vec<String>,
}

impl Order {
    pub(crate) fn new(version: Version, name: &str) -> Self {
        let name = format!("{name}-{}", version.name().replace('.', "-"));
        let mut script = Command::new(SCRIPT);
        script.args(["start", version.name(), &name, "--hold"]);
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { name, script, arguments: Vec::new() }
    }

    /// With an option of `tests/acapy/acapy start`, such as `--mediator` or `--wallet-type=askar`.
    pub(crate) fn option(mut self, option: &str) -> Self {
        self.script.arg(option);
        self
    }

    /// With arguments of `aca-py start`, none of which has spaces in it.
    pub(crate) fn arguments(mut self, arguments: &str) -> Self {
        self.arguments.extend(arguments.split_whitespace().map(str::to_owned));
        self
    }

    /// With a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.script.env(name, value);
        self
    }

    /// Starts it and waits until it is ready, for as long as the script does.
    pub(crate) fn start(mut self) -> Result<Agent, String> {
        let mut child = self.script.arg("--").args(self.arguments).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Ok(started) = serde_json::from_str::<Started>(&line) else {
            let mut why = String::new();
            child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            child.wait().unwrap();
            return Err(format!("{}: {why}", self.name));
        };
        let admin = Admin::new(&started.admin, &started.api_key);
        HELD.lock().unwrap().push(Held { child, home: started.home });
        Ok(Agent { admin })
    }
}

/// Starts agents side by side.
pub(crate) fn start_all<const N: usize>(orders: [Order; N]) -> Result<[Agent; N], String> {
    let starting = orders.map(|order| thread::spawn(|| order.start()));
    let started: Result<Vec<_>, _> = starting.into_iter().map(|it| it.join().unwrap()).collect();
    Ok(started?.try_into().ok().expect("as many as were ordered"))
}

/// An agent that runs until [`stop_all`].
pub(crate) struct Agent {
    pub(crate) admin: Admin,
}

/// What `tests/acapy/acapy start` says.
#[derive(Deserialize)]
struct Started {
    admin: String,
    api_key: String,
    home: PathBuf,
}

/// Those that run. They end when their standard input does, so also when this process is killed.
static HELD: Mutex<Vec<Held>> = Mutex::new(Vec::new());

struct Held {
    child: Child,
    home: PathBuf,
}

/// What becomes of the folders of agents that are stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folders {
    Remove,
    /// Their logs may tell why something failed.
    Keep,
}

/// Stops all agents side by side.
pub(crate) fn stop_all(folders: Folders) {
    let mut held = std::mem::take(&mut *HELD.lock().unwrap());
    for agent in &mut held {
        drop(agent.child.stdin.take());
    }
    for Held { mut child, home } in held {
        // The script kills what does not end.
        child.wait().unwrap();
        match folders {
            Folders::Remove => fs::remove_dir_all(home).unwrap(),
            Folders::Keep => crate::say(&format!("see {}", home.join("log.txt").display())),
        }
    }
}
