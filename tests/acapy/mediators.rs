//! What real mediators keep, and how wallets get it.

use serde_json::json;

use crate::{
    agents::{Agent, Version},
    fleet::Fleet,
    runs::Wallets,
    trials::{Claim, claim},
};

pub(crate) fn claims(version: Version) -> Vec<Claim> {
    let mut claims = vec![
        claim("messages_come_over_a_websocket", |fleet| {
            delivers(fleet, &fleet.mediator, "");
        }),
        claim("messages_are_polled_from_a_mediator_without_a_websocket", |fleet| {
            delivers(fleet, &fleet.issuer, "poll = \"200ms\"");
        }),
        claim("without_a_mediator_messages_come_to_a_listener", listens),
    ];
    if version == Version::V0_12_8 {
        claims.push(claim("messages_are_picked_up_by_pickup_2_0", |fleet| {
            delivers(fleet, &fleet.mediator, "pickup = \"pickup-2.0\", poll = \"200ms\"");
        }));
        claims.push(claim("messages_come_live_by_pickup_2_0", |fleet| {
            delivers(fleet, &fleet.mediator, "pickup = \"pickup-2.0-live\"");
        }));
    }
    claims
}

/// Wallets hear from their issuer through a mediator, online and after they were away.
fn delivers(fleet: &Fleet, mediator: &Agent, how: &str) {
    let wallets = Wallets::of(&format!("{}\n{}", fleet.issuer_with(""), through(mediator, how)));
    wallets.make(2);
    for holder in wallets.recorded() {
        mediates(mediator, &holder.label);
    }
    let run = wallets.run("receive-message", "4 trips by 2 users", "messages = 2").done(4);
    assert_eq!(run.transaction("Receive message"), (8, 0));
    let run = wallets.run("offline-pickup", "2 trips by 2 users", "away = \"100ms\"").done(2);
    assert_eq!(run.transaction("Pick up messages"), (2, 0));
    assert_eq!(run.troubles(), Vec::<String>::new());
}

/// The mediator has granted a wallet mediation, and has the key of its connection with the issuer.
fn mediates(mediator: &Agent, label: &str) {
    let connections = mediator.admin.get("/connections?limit=1000");
    let connections = connections["results"].as_array().unwrap();
    let of_wallet = connections.iter().find(|it| it["their_label"] == label);
    let id = of_wallet.unwrap()["connection_id"].as_str().unwrap();
    let granted = mediator.admin.get(&format!("/mediation/requests?conn_id={id}"));
    assert_eq!(granted["results"][0]["state"], "granted", "{granted}");
    let keys = mediator.admin.get(&format!("/mediation/keylists?conn_id={id}&role=server"));
    assert_eq!(keys["results"].as_array().map(Vec::len), Some(1), "{keys}");
}

fn listens(fleet: &Fleet) {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let listener = format!("wallets = {{ listen = \"{free}\", endpoint = \"http://{free}/\" }}");
    let wallets = Wallets::of(&format!("{}\n{listener}", fleet.issuer_with("")));
    wallets.make(2);
    let run = wallets.run("receive-message", "4 trips by 2 users", "messages = 2").done(4);
    assert_eq!(run.transaction("Receive message"), (8, 0));
    for id in wallets.connection_ids() {
        let endpoints = fleet.issuer.admin.get(&format!("/connections/{id}/endpoints"));
        assert_eq!(endpoints["their_endpoint"], format!("http://{free}/"));
    }
}

/// Two wallets that the issuer reaches through a mediator that has a WebSocket.
pub(crate) fn mediated(fleet: &Fleet) -> Wallets {
    let mediator = through(&fleet.mediator, "");
    let wallets = Wallets::of(&format!("{}\n{mediator}", fleet.issuer_with("")));
    wallets.make(2);
    wallets
}

/// A mediator in `[config]`, with what else is said of it.
pub(crate) fn through(mediator: &Agent, how: &str) -> String {
    let how = if how.is_empty() { String::new() } else { format!(", {how}") };
    format!("mediator = {{ invitation = \"{}\"{how} }}", invitation(mediator))
}

/// The URL of a mediator's invitation, which any number of wallets may answer.
pub(crate) fn invitation(mediator: &Agent) -> String {
    let path = "/out-of-band/create-invitation?auto_accept=true&multi_use=true";
    let handshakes = ["https://didcomm.org/didexchange/1.1", "https://didcomm.org/didexchange/1.0"];
    let invited = mediator.admin.post(path, &json!({ "handshake_protocols": handshakes }));
    invited["invitation_url"].as_str().unwrap().to_owned()
}
