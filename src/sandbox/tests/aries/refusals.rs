//! Credentials, to those who ask for what there is not, or say what they may not.

use serde_json::{Value, json};

use super::{
    credentials::{issue, offer, present},
    wallet::{Met, Wallet, definition_id, escaped, preview, question, text},
};
use crate::{
    aries::{
        anoncreds::LinkSecret,
        didcomm::Message,
        protocol::{
            issue_credential::{self, v2},
            notification, present_proof,
        },
    },
    sandbox::{
        Store,
        tests::client::{Client, start},
    },
};

const SEND: &str = "/issuer/issue-credential-2.0/send";

/// What a message leads to that asks for its answer.
fn status(client: &mut Client, met: &Met, message: Message) -> u16 {
    let packed = met.holder.pack(&message.with_return_route());
    client.post_envelope(met.path, &packed).status
}

#[test]
fn an_administrator_who_asks_for_what_there_is_not_is_told_as_aca_py_tells() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let issuer = Met::new(client, "/issuer");
    let order = |filter: Value, preview: Value, connection: &str| json!({ "connection_id": connection, "filter": filter, "credential_preview": preview });
    let few = json!({ "attributes": [{ "name": "score", "value": "7" }] });
    let mut twice = preview("2.0");
    let attributes = twice["attributes"].as_array_mut().unwrap();
    attributes.push(attributes[0].clone());
    let any = json!({ "anoncreds": {} });
    let foreign = json!({ "indy": { "cred_def_id": "did:web:elsewhere" } });
    let here = issuer.connection.as_str();
    for (body, expected, said) in [
        (order(any.clone(), few, here), 400, "mismatch corresponding schema attributes"),
        (order(any.clone(), twice, here), 400, "mismatch corresponding schema attributes"),
        (order(foreign, preview("2.0"), here), 400, "no operable cred def"),
        (order(json!({}), preview("2.0"), here), 422, "filter"),
        (order(any, preview("2.0"), "nobody"), 404, "Record not found"),
    ] {
        let answer = client.post(SEND, &body.to_string());
        assert_eq!(answer.status, expected, "{}", answer.body);
        assert!(answer.body.contains(said), "{}", answer.body);
    }
    let revoke = |body: Value| (body.to_string(), "/issuer/anoncreds/revocation/revoke");
    for ((body, path), expected) in [
        (revoke(json!({ "cred_ex_id": "nobody's" })), 404),
        (revoke(json!({ "rev_reg_id": "none", "cred_rev_id": "1" })), 404),
        (revoke(json!({ "rev_reg_id": "none", "cred_rev_id": "one" })), 422),
        (revoke(json!({ "rev_reg_id": "none" })), 422),
        (revoke(json!({ "cred_ex_id": "it", "notify": true, "notify_version": "v3" })), 422),
        ((json!({}).to_string(), "/verifier/present-proof-2.0/send-request"), 422),
        ((json!({ "proof_request": {} }).to_string(), "/verifier/present-proof/send-request"), 404),
        (
            (
                json!({ "proof_request": { "nonce": "x" } }).to_string(),
                "/verifier/present-proof/create-request",
            ),
            422,
        ),
    ] {
        let answer = client.post(path, &body);
        assert_eq!(answer.status, expected, "{path} {body} {}", answer.body);
    }
    assert_eq!(client.get("/sandbox/stats").json()["offers"], 0);
}

#[test]
fn what_is_not_published_is_not_found() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let definition = escaped(definition_id());
    for path in [
        format!("schemas/{definition}"),
        "credential-definitions/it".into(),
        format!("revocation-registries/{definition}"),
        format!("status-lists/{definition}?to=7"),
        "tails/..%2Fusers.sqlite".into(),
    ] {
        let answer = client.get(&format!("/registry/{path}"));
        assert_eq!(answer.status, 404, "{path}");
        assert!(text(&answer.json(), "error").starts_with("no such "), "{}", answer.body);
    }
    assert_eq!(client.get("/registry/status-lists/it?to=soon").status, 400);
    let stats = client.get("/sandbox/stats").json();
    assert_eq!(stats["registry_definitions_read"], 0);
}

#[test]
fn an_issuer_hears_nothing_that_is_out_of_turn() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let (issuer, other) = (Met::new(client, "/issuer"), Met::new(client, "/issuer"));
    let wallet = Wallet::new(client);
    let offered = offer(client, &issuer, "anoncreds");
    let message = issuer.next(client);
    let (mut machine, offered_to_us) = issue_credential::Holder::offered(&message).unwrap();
    let payload = serde_json::from_slice(&offered_to_us.payload).unwrap();
    let (request, _) = wallet.definition.request(&payload, &wallet.secret).unwrap();
    let request = machine.request(&serde_json::to_vec(&request).unwrap()).unwrap();
    let ack = Message::new(v2::ACK).on_thread(message.thread_id()).with("status", "OK");

    assert_eq!(status(client, &issuer, ack), 400, "nothing is issued yet");
    assert_eq!(status(client, &issuer, request.clone().on_thread("another")), 400);
    assert_eq!(status(client, &other, request.clone()), 400, "the thread is somebody else's");
    assert!(issuer.holder.ask(client, request.clone()).is_some());
    assert_eq!(status(client, &issuer, request), 400, "a credential is issued once");
    let path = format!("/issue-credential-2.0/records/{}", text(&offered, "cred_ex_id"));
    assert_eq!(issuer.record(client, &path)["cred_ex_record"]["state"], "credential-issued");
    assert_eq!(client.get("/sandbox/stats").json()["credentials_issued"], 1);
}

#[test]
fn a_request_that_does_not_answer_the_offer_ends_the_exchange_and_takes_no_place() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let issuer = Met::new(client, "/issuer");
    let mut wallet = Wallet::new(client);
    let earlier = offer(client, &issuer, "anoncreds");
    let earlier_offer = issuer.next(client);
    let offered = offer(client, &issuer, "anoncreds");
    let message = issuer.next(client);
    let (_, of_earlier) = issue_credential::Holder::offered(&earlier_offer).unwrap();
    let (mut machine, _) = issue_credential::Holder::offered(&message).unwrap();
    let payload = serde_json::from_slice(&of_earlier.payload).unwrap();
    let (request, _) = wallet.definition.request(&payload, &wallet.secret).unwrap();
    let request = machine.request(&serde_json::to_vec(&request).unwrap()).unwrap();
    let report = issuer.holder.ask(client, request).unwrap();
    assert_eq!(notification::problem(&report).unwrap().code, issue_credential::ABANDONED);
    let path =
        |record: &Value| format!("/issue-credential-2.0/records/{}", text(record, "cred_ex_id"));
    let record = issuer.record(client, &path(&offered));
    assert_eq!(record["cred_ex_record"]["state"], "abandoned");

    let (mut machine, _) = issue_credential::Holder::offered(&earlier_offer).unwrap();
    assert_eq!(issuer.holder.ask(client, machine.decline("no", "thanks").unwrap()), None);
    let record = issuer.record(client, &path(&earlier));
    assert_eq!(record["cred_ex_record"]["error_msg"], "no: thanks");
    issue(client, &issuer, &mut wallet);
    assert_eq!(wallet.credential.unwrap().index(), Some(1));
}

#[test]
fn a_verifier_is_told_no_lies() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let (issuer, verifier) = (Met::new(client, "/issuer"), Met::new(client, "/verifier"));
    let mut wallet = Wallet::new(client);
    issue(client, &issuer, &mut wallet);
    let body = json!({
        "connection_id": verifier.connection,
        "presentation_request": { "anoncreds": question(None) },
    });
    let ask = |client: &mut Client| {
        let asked = verifier.admin(client, "/present-proof-2.0/send-request", &body);
        let id = text(&asked, "pres_ex_id");
        (format!("/present-proof-2.0/records/{id}"), verifier.next(client))
    };
    let (first, request) = ask(client);
    let (second, other_request) = ask(client);
    let (_, message) = wallet.present(client, &request);
    let replayed = message.clone().on_thread(other_request.thread_id());
    assert!(verifier.holder.ask(client, message.clone()).is_some());
    assert_eq!(status(client, &verifier, message), 400, "it is presented once");
    assert!(verifier.holder.ask(client, replayed).is_some(), "an ack says nothing");
    assert_eq!(verifier.record(client, &first)["verified"], "true");
    assert_eq!(verifier.record(client, &second)["verified"], "false");

    let (declined, request) = ask(client);
    let (mut prover, _) = present_proof::Prover::requested(&request).unwrap();
    let report = prover.decline("abandoned", "no such credential").unwrap();
    assert_eq!(verifier.holder.ask(client, report), None);
    assert_eq!(verifier.record(client, &declined)["state"], "abandoned");
    let (unreadable, request) = ask(client);
    let (mut prover, _) = present_proof::Prover::requested(&request).unwrap();
    let report = verifier.holder.ask(client, prover.present(b"{}").unwrap()).unwrap();
    assert!(prover.confirmed(&report).is_err());
    let record = verifier.record(client, &unreadable);
    assert_eq!((&record["state"], &record["verified"]), (&json!("abandoned"), &Value::Null));

    wallet.secret = LinkSecret::random().unwrap();
    let shown = present(client, &verifier, &wallet, &question(None));
    assert_eq!(shown["verified"], "false");
    let stats = client.get("/sandbox/stats").json();
    assert_eq!(["verified_true", "verified_false"].map(|it| stats[it].clone()), [1, 2]);
}
