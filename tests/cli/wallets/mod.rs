//! Wallets are made once, and live again and again.

mod kills;
mod life;
mod privacy;

use std::{collections::BTreeSet, fs};

use engine::wallets::HolderRecord;

use crate::command::Place;

const HOLDERS: &str = "recorder-data/holders.msgpack";
const CONNECTIONS: &str = "recorder-data/connections.msgpack";

/// A directory with the scenarios `wallets.toml`, of 12 holders, and `mediator.toml`, both short.
fn place() -> Place {
    let place = Place::new();
    place.write("wallets.toml", include_str!("../../../journeys/scenarios/wallets.toml"));
    place.change("wallets.toml", "1000 trips by 50 users", "12 trips by 4 users");
    place.change("wallets.toml", "ramp to 50/s over 2s, hold 50/s for 8s", "12 trips at 20/s");
    place.change("wallets.toml", "\"100ms..500ms\"", "\"10ms\"");
    place.write("mediator.toml", include_str!("../../../journeys/scenarios/mediator.toml"));
    place.change("mediator.toml", "300 users for 10s", "4 trips by 4 users");
    place.change(
        "mediator.toml",
        "stay = \"5s\", heartbeat = \"2s\"",
        "stay = \"300ms\", heartbeat = \"100ms\"",
    );
    place.change("mediator.toml", "hold 10/s for 10s", "4 trips at 10/s");
    place.change("mediator.toml", "hold 1/s for 10s", "2 trips at 10/s");
    place.change("mediator.toml", "\"100ms..500ms\"", "\"10ms\"");
    place.change("mediator.toml", "away = \"1s\"", "away = \"50ms\"");
    place
}

/// One in which the 12 holders have been made.
fn place_with_holders() -> Place {
    let place = place();
    place.engine("create-data wallets.toml --fresh").run().exits(0);
    place
}

/// All recorded holders; of rows with the same id the last one counts.
fn holders(place: &Place) -> Vec<HolderRecord> {
    let rows = fs::read(place.path(HOLDERS)).unwrap();
    let mut rest = &rows[..];
    let mut holders: Vec<HolderRecord> = Vec::new();
    while !rest.is_empty() {
        let row: HolderRecord = rmp_serde::from_read(&mut rest).unwrap();
        holders.retain(|it| it.id != row.id);
        holders.push(row);
    }
    holders
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
