//! What keys mean, and what holds when they are left out.

use std::{fs, path::PathBuf, time::Duration};

use proptest::prelude::*;

use super::{ROW, scenario};
use crate::plan::{
    Scenario, ScenarioError, Share, Spacing, Volume,
    scenario::{Connections, Datapool, HttpSettings, Mode, OnEmpty, SandboxSettings},
    volume::Peak,
};

const FULL: &str = r#"
name = "wallets"
description = "holders present and revoke"
seed = 42
max_dropped = "0.5%"
grace = "1m"

[config]
issuer = "sandbox"
limits = { depth = 3 }

[datapool.holders]
source = "recorder-data/holders.msgpack"
mode = "once"
on_empty = "fail"

[datapool.people]
source = "datapools/people.csv"

[[create]]
journey = "provision-holder"
volume = "1000 trips by 8 users"
records = "holders"

[[load]]
journey = "present-and-revoke"
datapool = "holders"
volume = "ramp to 50/s over 30s, hold 50/s for 5m"
arrival = "poisson"
max_in_flight = 5000
max_backlog = "0s"
options = { presentations = [1, 10], think = "10s..60s" }

[http]
timeout = "5s"
connections = "own"
max_body = "1MiB"
ca = "ca.pem"

[sandbox]
delay = "20ms"
freeze = "3s..4s"
failure_rate = "2%"
loss = "0.1%"
close_sockets_after = "30s"
blind = true
registry_size = 5000

[thresholds]
"transaction{presentation}" = ["p(95)<500ms", "failed<1%"]
dropped_iterations = ["count==0"]
"#;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn every_key_is_read() {
    let scenario = scenario(FULL);
    assert_eq!((scenario.name.as_str(), scenario.seed), ("wallets", 42));
    assert_eq!(scenario.description.as_deref(), Some("holders present and revoke"));
    assert_eq!((scenario.max_dropped, scenario.grace), (0.005, seconds(60)));
    assert_eq!(scenario.config["limits"]["depth"].as_integer(), Some(3));
    let holders = Datapool {
        source: "recorder-data/holders.msgpack".into(),
        mode: Mode::Once,
        on_empty: OnEmpty::Fail,
    };
    assert_eq!(scenario.datapools["holders"], holders);
    let load = &scenario.load[0];
    assert_eq!(
        (load.journey.as_str(), load.datapool.as_deref()),
        ("present-and-revoke", Some("holders"))
    );
    assert_eq!((load.arrival, load.max_backlog), (Spacing::Poisson, Duration::ZERO));
    assert_eq!(load.max_in_flight.map(u32::from), Some(5_000));
    assert_eq!(load.options["presentations"].as_array().map(Vec::len), Some(2));
    assert_eq!(scenario.create[0].records.as_deref(), Some("holders"));
    assert_eq!(scenario.http.timeout, seconds(5));
    assert_eq!(scenario.http.connections, Connections::Own);
    assert_eq!((scenario.http.max_body, scenario.http.ca), (1 << 20, Some("ca.pem".into())));
    assert_eq!(scenario.sandbox.freeze, Some(seconds(3)..seconds(4)));
    assert_eq!((scenario.sandbox.delay, scenario.sandbox.failure_rate), (seconds(1) / 50, 0.02));
    let unreliable = (scenario.sandbox.loss, scenario.sandbox.close_sockets_after);
    assert_eq!(unreliable, (0.001, Some(seconds(30))));
    assert_eq!((scenario.sandbox.blind, scenario.sandbox.registry_size), (true, Some(5000)));
    let thresholds: Vec<String> = scenario.thresholds.iter().map(ToString::to_string).collect();
    assert_eq!(
        thresholds,
        [
            "dropped_iterations: count==0",
            "transaction{presentation}: p(95)<500ms",
            "transaction{presentation}: failed<1%",
        ]
    );
}

#[test]
fn what_is_left_out_has_a_default() {
    let scenario = scenario(ROW);
    assert_eq!((scenario.name.as_str(), scenario.seed), ("wallets", 0));
    assert_eq!((scenario.max_dropped, scenario.grace), (0.01, seconds(30)));
    let row = &scenario.load[0];
    assert_eq!((row.arrival, row.max_backlog), (Spacing::Even, seconds(30)));
    assert_eq!((row.max_in_flight, &row.records, row.options.len()), (None, &None, 0));
    let http = &scenario.http;
    assert_eq!(http, &HttpSettings::default());
    assert_eq!(
        (http.timeout, http.connect_timeout, http.redirects),
        (seconds(30), seconds(10), 10)
    );
    assert_eq!((http.insecure, http.max_body), (false, 16 << 20));
    assert_eq!(scenario.sandbox, SandboxSettings::default());
    assert_eq!(scenario.sandbox.directory, PathBuf::from("sandbox-data"));
}

#[test]
fn an_empty_datapool_is_waited_for_if_its_rows_come_back() {
    let on_empty = |mode| {
        let text = format!("[datapool.d]\nsource = \"d.csv\"\nmode = \"{mode}\"\n{ROW}");
        scenario(&text).datapools["d"].on_empty
    };
    assert_eq!(on_empty("recycle"), OnEmpty::Wait(seconds(5)));
    assert_eq!(on_empty("once"), OnEmpty::Stop);
}

#[test]
fn a_row_knows_what_it_comes_to() {
    let scenario = scenario(FULL);
    let (create, load) = (&scenario.create[0], &scenario.load[0]);
    assert_eq!((create.planned(), create.duration()), (Some(1_000), None));
    assert_eq!((create.peak(), create.by_second(0, Share::WHOLE).len()), (Peak::Users(8), 0));
    assert_eq!((load.planned(), load.duration()), (Some(15_750), Some(seconds(330))));
    assert_eq!(load.peak().to_string(), "50/s");
    let arrivals: u32 = load.by_second(scenario.row_seed(0), Share::WHOLE).iter().sum();
    assert_eq!(arrivals, 15_750);
}

#[test]
fn rows_throw_dice_of_their_own() {
    let scenario = scenario(FULL);
    assert_ne!(scenario.row_seed(0), scenario.row_seed(1));
}

#[test]
fn a_scenario_is_read_from_its_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sign-in.toml");
    fs::write(&path, ROW).unwrap();
    assert_eq!(Scenario::open(&path).unwrap().name, "sign-in");
    fs::write(&path, "#".repeat((1 << 20) + 1)).unwrap();
    assert!(matches!(Scenario::open(&path), Err(ScenarioError::TooLarge { .. })));
    fs::write(&path, [0xFF]).unwrap();
    assert!(matches!(Scenario::open(&path), Err(ScenarioError::Read { .. })));
    let nowhere = directory.path().join("nowhere.toml");
    assert!(matches!(Scenario::open(nowhere), Err(ScenarioError::Read { .. })));
}

#[test]
fn a_volume_is_told_by_its_kind() {
    let scenario = scenario(FULL);
    assert!(matches!(scenario.create[0].volume, Volume::Trips(_)));
    assert!(matches!(scenario.load[0].volume, Volume::Open(_)));
}

#[test]
fn tables_in_tables_without_end_are_refused() {
    for text in [
        format!("[config]\na = {}1{}\n{ROW}", "[".repeat(400_000), "]".repeat(400_000)),
        format!("[config]\n{}a = 1\n{ROW}", "a.".repeat(400_000)),
        format!("[config.{}a]\n{ROW}", "a.".repeat(400_000)),
    ] {
        assert!(Scenario::parse(&text, "deep.toml").is_err());
    }
}

proptest! {
    #[test]
    fn any_text_is_a_scenario_or_an_error(cut in 0..FULL.len(), length in 0..40_usize, junk in r#"[a-z0-9=\[\]{}" .%]{0,12}|.{0,8}"#) {
        let end = (cut + length).min(FULL.len());
        let text = format!("{}{junk}{}", &FULL[..cut], &FULL[end..]);
        if let Err(error) = Scenario::parse(&text, "scenarios/wallets.toml") {
            prop_assert!(error.to_string().starts_with("scenarios/wallets.toml:"));
        }
    }
}
