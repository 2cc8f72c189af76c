//! Wallets are made once, and live again and again.

mod attribution;
mod credentials;
mod kills;
mod life;
mod privacy;
mod standing;

use std::collections::BTreeSet;

use crate::command::{Place, holders};

const HOLDERS: &str = "recorder-data/holders.msgpack";
const CONNECTIONS: &str = "recorder-data/connections.msgpack";

/// A directory with the scenarios `messages.toml`, of 12 holders, and `mediator.toml`, both short.
fn place() -> Place {
    let place = Place::new();
    let wallets = include_str!("../../../journeys/scenarios/messages.toml");
    let volumes = ["12 trips by 4 users", "12 trips at 20/s", "12 trips at 20/s"];
    place.write("messages.toml", &with_volumes(wallets, &volumes));
    place.change("messages.toml", "\"100ms..500ms\"", "\"10ms\"");
    let mediator = include_str!("../../../journeys/scenarios/mediator.toml");
    let open = "4 trips at 10/s";
    let volumes = ["4 trips by 4 users", open, open, open, "2 trips at 10/s"];
    place.write("mediator.toml", &with_volumes(mediator, &volumes));
    place.change("mediator.toml", "\"100ms..500ms\"", "\"10ms\"");
    place.change("mediator.toml", "stay = \"5s\"", "stay = \"300ms\"");
    place.change("mediator.toml", "heartbeat = \"2s\"", "heartbeat = \"100ms\"");
    place.change("mediator.toml", "away = \"1s\"", "away = \"50ms\"");
    place
}

/// A scenario whose rows, in their order, have these volumes, and that promises nothing about times.
fn with_volumes(scenario: &str, volumes: &[&str]) -> String {
    let mut left = volumes.iter();
    let lines = scenario.lines().map(|line| match line.strip_prefix("volume ") {
        Some(_) => format!("volume = \"{}\"\n", left.next().unwrap()),
        None => format!("{}\n", untimed(line)),
    });
    let scenario = lines.collect();
    assert_eq!(left.len(), 0, "the scenario has fewer rows");
    scenario
}

/// A line of a scenario without what depends on how busy the machine is.
fn untimed(line: &str) -> String {
    let timed = line.split_once("[\"p(95)<").and_then(|(before, promises)| {
        let (_, others) = promises.split_once("\", ")?;
        Some(format!("{before}[{others}"))
    });
    timed.unwrap_or_else(|| line.to_owned())
}

/// One in which the 12 holders have been made.
fn place_with_holders() -> Place {
    let place = place();
    place.engine("create-data messages.toml --fresh").run().exits(0);
    place
}

/// The names of all transactions of a run.
fn transactions(place: &Place, run: &str) -> BTreeSet<String> {
    let summary: serde_json::Value =
        serde_json::from_str(&place.read(&format!("{run}/summary.json"))).unwrap();
    let metrics = summary["metrics"].as_object().unwrap();
    let name = |metric: &String| {
        let name = metric.strip_prefix("transaction{")?.strip_suffix('}')?;
        Some(name.to_owned())
    };
    metrics.keys().filter_map(name).collect()
}
