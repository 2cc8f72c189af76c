//! A mediator is known by its public DID alone, or there is none.

use engine::datapool::inspect;
use serde_json::Value;

use crate::command::Place;

/// All that holders do; what `[config]` says stands before it.
const JOURNEYS: &str = r#"
[datapool.holders]
source = "recorder-data/holders.msgpack"
mode   = "recycle"

[[create]]
journey = "provision-holder"
records = "holders"
volume  = "3 trips by 1 users"
options = { connections = 2, credentials = 0 }

[[load]]
journey  = "receive-message"
datapool = "holders"
volume   = "3 trips at 50/s"

[[load]]
journey  = "ping-mediator"
datapool = "holders"
volume   = "3 trips at 50/s"
"#;

fn place(config: &str) -> Place {
    let place = Place::new();
    place.write("it.toml", &format!("name = \"it\"\n\n[config]\n{config}{JOURNEYS}"));
    place
}

/// Rows of a recorded pool.
fn rows(place: &Place, pool: &str) -> Vec<Value> {
    let mut lines = Vec::new();
    inspect::cat(&place.path(&format!("recorder-data/{pool}.msgpack")), &mut lines).unwrap();
    let rows = serde_json::Deserializer::from_slice(&lines).into_iter();
    rows.collect::<Result<_, _>>().unwrap()
}

fn create(place: &Place) {
    place.engine("create-data it.toml").run().exits(0);
}

/// How many trips of a run there were, and which of its journeys failed of what.
fn run(place: &Place) -> (Value, Vec<(String, String)>) {
    place.engine("scenario run it.toml -o results").run().exits(0);
    let summary: Value = serde_json::from_str(&place.read("results/summary.json")).unwrap();
    let text = |error: &Value, field| error[field].as_str().unwrap().to_owned();
    let errors = summary["errors"].as_array().unwrap();
    let kinds = errors.iter().map(|it| (text(it, "journey"), text(it, "kind"))).collect();
    (summary["verdict"]["achieved"]["done"].clone(), kinds)
}

/// Holders are with this mediator, and have one connection with an issuer that invited them twice.
fn are_connected(place: &Place, mediator: &str) {
    let holders = rows(place, "holders");
    assert_eq!((holders.len(), rows(place, "connections").len()), (3, 3));
    for holder in holders {
        assert_eq!(holder["made_with"]["mediator"], mediator);
        assert_eq!(holder["mediator"]["connection"]["invited_by"], mediator);
        assert!(holder["mediator"]["socket"].as_str().unwrap().starts_with("ws://"));
    }
}

#[test]
fn a_mediator_is_met_by_its_public_did() {
    let server = Place::new();
    let mut target = server.engine("sandbox --listen 127.0.0.1:0 --directory kept").start();
    target.until(|target| target.stdout().ends_with('\n'));
    let url = target.stdout().trim_end().to_owned();
    let host = url.trim_start_matches("http://").replace(':', "%3A");
    let mediator = format!("did:web:{host}:mediator");
    let place = place(&format!(
        "mediator = \"{mediator}\"\n\
         issuer   = {{ url = \"{url}/issuer\", public_did = true }}\n\
         wallets  = {{ resolver = \"{url}/1.0/identifiers/{{did}}\" }}\n"
    ));
    create(&place);
    are_connected(&place, &mediator);
    assert_eq!(run(&place), (6.into(), Vec::new()));
}

#[test]
fn the_embedded_mediator_has_a_public_did_too() {
    let mediator = "did:web:sandbox:mediator";
    let place = place(&format!(
        "mediator = \"{mediator}\"\n\
         issuer   = {{ url = \"sandbox\", public_did = true }}\n\
         wallets  = {{ resolver = \"sandbox\" }}\n"
    ));
    create(&place);
    are_connected(&place, mediator);
    assert_eq!(run(&place), (6.into(), Vec::new()));
}

#[test]
fn a_did_that_nobody_knows_is_named_at_once() {
    let place = place(
        "mediator = \"did:sov:WgWxqztrNooG92RXvxSTWv\"\n\
         issuer   = \"sandbox\"\n\
         wallets  = {}\n",
    );
    for (resolver, why) in [
        ("wallets.answer_limit=30s", "need a universal resolver such as https://"),
        ("wallets.resolver=sandbox", "it answers with status 404"),
    ] {
        let run = place.engine("create-data it.toml --fresh -e").arg(resolver).run().exits(114);
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(told.contains("3 × unresolved did in Connect to mediator"), "{told}");
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn without_a_mediator_answers_come_back_and_what_needs_one_fails_at_once() {
    let place = place("issuer = \"sandbox\"\n");
    create(&place);
    assert_eq!((rows(&place, "holders").len(), rows(&place, "connections").len()), (3, 6));
    assert!(rows(&place, "holders").iter().all(|it| it["mediator"].is_null()));
    let mediatorless = ["connect", "offline-pickup", "idle-wallet", "reconnect-storm"];
    let loads = mediatorless.map(|journey| {
        format!(
            "\n[[load]]\njourney = \"{journey}\"\ndatapool = \"holders\"\n\
             volume = \"3 trips at 50/s\"\n"
        )
    });
    place.write("it.toml", &format!("{}{}", place.read("it.toml"), loads.concat()));
    let (done, mut failed) = run(&place);
    failed.sort();
    let needing = ["idle-wallet", "ping-mediator", "reconnect-storm"];
    let expected = needing.map(|journey| (journey.to_owned(), "no mediator".to_owned()));
    assert_eq!((done, failed), (9.into(), expected.to_vec()));
}
