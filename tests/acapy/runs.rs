//! Wallets that the command provisions and runs on agents.

use std::{env, fs};

use engine::wallets::HolderRecord;
use rustix::process::Signal;
use serde_json::Value;

use crate::{
    command::{Engine, Finished, Place, Running, holders},
    program,
};

/// A directory to run scenarios in, whose `[config]` is the same.
pub(crate) struct Wallets {
    pub(crate) place: Place,
    config: String,
}

impl Wallets {
    /// Wallets of such a `[config]`.
    pub(crate) fn of(config: &str) -> Self {
        Self { place: Place::new(), config: format!("name = \"acapy\"\n[config]\n{config}\n") }
    }

    /// Provisions wallets without credentials.
    #[track_caller]
    pub(crate) fn make(&self, count: usize) -> Summary {
        let summary = self.create(count, 0).expect(0);
        assert_eq!(summary.ended(), (count, 0), "{:#}", summary.0);
        summary
    }

    /// Provisions wallets that have so many credentials.
    pub(crate) fn create(&self, count: usize, credentials: usize) -> Ran {
        let row = format!(
            "[[create]]\njourney = \"provision-holder\"\nrecords = \"holders\"\n\
             volume = \"{count} trips by 2 users\"\noptions = {{ credentials = {credentials} }}\n"
        );
        self.command("create-data", "provision-holder", &row)
    }

    /// Runs a journey with these options on the wallets there are.
    pub(crate) fn run(&self, journey: &str, volume: &str, options: &str) -> Ran {
        let row = on_wallets(journey, volume, options);
        self.command("scenario run", journey, &row)
    }

    /// Starts such a run that ends when it is interrupted.
    pub(crate) fn start(&self, journey: &str, volume: &str, options: &str) -> Online<'_> {
        let row = on_wallets(journey, volume, options);
        let running = self.engine("scenario run", journey, &row).start();
        Online { wallets: self, name: journey.to_owned(), running }
    }

    /// Runs a journey that needs no wallet.
    pub(crate) fn run_alone(&self, journey: &str, volume: &str) -> Ran {
        self.command("scenario run", journey, &alone(journey, volume))
    }

    /// Runs a journey of [`program`] that needs no wallet.
    pub(crate) fn run_ours_alone(&self, journey: &str, volume: &str) -> Ran {
        self.run_program(journey, &alone(journey, volume))
    }

    /// Runs a journey of [`program`] on the wallets there are.
    pub(crate) fn run_ours(&self, journey: &str, volume: &str) -> Ran {
        self.run_program(journey, &on_wallets(journey, volume, ""))
    }

    fn run_program(&self, journey: &str, row: &str) -> Ran {
        let arguments = self.written("scenario run", journey, row);
        let program = self.place.program(env::current_exe().unwrap(), &arguments);
        self.over(journey, program.env(program::VARIABLE, "1").run())
    }

    fn command(&self, verb: &str, name: &str, row: &str) -> Ran {
        self.over(name, self.engine(verb, name, row).run())
    }

    fn engine(&self, verb: &str, name: &str, row: &str) -> Engine {
        self.place.engine(&self.written(verb, name, row))
    }

    /// Writes a scenario, and gives the arguments that run it.
    fn written(&self, verb: &str, name: &str, row: &str) -> String {
        self.place.write(&format!("{name}.toml"), &format!("{}{row}", self.config));
        let _ = fs::remove_dir_all(self.place.path(name));
        let fresh = if verb == "create-data" { "--fresh" } else { "" };
        format!("{verb} {name}.toml {fresh} -o {name}")
    }

    fn over(&self, name: &str, finished: Finished) -> Ran {
        Ran { finished, summary: Summary::of(&self.place, name) }
    }

    /// The wallets as they are recorded.
    pub(crate) fn recorded(&self) -> Vec<HolderRecord> {
        holders(&self.place)
    }

    /// What the issuer calls its connections with the wallets.
    pub(crate) fn connection_ids(&self) -> Vec<String> {
        let connections = self.recorded().into_iter().flat_map(|it| it.connections);
        connections.map(|it| it.remote_id.unwrap()).collect()
    }
}

/// A row of a scenario that lends wallets to a journey.
fn on_wallets(journey: &str, volume: &str, options: &str) -> String {
    format!(
        "[datapool.holders]\nsource = \"recorder-data/holders.msgpack\"\n\
         [[load]]\njourney = \"{journey}\"\nvolume = \"{volume}\"\n\
         datapool = \"holders\"\noptions = {{ {options} }}\n"
    )
}

/// A row of a scenario.
fn alone(journey: &str, volume: &str) -> String {
    format!("[[load]]\njourney = \"{journey}\"\nvolume = \"{volume}\"\n")
}

/// A run under way.
pub(crate) struct Online<'a> {
    wallets: &'a Wallets,
    name: String,
    running: Running,
}

impl Online<'_> {
    /// Ends it as ctrl-c does.
    #[track_caller]
    pub(crate) fn interrupt(self) -> Summary {
        self.running.signal(Signal::INT);
        self.wallets.over(&self.name, self.running.wait()).expect(105)
    }
}

/// A command that is over, and what it reports.
pub(crate) struct Ran {
    finished: Finished,
    summary: Summary,
}

impl Ran {
    /// Holds the exit code against what it should be.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Summary {
        self.finished.exits(code);
        self.summary
    }

    /// All trips ended well, so many of them.
    #[track_caller]
    pub(crate) fn done(self, trips: usize) -> Summary {
        let summary = self.expect(0);
        assert_eq!(summary.ended(), (trips, 0), "{:#}", summary.0);
        summary
    }
}

/// `summary.json` of a run.
#[derive(Debug)]
pub(crate) struct Summary(pub(crate) Value);

impl Summary {
    /// That of a run directory; a run that did not start has none.
    pub(crate) fn of(place: &Place, run: &str) -> Self {
        let summary = fs::read(place.path(&format!("{run}/summary.json")));
        Self(summary.map_or(Value::Null, |it| serde_json::from_slice(&it).unwrap()))
    }

    /// Trips done, and failed.
    pub(crate) fn ended(&self) -> (usize, usize) {
        let achieved = &self.0["verdict"]["achieved"];
        (number(&achieved["done"]), number(&achieved["failed"]))
    }

    /// How often a transaction was made, and how often of them it failed.
    pub(crate) fn transaction(&self, name: &str) -> (usize, usize) {
        let all = self.0["transactions"].as_array().unwrap();
        let of_name = all.iter().find(|it| it["name"] == name);
        of_name.map_or((0, 0), |it| (number(&it["count"]), number(&it["failed"])))
    }

    /// Its failures, which are all of one kind.
    #[track_caller]
    pub(crate) fn failures(&self) -> &Value {
        let [failures] = &self.0["errors"].as_array().unwrap()[..] else {
            panic!("{:#}", self.0["errors"]);
        };
        failures
    }

    /// What the wallets could make nothing of.
    pub(crate) fn troubles(&self) -> Vec<String> {
        let metrics = self.0["metrics"].as_object().unwrap();
        metrics.keys().filter(|it| it.contains("{trouble: ")).cloned().collect()
    }
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap_or_default().try_into().unwrap()
}
