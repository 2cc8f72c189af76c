//! What an agent does for Akrida's scenarios.

use serde_json::{Value, json};

use crate::{driver::Driver, world::World};

fn command(name: &str) -> Value {
    json!({ "cmd": name })
}

fn invitation(url: &str) -> Value {
    json!({ "cmd": "receiveInvitation", "invitationUrl": url })
}

/// Everything that any of Akrida's Locust files has its agents do.
pub(crate) fn lives(world: &World, mut agent: Driver) {
    let config = agent.mediated(&Value::Null);
    assert!(config["label"].is_string() && config["record"].is_string(), "{config}");
    assert_eq!(agent.does(&command("ping_mediator")), "Ping Mediator");

    let (url, issuer) = world.invite("issuer");
    let accepted = agent.ask(&invitation(&url));
    assert_eq!(
        (&accepted["error"], &accepted["result"]),
        (&json!(0), &json!("Receive Connection"))
    );
    assert!(accepted["connection"]["id"].is_string(), "{accepted}");
    world.until_ready("issuer", &issuer);

    agent.command(&command("receiveCredential"));
    world.issue(&issuer);
    assert_eq!(agent.hear(), json!({ "error": 0, "result": "Receive Credential" }));

    let (url, verifier) = world.invite("verifier");
    assert_eq!(agent.does(&invitation(&url)), "Receive Connection");
    world.until_ready("verifier", &verifier);
    agent.command(&command("presentationExchange"));
    let exchange = world.request(&verifier, "name");
    // Verified only when the agent has answered: it must not wait for the verdict.
    assert_eq!(agent.hear(), json!({ "error": 0, "result": "Presentation Exchange" }));
    assert_eq!(world.verify(&exchange), "true");

    agent.command(&command("receiveMessage"));
    world.send(&issuer, "ping");
    assert_eq!(agent.hear(), json!({ "error": 0, "result": "Receive Message" }));
    agent.shut_down();
}

#[test]
fn an_agent_does_all_that_akridas_scenarios_have_it_do() {
    let world = World::new();
    lives(&world, Driver::start(&[], &world.variables()));
}

#[test]
fn what_came_before_the_command_is_not_missed() {
    let world = World::new();
    let mut agent = Driver::start(&[], &world.variables());
    agent.mediated(&Value::Null);
    let (url, issuer) = world.invite("issuer");
    agent.does(&invitation(&url));
    world.until_ready("issuer", &issuer);
    world.issue(&issuer);
    world.send(&issuer, "before anybody asked");
    // The mediator's answer comes after what was posted before.
    agent.does(&command("ping_mediator"));
    agent.does(&command("receiveMessage"));
    agent.does(&command("receiveCredential"));
    agent.shut_down();
}

#[test]
fn each_credential_answers_one_command() {
    let world = World::new();
    let mut agent = Driver::start(&[], &world.variables());
    agent.mediated(&Value::Null);
    let connections = ["issuer", "issuer"].map(|system| {
        let (url, remote) = world.invite(system);
        agent.does(&invitation(&url));
        world.until_ready(system, &remote);
        remote
    });
    for _ in &connections {
        agent.command(&command("receiveCredential"));
    }
    // One credential leaves the other command waiting, whichever connection it came over.
    world.issue(&connections[1]);
    assert_eq!(agent.hear()["result"], "Receive Credential");
    assert_eq!(agent.does(&command("ping_mediator")), "Ping Mediator");
    world.issue(&connections[0]);
    assert_eq!(agent.hear()["result"], "Receive Credential");
    agent.shut_down();
}

#[test]
fn a_config_that_is_sent_back_brings_the_same_wallet_back() {
    let world = World::new();
    let mut agent = Driver::start(&[], &world.variables());
    let config = agent.mediated(&Value::Null);
    agent.shut_down();
    // Without an invitation it knows no mediator but the one that it knew before.
    let mut again = Driver::start(&[], &world.variables()[1..]);
    let again_config = again.mediated(&config);
    assert_eq!(again_config["label"], config["label"]);
    assert_eq!(again_config["record"], config["record"]);
    assert_eq!(again.does(&command("ping_mediator")), "Ping Mediator");
    again.shut_down();
}

#[test]
fn without_a_mediator_messages_are_posted_to_its_port() {
    let world = World::new();
    let variables = [&world.variables()[..], &[("AGENT_IP", "127.0.0.1")]].concat();
    let mut agent = Driver::start(&[], &variables);
    let start = json!({ "cmd": "start", "withMediation": false, "port": 0, "agentConfig": null });
    let config = agent.does(&start);
    assert!(config["endpoints"][0].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert!(agent.fails(&command("ping_mediator")).contains("no mediator"));
    let (url, issuer) = world.invite("issuer");
    agent.does(&invitation(&url));
    world.until_ready("issuer", &issuer);
    agent.command(&command("receiveMessage"));
    world.send(&issuer, "ping");
    assert_eq!(agent.hear()["result"], "Receive Message");

    // Another one in its place finds the port free.
    let endpoint = config["endpoints"][0].as_str().unwrap();
    let port: u16 = endpoint.rsplit(':').next().unwrap().parse().unwrap();
    let start = json!({ "cmd": "start", "withMediation": false, "port": port });
    assert_eq!(agent.does(&start)["endpoints"][0], endpoint);
    agent.shut_down();
}

#[test]
fn an_invitation_can_be_received_for_its_did_and_forgotten() {
    let world = World::new();
    let mut agent = Driver::start(&[], &world.variables());
    agent.mediated(&Value::Null);
    let (url, _) = world.invite("issuer");
    let asked = json!({ "cmd": "receiveInvitationConnectionDid", "invitationUrl": url });
    let accepted = agent.ask(&asked);
    assert_eq!(accepted["result"], "Receive Invitation Connection");
    let connection = &accepted["connection"];
    assert!(connection["did"].is_string() && connection["connectionId"].is_string());
    let forget = json!({ "cmd": "deleteOobRecordById", "id": connection["oobRecordId"] });
    assert_eq!(agent.does(&forget), "Delete OOB Record");
    assert!(agent.fails(&forget).starts_with("there is no out-of-band record"));
    agent.shut_down();
}
