//! Credentials: they are issued, presented and revoked, by every version of the protocols.

use serde_json::{Value, json};

use super::wallet::{Met, Wallet, definition_id, list, preview, question, text};
use crate::{
    aries::{
        anoncreds::LinkSecret,
        protocol::{
            Format, ProtocolError,
            issue_credential::{self, Attribute, Proposal},
            notification,
            revocation::{Revocable, Revoked},
        },
    },
    sandbox::{
        Store, Switches,
        desk::since_1970,
        tests::client::{Client, start, start_with},
    },
};

fn now() -> u64 {
    since_1970().as_secs()
}

/// Offers a credential of version 2.
pub(super) fn offer(client: &mut Client, issuer: &Met, format: &str) -> Value {
    let body = json!({
        "connection_id": issuer.connection,
        "filter": { format: { "cred_def_id": definition_id() } },
        "credential_preview": preview("2.0"),
        "auto_issue": true,
    });
    issuer.admin(client, "/issue-credential-2.0/send", &body)
}

/// Has a credential issued by version 2; returns the exchange's id.
pub(super) fn issue(client: &mut Client, issuer: &Met, wallet: &mut Wallet) -> String {
    let offered = offer(client, issuer, "anoncreds");
    let message = issuer.next(client);
    wallet.accept(client, &message, |client, message| issuer.holder.ask(client, message));
    text(&offered, "cred_ex_id").to_owned()
}

/// Asks for a presentation and gives it; returns the record.
pub(super) fn present(
    client: &mut Client,
    verifier: &Met,
    wallet: &Wallet,
    question: &Value,
) -> Value {
    let body = json!({
        "connection_id": verifier.connection,
        "presentation_request": { "anoncreds": question },
    });
    let asked = verifier.admin(client, "/present-proof-2.0/send-request", &body);
    assert_eq!(asked["state"], "request-sent");
    let request = verifier.next(client);
    let (mut prover, message) = wallet.present(client, &request);
    let ack = verifier.holder.ask(client, message).unwrap();
    assert_eq!(prover.confirmed(&ack).unwrap(), None, "acks say no verdict");
    let id = text(&asked, "pres_ex_id");
    verifier.record(client, &format!("/present-proof-2.0/records/{id}"))
}

#[test]
fn a_credential_is_issued_presented_revoked_and_presented_in_vain() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let (issuer, verifier) = (Met::new(client, "/issuer"), Met::new(client, "/verifier"));
    let mut wallet = Wallet::new(client);
    let id = issue(client, &issuer, &mut wallet);
    let record = issuer.record(client, &format!("/issue-credential-2.0/records/{id}"));
    assert_eq!(record["cred_ex_record"]["state"], "done");
    let details = &record["anoncreds"];
    let registry = text(details, "rev_reg_id").to_owned();
    assert_eq!(details["cred_rev_id"], "1");
    assert_eq!(wallet.credential.as_ref().unwrap().index(), Some(1));

    let shown = present(client, &verifier, &wallet, &question(Some(now())));
    assert_eq!((&shown["state"], &shown["verified"]), (&json!("done"), &json!("true")));

    let before = list(client, &registry, None);
    let body = json!({
        "cred_ex_id": id, "publish": true, "notify": true, "notify_version": "v2_0",
        "connection_id": issuer.connection, "comment": "lost",
    });
    assert_eq!(issuer.admin(client, "/anoncreds/revocation/revoke", &body), json!({}));
    let after = list(client, &registry, None);
    assert!(after.timestamp > before.timestamp && after.revokes(1) && !before.revokes(1));
    let notice = issuer.next(client);
    let by = Revocable::Credential { registry: registry.clone(), index: 1 };
    assert_eq!(Revoked::read(&notice).unwrap(), Revoked { by, comment: "lost".into() });
    let ack = notification::ack_asked_for(&notice).unwrap();
    assert_eq!(issuer.holder.ask(client, ack), None);

    let shown = present(client, &verifier, &wallet, &question(after.timestamp));
    assert_eq!((&shown["state"], &shown["verified"]), (&json!("done"), &json!("false")));
    let earlier = present(client, &verifier, &wallet, &question(before.timestamp));
    assert_eq!(earlier["verified"], "true");
    let stats = client.get("/sandbox/stats").json();
    let counted = |name: &str| stats[name].as_u64().unwrap();
    assert_eq!(stats["verifies"], true);
    assert_eq!(
        ["offers", "credentials_issued", "revocations", "lists_published"].map(counted),
        [1; 4]
    );
    assert_eq!(["presentations", "verified_true", "verified_false"].map(counted), [3, 2, 1]);
    assert_eq!(["registry_definitions_read", "registry_schemas_read"].map(counted), [1; 2]);
    assert_eq!(["registry_tails_read", "registry_lists_read"].map(counted), [3, 5]);
}

#[test]
fn the_other_formats_and_the_first_version_are_spoken_as_well() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let (issuer, verifier) = (Met::new(client, "/issuer"), Met::new(client, "/verifier"));
    let mut wallet = Wallet::new(client);
    offer(client, &issuer, "indy");
    let message = issuer.next(client);
    wallet.accept(client, &message, |client, message| issuer.holder.ask(client, message));
    let body = json!({
        "connection_id": verifier.connection,
        "presentation_request": { "indy": question(None) },
    });
    let asked = verifier.admin(client, "/present-proof-2.0/send-request", &body);
    let request = verifier.next(client);
    let (_, message) = wallet.present(client, &request);
    assert_eq!(message.fields["formats"][0]["format"], "hlindy/proof@v2.0");
    verifier.holder.ask(client, message).unwrap();
    let path = format!("/present-proof-2.0/records/{}", text(&asked, "pres_ex_id"));
    assert_eq!(verifier.record(client, &path)["verified"], "true");

    let body = json!({
        "connection_id": issuer.connection, "cred_def_id": definition_id(),
        "credential_proposal": preview("1.0"), "auto_remove": false,
    });
    let offered = issuer.admin(client, "/issue-credential/send", &body);
    assert_eq!(offered["state"], "offer_sent");
    let message = issuer.next(client);
    wallet.accept(client, &message, |client, message| issuer.holder.ask(client, message));
    let id = text(&offered, "credential_exchange_id");
    let record = issuer.record(client, &format!("/issue-credential/records/{id}"));
    assert_eq!(record["state"], "credential_acked");
    assert_eq!(record["revocation_id"], "2");
    let body = json!({
        "connection_id": verifier.connection, "proof_request": question(None),
    });
    let asked = verifier.admin(client, "/present-proof/send-request", &body);
    let request = verifier.next(client);
    let (_, message) = wallet.present(client, &request);
    verifier.holder.ask(client, message).unwrap();
    let path = format!("/present-proof/records/{}", text(&asked, "presentation_exchange_id"));
    let record = verifier.record(client, &path);
    assert_eq!((&record["state"], &record["verified"]), (&json!("verified"), &json!("true")));
}

#[test]
fn a_presentation_is_verified_when_somebody_asks_for_it() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let (issuer, verifier) = (Met::new(client, "/issuer"), Met::new(client, "/verifier"));
    let mut wallet = Wallet::new(client);
    issue(client, &issuer, &mut wallet);
    let body = json!({
        "connection_id": verifier.connection, "auto_verify": false,
        "presentation_request": { "anoncreds": question(None) },
    });
    let asked = verifier.admin(client, "/present-proof-2.0/send-request", &body);
    let path = format!("/present-proof-2.0/records/{}", text(&asked, "pres_ex_id"));
    let verify = format!("{path}/verify-presentation");
    let early = client.post(&format!("/verifier{verify}"), "");
    assert_eq!(early.status, 400, "{}", early.body);
    let request = verifier.next(client);
    let (mut prover, message) = wallet.present(client, &request);
    assert_eq!(verifier.holder.ask(client, message), None);
    let record = verifier.record(client, &path);
    assert_eq!(
        (&record["state"], &record["verified"]),
        (&json!("presentation-received"), &Value::Null)
    );
    let record = verifier.admin(client, &verify, &json!({}));
    assert_eq!((&record["state"], &record["verified"]), (&json!("done"), &json!("true")));
    assert!(prover.confirmed(&verifier.next(client)).is_ok());
    assert_eq!(client.delete(&format!("/verifier{path}")).status, 200);
    assert_eq!(client.get(&format!("/verifier{path}")).status, 404);
}

#[test]
fn a_holder_may_propose_and_is_offered_what_fits() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let issuer = Met::new(client, "/issuer");
    let attributes: Vec<Attribute> =
        serde_json::from_value(preview("2.0")["attributes"].clone()).unwrap();
    let propose = |format, preview: &[Attribute]| {
        let filter = json!({ "cred_def_id": definition_id() }).as_object().unwrap().clone();
        let preview = preview.to_vec();
        issue_credential::Holder::propose(&Proposal { format, filter, preview })
    };
    for format in Format::ALL {
        let (mut machine, proposal) = propose(format, &attributes);
        let offer = issuer.holder.ask(client, proposal.clone()).unwrap();
        assert_eq!(machine.receive_offer(&offer).unwrap().preview, attributes);
        // The same proposal again is none.
        let again = issuer.holder.pack(&proposal.with_return_route());
        assert_eq!(client.post_envelope("/issuer", &again).status, 400);
    }
    let (mut machine, proposal) = propose(Format::AnonCreds, &attributes[1..]);
    let report = issuer.holder.ask(client, proposal).unwrap();
    let error = machine.receive_offer(&report).unwrap_err();
    assert!(matches!(error, ProtocolError::Problem(_)), "{error}");
    assert_eq!(client.get("/sandbox/stats").json()["offers"], 3);
}

#[test]
fn a_blind_verifier_takes_everything_that_it_can_read_for_true() {
    let switches = Switches { blind: true, ..Switches::default() };
    let sandbox = start_with(Store::Memory, switches);
    let client = &mut Client::of(&sandbox);
    assert_eq!(client.get("/sandbox/stats").json()["verifies"], false);
    let (issuer, verifier) = (Met::new(client, "/issuer"), Met::new(client, "/verifier"));
    let mut wallet = Wallet::new(client);
    issue(client, &issuer, &mut wallet);
    let mut unanswered = question(None);
    unanswered["requested_attributes"]["who"]["restrictions"] = json!([]);
    wallet.secret = LinkSecret::random().unwrap();
    let shown = present(client, &verifier, &wallet, &unanswered);
    assert_eq!((&shown["state"], &shown["verified"]), (&json!("done"), &json!("true")));
}
