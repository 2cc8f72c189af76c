//! What systems say of exchanges stands beside what holders saw.

use serde_json::{Value, json};

use super::place;
use crate::command::Place;

/// How each side counts the exchanges of a protocol: started, finished, failed and pending.
fn sides(place: &Place, run: &str, protocol: &str) -> Vec<(String, [u64; 4])> {
    let summary: Value = serde_json::from_str(&place.read(&format!("{run}/summary.json"))).unwrap();
    assert_eq!(summary["unheard"], json!([]));
    let sides = summary["exchanges"].as_array().unwrap().iter();
    let figures = |it: &Value| {
        let names = ["started", "finished", "failed", "pending"];
        (it["party"].as_str().unwrap().to_owned(), names.map(|name| it[name].as_u64().unwrap()))
    };
    sides.filter(|it| it["protocol"] == protocol).map(figures).collect()
}

fn both(count: u64) -> Vec<(String, [u64; 4])> {
    ["holders", "issuer"].map(|it| (it.to_owned(), [count, count, 0, 0])).into()
}

#[test]
fn what_holders_and_the_issuer_saw_is_the_same_where_nothing_is_lost() {
    let place = place();
    place.change("messages.toml", "credentials = 0", "credentials = 1");
    let config = place.read("messages.toml");
    let issuer = "issuer   = { url = \"sandbox\", events = \"websocket\" }\nledger = \"sandbox\"\n";
    let credential = "credential = { attributes = { name = \"{label}\", given_names = \"Ada\", \
                      birthdate_dateint = 19400101, score = 50, occupation = \"nurse\", \
                      expiry = 20301231 } }\n";
    let line = config.lines().find(|it| it.starts_with("issuer ")).unwrap();
    place.change("messages.toml", line, &format!("{issuer}{credential}"));
    let made = place.engine("create-data messages.toml --fresh -o made").run().exits(0);
    assert!(made.stdout.contains("█ EXCHANGES"), "{}", made.stdout);
    assert_eq!(sides(&place, "made", "connections"), both(12));
    assert_eq!(sides(&place, "made", "issue-credential"), both(12));
    assert!(made.stdout.contains("request-received → credential-issued"), "{}", made.stdout);
}

#[test]
fn a_system_that_cannot_be_heard_fails_each_trip_and_says_why() {
    let place = place();
    let events = "create-data messages.toml --fresh -o made -e issuer.events=websocket";
    place.change(
        "messages.toml",
        "issuer   = \"sandbox\"",
        "issuer   = { url = \"http://127.0.0.1:1\" }",
    );
    let failed = place.engine(events).run().exits(114);
    assert!(failed.stdout.contains("12 × events in journey provision-holder"), "{}", failed.stdout);
    assert!(failed.stdout.contains("no events at ws://127.0.0.1:1/ws"), "{}", failed.stdout);
    let check = "create-data messages.toml -e issuer.events=webhooks";
    let refused = place.engine(check).run().exits(104);
    assert!(refused.stderr.contains("write it like webhooks = { listen ="), "{}", refused.stderr);
}
