//! What agents and wallets ask each other besides credentials.

use std::collections::BTreeSet;

use engine::aries::protocol::discover::SUPPORTED;
use serde_json::{Value, json};

use crate::{
    admin::Admin,
    agents::Version,
    fleet::Fleet,
    mediators::{mediated, through},
    runs::Wallets,
    trials::{Claim, claim},
};

pub(crate) fn claims(version: Version) -> Vec<Claim> {
    let mut claims = vec![
        claim("an_agent_answers_a_ping", is_answered),
        claim("wallets_answer_a_ping_and_say_what_they_speak", answers),
        claim("a_wallet_chooses_from_a_menu", chooses),
        claim("a_wallet_reports_what_it_does_not_speak", reports),
        claim("a_problem_report_ends_a_wait_at_once", hears_report),
        claim("what_a_mediator_reports_of_its_pickup_is_counted", counts_reports),
    ];
    if version == Version::V0_12_8 {
        claims.push(claim("who_answers_a_used_invitation_is_told", is_told));
    }
    claims
}

/// Less than wallets wait for an answer, and more than a busy machine takes.
const AT_ONCE_MS: f64 = 15_000.0;

fn is_answered(fleet: &Fleet) {
    let wallets = mediated(fleet);
    let run = wallets.run_ours("ping-issuer", "4 trips by 2 users").done(4);
    assert_eq!(run.transaction("Ping issuer"), (4, 0));
}

fn chooses(fleet: &Fleet) {
    let wallets = mediated(fleet);
    let run = wallets.run_ours("choose", "2 trips by 2 users").done(2);
    assert_eq!(run.transaction("Choose"), (2, 0));
    for id in wallets.connection_ids() {
        let performed = |it: &Value| it["connection_id"] == id && it["action_name"] == "no";
        fleet.webhooks.until("perform-menu-action", performed);
    }
}

fn answers(fleet: &Fleet) {
    let (wallets, issuer) = (mediated(fleet), &fleet.issuer.admin);
    let online = wallets.start("idle-wallet", "2 users for 1m", "stay = \"1h\"");
    for id in wallets.connection_ids() {
        let sent = issuer.post(&format!("/connections/{id}/send-ping"), &json!({}));
        let is_answer =
            |it: &Value| it["thread_id"] == sent["thread_id"] && it["state"] == "response_received";
        fleet.webhooks.until("ping", is_answer);
        issuer.get(&format!("/discover-features/query?query=*&connection_id={id}"));
        discloses(issuer, "/discover-features/records", "pid", &id);
        let asked = format!("/discover-features-2.0/queries?query_protocol=*&connection_id={id}");
        issuer.get(&asked);
        discloses(issuer, "/discover-features-2.0/records", "id", &id);
    }
    let summary = online.interrupt();
    assert_eq!(summary.ended(), (2, 0), "{:#}", summary.0);
    assert_eq!(summary.troubles(), Vec::<String>::new());
}

/// An agent records all protocols that a wallet speaks. It is not always the record of its question:
/// that is written after the question is sent, and wallets are fast.
fn discloses(agent: &Admin, records: &str, name: &str, connection: &str) {
    let spoken: BTreeSet<_> = SUPPORTED.iter().map(|it| it.protocol).collect();
    agent.until(records, |records| {
        let mut records = records["results"].as_array().unwrap().iter();
        records.any(|it| it["connection_id"] == connection && named(it, name) == spoken)
    });
}

/// All texts of this name in an answer.
fn named<'a>(answer: &'a Value, name: &str) -> BTreeSet<&'a str> {
    match answer {
        Value::Array(values) => values.iter().flat_map(|it| named(it, name)).collect(),
        Value::Object(fields) => {
            let own = fields.get(name).and_then(Value::as_str);
            fields.values().flat_map(|it| named(it, name)).chain(own).collect()
        }
        _ => BTreeSet::new(),
    }
}

fn reports(fleet: &Fleet) {
    let (wallets, issuer) = (mediated(fleet), &fleet.issuer.admin);
    let online = wallets.start("idle-wallet", "2 users for 1m", "stay = \"1h\"");
    let [one, other] = wallets.connection_ids().try_into().unwrap();
    let introduce = format!("/connections/{one}/start-introduction?target_connection_id={other}");
    issuer.post(&introduce, &json!({}));
    let reported = fleet
        .webhooks
        .until("problem_report", |it| it["description"]["code"] == "message-type-not-supported");
    let why = reported["description"]["en"].as_str().unwrap();
    assert!(why.contains("introduction-service/0.1"), "{reported}");
    let summary = online.interrupt();
    assert_eq!(summary.ended(), (2, 0), "{:#}", summary.0);
}

fn hears_report(fleet: &Fleet) {
    // This agent is started without the plugin.
    let mediator = through(&fleet.issuer, "pickup = \"pickup-2.0\", poll = \"200ms\"");
    let wallets = Wallets::of(&format!("{}\n{mediator}", fleet.issuer_with("")));
    let summary = wallets.create(2, 0).expect(114);
    assert_eq!(summary.ended(), (0, 2));
    let failures = summary.failures();
    assert_eq!(failures["kind"], "problem report: message-parse-failure");
    assert_eq!(failures["transaction"], "Go online");
    assert!(failures["lastMs"].as_f64().unwrap() < AT_ONCE_MS, "{failures}");
}

/// Nobody waits for an answer to the questions of pickup 1.0.
fn counts_reports(fleet: &Fleet) {
    let mediator = through(&fleet.mediator, "pickup = \"pickup-1.0\", poll = \"200ms\"");
    let hasty = "wallets = { answer_limit = \"2s\" }";
    let wallets = Wallets::of(&format!("{}\n{mediator}\n{hasty}", fleet.issuer_with("")));
    let summary = wallets.create(2, 0).expect(114);
    assert_eq!(summary.failures()["kind"], "no response");
    assert_eq!(summary.troubles(), ["sent{trouble: problem report}"]);
}

/// With a DID exchange it would be told nothing: ACA-Py writes no report then.
fn is_told(fleet: &Fleet) {
    let wallets = Wallets::of(&fleet.issuer_with("handshake = [\"connections/1.0\"]"));
    let run = wallets.run_ours_alone("answer-a-used-invitation", "2 trips by 1 users").expect(99);
    assert_eq!(run.ended(), (0, 2));
    let failures = run.failures();
    assert_eq!(failures["kind"], "problem report: request_not_accepted");
    assert_eq!(failures["transaction"], "Answer it again");
    assert!(failures["lastMs"].as_f64().unwrap() < AT_ONCE_MS, "{failures}");
}
