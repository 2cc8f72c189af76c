//! Exchanges that begin with an invitation.

use serde_json::json;

use super::{
    credentials::issue,
    holder::{Holder, Manner, open, wait_for},
    wallet::{Met, Stranger, Wallet, preview, question, text},
};
use crate::{
    aries::didcomm::{Message, Verkey},
    sandbox::{
        Store, Switches,
        tests::client::{Client, start, start_with},
    },
};

#[test]
fn what_is_attached_to_an_invitation_needs_no_connection() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let mut wallet = Wallet::new(client);
    let body = json!({
        "filter": { "anoncreds": {} }, "credential_preview": preview("2.0"),
    });
    let offered =
        client.post("/issuer/issue-credential-2.0/create-offer", &body.to_string()).json();
    let id = text(&offered, "cred_ex_id");
    let stranger = Stranger::new(client, "/issuer", ("credential-offer", id));
    wallet.accept(client, &stranger.attached, |client, message| stranger.ask(client, message));
    let record = client.get(&format!("/issuer/issue-credential-2.0/records/{id}")).json();
    assert_eq!(record["cred_ex_record"]["state"], "done");

    let body = json!({ "presentation_request": { "anoncreds": question(None) } });
    let path = "/verifier/present-proof-2.0/create-request";
    let asked = client.post(path, &body.to_string()).json();
    let id = text(&asked, "pres_ex_id");
    let stranger = Stranger::new(client, "/verifier", ("present-proof", id));
    let (mut prover, message) = wallet.present(client, &stranger.attached);
    let another = stranger.as_another();
    assert!(prover.confirmed(&stranger.ask(client, message.clone()).unwrap()).is_ok());
    let replayed = [stranger.post(client, message.clone()), another.post(client, message)];
    assert_eq!(replayed.map(|answer| answer.status), [400; 2]);
    let record = client.get(&format!("/verifier/present-proof-2.0/records/{id}")).json();
    assert_eq!((&record["state"], &record["verified"]), (&json!("done"), &json!("true")));
    let again = json!({ "attachments": [{ "id": id, "type": "present-proof" }] }).to_string();
    assert_eq!(client.post("/verifier/out-of-band/create-invitation", &again).status, 400);
}

#[test]
fn an_answer_goes_where_a_stranger_says() {
    let sandbox = start_with(Store::Memory, Switches { blind: true, ..Switches::default() });
    let client = &mut Client::of(&sandbox);
    let (issuer, mediator) = (Met::new(client, "/issuer"), Holder::of_mediator(client));
    let mut wallet = Wallet::new(client);
    issue(client, &issuer, &mut wallet);
    let body = json!({ "presentation_request": { "anoncreds": question(None) } });
    let path = "/verifier/present-proof-2.0/create-request";
    let asked = client.post(path, &body.to_string()).json();
    let id = text(&asked, "pres_ex_id");
    let stranger = Stranger::new(client, "/verifier", ("present-proof", id));
    let granted = mediator.be_granted(client, *stranger.key.verkey());
    let (mut prover, message) = wallet.present(client, &stranger.attached);
    let message = message.with(
        "~service",
        json!({
            "recipientKeys": [stranger.key.verkey().to_string()],
            "routingKeys": granted.routing.iter().map(Verkey::to_string).collect::<Vec<_>>(),
            "serviceEndpoint": granted.endpoint,
        }),
    );
    let answer = client.post_envelope("/verifier", &stranger.pack(&message));
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    wait_for(client, "queued", 1);
    let ack = mediator.collect(client).unwrap().to_string();
    assert!(prover.confirmed(&open(ack.as_bytes(), &stranger.key)).is_ok());
}

#[test]
fn what_is_attached_to_an_invitation_goes_on_with_the_connection_that_it_becomes() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let mut wallet = Wallet::new(client);
    let body = json!({ "filter": { "indy": {} }, "credential_preview": preview("2.0") });
    let path = "/issuer/issue-credential-2.0/create-offer";
    let offered = client.post(path, &body.to_string()).json();
    let id = text(&offered, "cred_ex_id");
    let body = json!({
        "handshake_protocols": ["https://didcomm.org/didexchange/1.1"],
        "attachments": [{ "id": id, "type": "credential-offer" }],
    });
    let many = "/issuer/out-of-band/create-invitation?multi_use=true";
    assert_eq!(client.post(many, &body.to_string()).status, 400);
    let invited = client.post("/issuer/out-of-band/create-invitation", &body.to_string()).json();
    let invitation = &invited["invitation"];
    let holder = Holder::invited(client, invitation.clone(), "/issuer", &Manner::default());
    let attached = &invitation["requests~attach"][0]["data"]["json"];
    let offer = Message::from_fields(attached.as_object().unwrap().clone()).unwrap();
    wallet.accept(client, &offer, |client, message| holder.ask(client, message));
    let record = client.get(&format!("/issuer/issue-credential-2.0/records/{id}")).json();
    assert_eq!(record["cred_ex_record"]["state"], "done");
    assert_eq!(record["indy"]["cred_rev_id"], "1");
}
