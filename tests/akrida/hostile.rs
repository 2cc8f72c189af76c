//! What an agent says to whoever drives it wrongly.

use serde_json::{Value, json};

use crate::{driver::Driver, world::World};

#[test]
fn every_wrong_line_is_answered_by_one_error_and_the_end_by_nothing() {
    let mut agent = Driver::start(&[], &[]);
    agent.write(b"no JSON\n\n\xff\n[1]\n{\"cmd\": \"fly\"}\n{\"cmd\": \"receiveInvitation\"}\n");
    agent.write(&vec![b'x'; 3 << 20]);
    agent.write(b"\n{\"cmd\": \"ping_mediator\"}\n");
    let said: Vec<_> = (0..8).map(|_| agent.hear()).collect();
    assert!(said.iter().all(|it| it["error"] == 1));
    let texts: Vec<_> = said.iter().map(|it| it["result"].as_str().unwrap()).collect();
    insta::assert_snapshot!(texts.join("\n"), @r#"
    Invalid command: the line is no JSON object, such as {"cmd": "ping_mediator"}
    Invalid command: the line is no JSON object, such as {"cmd": "ping_mediator"}
    Invalid command: the line is not UTF-8
    Invalid command: the line is no JSON object, such as {"cmd": "ping_mediator"}
    Invalid command: `fly`; there are start, ping_mediator, receiveInvitation, receiveInvitationConnectionDid, deleteOobRecordById, receiveCredential, presentationExchange, receiveMessage, shutdown
    Invalid command: receiveInvitation: `invitationUrl` must be a text
    Invalid command: a line has 1048576 bytes at most
    there is no agent yet: `start` comes first
    "#);
    assert_eq!(agent.end(), (0, String::new()));
}

#[test]
fn what_is_not_configured_is_told_when_it_is_needed() {
    let start = json!({ "cmd": "start", "withMediation": true, "port": 1, "agentConfig": null });
    let alone = json!({ "cmd": "start", "withMediation": false, "port": 1, "agentConfig": null });
    let mut agent = Driver::start(&[], &[("LEDGER", "candy")]);
    let mut told = vec![agent.fails(&start), agent.fails(&alone)];
    let again = json!({ "cmd": "start", "withMediation": true, "agentConfig": { "label": "x" } });
    told.push(agent.fails(&again));

    let world = World::new();
    let mediator = world.variables()[0];
    let mut agent = Driver::start(&[], &[mediator, ("LEDGER", "candy")]);
    agent.mediated(&Value::Null);
    told.push(agent.fails(&json!({ "cmd": "receiveCredential" })));
    let mut agent = Driver::start(&[], &[mediator, ("PICKUP_STRATEGY", "carrier-pigeon")]);
    told.push(agent.fails(&start));
    insta::assert_snapshot!(told.join("\n"), @r#"
    MEDIATION_URL is not set, and an agent with mediation needs it
    AGENT_IP is not set, and an agent without mediation needs it
    `agentConfig` has no `record`; send back what `start` has answered, or null
    no ledger is configured: set ENGINE_AKRIDA_LEDGER or --ledger to where credential definitions are read, such as { kind = "indy-vdr-proxy", url = "https://vdr.example" }; this agent asks no Indy nodes, as LEDGER=candy would
    PICKUP_STRATEGY: there is no `carrier-pigeon`, only implicit and pickupv2-live
    "#);
}

#[test]
fn what_does_not_come_in_time_is_told_in_akridas_words() {
    let world = World::new();
    let mut variables = world.variables();
    variables[1].1 = "0.3";
    let mut agent = Driver::start(&[], &variables);
    agent.mediated(&Value::Null);
    let late = ["receiveCredential", "presentationExchange", "receiveMessage"];
    let late = late.map(|name| agent.fails(&json!({ "cmd": name })));
    let words = late.map(|it| it.split_once('!').unwrap().0.to_owned());
    assert_eq!(words, ["Credential timeout", "Presentation timeout", "Message timeout"]);
}

#[test]
fn it_can_be_shut_down_while_it_waits() {
    let world = World::new();
    let mut agent = Driver::start(&[], &world.variables());
    agent.mediated(&Value::Null);
    agent.command(&json!({ "cmd": "receiveCredential" }));
    agent.shut_down();
}

#[test]
fn more_commands_at_a_time_than_anybody_needs_are_refused() {
    let world = World::new();
    let mut agent = Driver::start(&[], &world.variables());
    agent.mediated(&Value::Null);
    for _ in 0..64 {
        agent.command(&json!({ "cmd": "receiveMessage" }));
    }
    let refused = agent.fails(&json!({ "cmd": "receiveMessage" }));
    assert_eq!(refused, "64 commands are under way already");
    agent.shut_down();
}

#[test]
fn a_signal_ends_it() {
    let mut agent = Driver::start(&[], &[]);
    agent.fails(&json!({ "cmd": "ping_mediator" }));
    assert_eq!(agent.terminate(), 0);
}
