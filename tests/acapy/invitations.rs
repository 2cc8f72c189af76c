//! Invitations that bring what they are about.

use engine::aries::{didcomm::invitation::Invitation, holder::Holder};
use serde_json::{Value, json};

use crate::{
    agents::Agent,
    fleet::Fleet,
    holder::online,
    trials::{Claim, claim},
    world::World,
};

pub(crate) fn claims() -> Vec<Claim> {
    vec![
        claim("offers_and_requests_come_without_a_connection", |fleet| answers(fleet, &[])),
        claim("offers_and_requests_come_with_a_handshake", |fleet| {
            answers(fleet, &["https://didcomm.org/didexchange/1.1"]);
        }),
    ]
}

/// A holder takes what an invitation offers, and proves what another asks.
fn answers(fleet: &'static Fleet, handshakes: &[&str]) {
    let world = World::of(fleet);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let holder = online(world, &fleet.mediator).await;
        let connections = usize::from(!handshakes.is_empty());
        let (id, invitation) = offer(world, handshakes);
        let accepted = holder.accept_credential_from(&invitation, "issuer").await.unwrap();
        assert_eq!(accepted.credential.values["city"], "Bath");
        knows(&holder, "issuer", connections);
        let path = format!("/issue-credential-2.0/records/{id}");
        world.issuer.admin.until(&path, |it| it["cred_ex_record"]["state"] == "done");

        let (id, invitation) = ask(world, handshakes);
        holder.present_to(&invitation).await.unwrap();
        knows(&holder, "verifier", connections);
        let path = format!("/present-proof-2.0/records/{id}");
        let end = world.verifier.admin.until(&path, |it| it["state"] == "done");
        assert_eq!(end["verified"], "true");
        holder.go_offline().await;
    });
}

#[track_caller]
fn knows(holder: &Holder, system: &str, connections: usize) {
    assert_eq!(holder.connections(system).len(), connections);
}

/// An exchange of the issuer's, and an invitation with its offer.
fn offer(world: &World, handshakes: &[&str]) -> (String, Invitation) {
    let values = [("name", "Ann"), ("city", "Bath"), ("age", "30"), ("birthdate", "19940101")];
    let attributes = values.map(|(name, value)| json!({ "name": name, "value": value }));
    let preview = json!({
        "@type": "issue-credential/2.0/credential-preview", "attributes": attributes
    });
    let filter = json!({ world.format(): { "cred_def_id": world.cred_def_id } });
    let offer = json!({
        "credential_preview": preview, "filter": filter, "auto_issue": true, "auto_remove": false
    });
    let created = world.issuer.admin.post("/issue-credential-2.0/create-offer", &offer);
    let id = created["cred_ex_id"].as_str().unwrap().to_owned();
    let invitation = bringing(&world.issuer, "credential-offer", &id, handshakes);
    (id, invitation)
}

/// An exchange of the verifier's, and an invitation with its request.
fn ask(world: &World, handshakes: &[&str]) -> (String, Invitation) {
    let restrictions = json!([{ "cred_def_id": world.cred_def_id }]);
    let request = json!({
        "name": "attached", "version": "1.0",
        "requested_attributes": { "name": { "name": "name", "restrictions": restrictions } },
        "requested_predicates": {},
    });
    let request = json!({
        "presentation_request": { world.format(): request },
        "auto_verify": true, "auto_remove": false,
    });
    let created = world.verifier.admin.post("/present-proof-2.0/create-request", &request);
    let id = created["pres_ex_id"].as_str().unwrap().to_owned();
    let invitation = bringing(&world.verifier, "present-proof", &id, handshakes);
    (id, invitation)
}

fn bringing(agent: &Agent, kind: &str, id: &str, handshakes: &[&str]) -> Invitation {
    let body = json!({
        "attachments": [{ "id": id, "type": kind }], "handshake_protocols": handshakes
    });
    let path = "/out-of-band/create-invitation?auto_accept=true";
    let invited: Value = agent.admin.post(path, &body);
    Invitation::from_value(invited["invitation"].clone()).unwrap()
}
