//! Mediation: messages for a key reach whoever has named it, by whichever way it comes.

use serde_json::{Value, json};

use super::holder::{Holder, Manner, Socket, envelope, open, wait_for};
use crate::{
    aries::{
        didcomm::{
            KeyPair, Message, Verkey,
            did::DidMethod,
            envelope::{forward, seal},
            invitation::Handshake,
        },
        protocol::{
            basic_message, discover,
            mediation::{self, KeylistUpdate},
            trust_ping,
        },
    },
    sandbox::{
        Store,
        tests::client::{Client, start},
    },
};

/// A message for `key`, and what its mediator is sent.
pub(super) fn forwarded(text: &str, key: &Verkey, routing: &[Verkey]) -> (Value, Vec<u8>) {
    let message = basic_message::message(text, "2026-11-21T00:51:22Z");
    let packed = seal(&message.to_bytes(), key).unwrap();
    (envelope(&packed), forward(packed, key, routing).unwrap())
}

fn content(packed: &Value, key: &KeyPair) -> String {
    basic_message::content(&open(packed.to_string().as_bytes(), key)).unwrap()
}

#[test]
fn the_invitation_lists_both_ways_to_come() {
    let sandbox = start(Store::Memory);
    let invitation = Client::of(&sandbox).get("/mediator").json();
    let url = sandbox.url();
    let socket = format!("{}/mediator/ws", url.replacen("http", "ws", 1));
    assert_eq!(invitation["services"][0]["serviceEndpoint"], format!("{url}/mediator"));
    assert_eq!(invitation["services"][1]["serviceEndpoint"], socket);
    assert_eq!(
        invitation["services"][0]["recipientKeys"],
        invitation["services"][1]["recipientKeys"]
    );
    assert_eq!(sandbox.target("mediator"), format!("{url}/mediator"));
    assert_eq!(sandbox.target("app_url"), url);
}

#[test]
fn whoever_comes_is_met_in_the_same_manner() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    for (handshake, method) in [
        (Handshake::Connections1_0, DidMethod::Unqualified),
        (Handshake::DidExchange1_0, DidMethod::Unqualified),
        (Handshake::DidExchange1_1, DidMethod::Peer2),
        (Handshake::DidExchange1_1, DidMethod::Peer4),
    ] {
        let manner = Manner { handshake, method, mediated: None };
        let holder = Holder::of_mediator_as(client, &manner);
        let answer = holder.ask(client, trust_ping::ping(true)).unwrap();
        assert_eq!(answer.kind, trust_ping::PING_RESPONSE);
    }
    assert_eq!(client.get("/sandbox/stats").json()["connections"], 4);
}

#[test]
fn a_message_waits_until_it_is_collected() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let (holder, key) = (Holder::of_mediator(client), KeyPair::generate());
    let granted = holder.be_granted(client, *key.verkey());
    assert_eq!(granted.endpoint, sandbox.target("mediator"));
    assert_eq!(holder.collect(client), None);
    for text in ["one", "two"] {
        let (_, message) = forwarded(text, key.verkey(), &granted.routing);
        assert_eq!(client.post_envelope("/mediator", &message).status, 200);
    }
    wait_for(client, "queued", 2);
    // One for each message that has no answer of its own, and none for others.
    let answer = holder.ask(client, trust_ping::ping(true)).unwrap();
    assert_eq!(answer.kind, trust_ping::PING_RESPONSE);
    let texts = [(); 2].map(|()| content(&holder.collect(client).unwrap(), &key));
    assert_eq!(texts, ["one", "two"]);
    assert_eq!(holder.collect(client), None);
}

#[tokio::test]
async fn messages_flow_over_an_open_socket_as_they_came() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let (holder, key) = (Holder::of_mediator(client), KeyPair::generate());
    let granted = holder.be_granted(client, *key.verkey());
    let (queued, message) = forwarded("queued", key.verkey(), &granted.routing);
    client.post_envelope("/mediator", &message);

    let mut socket = Socket::of(&sandbox).await;
    let ping = trust_ping::ping(false).with_return_route();
    socket.send(holder.pack(&ping)).await;
    assert_eq!(envelope(&socket.next().await), queued);
    for n in 0..20 {
        let (live, message) = forwarded(&n.to_string(), key.verkey(), &granted.routing);
        client.post_envelope("/mediator", &message);
        assert_eq!(envelope(&socket.next().await), live);
    }
    let stats = client.get("/sandbox/stats").json();
    assert_eq!((&stats["forwards"], &stats["queued"]), (&json!(21), &json!(0)));
    assert_eq!(stats["sockets"], 1);
}

#[tokio::test]
async fn a_return_route_holds_until_the_next_message_of_the_socket() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let (holder, key) = (Holder::of_mediator(client), KeyPair::generate());
    let granted = holder.be_granted(client, *key.verkey());
    let mut socket = Socket::of(&sandbox).await;
    let answer = socket.ask(&holder, trust_ping::ping(true)).await;
    assert_eq!(answer.kind, trust_ping::PING_RESPONSE);
    // A message that asks for no return route ends it, whether or not it has an answer.
    socket.send(holder.pack(&trust_ping::ping(false))).await;
    wait_for(client, "pings", 2);
    let (packed, message) = forwarded("late", key.verkey(), &granted.routing);
    while client.get("/sandbox/stats").json()["queued"] == 0 {
        client.post_envelope("/mediator", &message);
    }
    socket.send(holder.pack(&trust_ping::ping(false).with_return_route())).await;
    assert_eq!(envelope(&socket.next().await), packed);
}

#[tokio::test]
async fn a_handshake_can_be_made_over_the_socket() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let mut socket = Socket::of(&sandbox).await;
    let invitation = client.get("/mediator").json();
    let manner = Manner::default();
    let key = KeyPair::generate();
    let (asking, packed) = super::holder::request(invitation, "/mediator", key, &manner);
    socket.send(packed).await;
    let response = open(&socket.next().await, asking.key());
    let (holder, complete) = asking.receive(&response);
    socket.send(holder.pack(&complete.with_return_route())).await;
    let grant = socket.ask(&holder, mediation::request()).await;
    assert_eq!(mediation::granted(&grant).unwrap().endpoint, sandbox.target("mediator"));
}

#[test]
fn keys_are_added_removed_and_listed() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let (ann, bob) = (Holder::of_mediator(client), Holder::of_mediator(client));
    let keys = [1, 2, 3].map(|n| *KeyPair::from_seed([n; 32]).verkey());
    let mut update = |holder: &Holder, add: &[Verkey], remove: &[Verkey]| {
        let update = KeylistUpdate { add: add.to_vec(), remove: remove.to_vec() };
        let answer = holder.ask(client, update.message()).unwrap();
        update.confirmed(&answer).map_err(|error| error.to_string())
    };
    assert_eq!(update(&ann, &keys, &[]), Ok(()));
    assert_eq!(update(&ann, &keys[..1], &keys[1..2]), Ok(()));
    // Nobody takes over the messages of somebody else.
    assert!(update(&bob, &keys[..1], &[]).is_err());
    assert!(update(&bob, &[], &keys[..1]).is_err());
    assert_eq!(update(&bob, &keys[1..2], &[]), Ok(()));
    let listed = ann.ask(client, mediation::query(10, 0)).unwrap();
    assert_eq!(mediation::keylist(&listed).unwrap().keys, [keys[0], keys[2]]);
}

#[test]
fn what_nobody_takes_is_refused() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let holder = Holder::of_mediator(client);
    let granted = holder.be_granted(client, *holder.key.verkey());
    let (_, message) = forwarded("?", KeyPair::generate().verkey(), &granted.routing);
    let answer = client.post_envelope("/mediator", &message);
    assert_eq!(answer.status, 400);
    assert!(answer.json()["error"].as_str().unwrap().contains("no"), "{}", answer.body);
}

#[test]
fn the_mediator_says_what_it_speaks_and_what_it_does_not() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let holder = Holder::of_mediator(client);
    let disclosed = holder.ask(client, discover::queries_2("*")).unwrap();
    let features = discover::disclosed(&disclosed).unwrap();
    assert!(features.iter().any(|it| it.id == "https://didcomm.org/coordinate-mediation/1.0"));
    let unknown: Message = Message::new("https://didcomm.org/tea/1.0/brew".parse().unwrap());
    let report = holder.ask(client, unknown).unwrap();
    assert_eq!(report.kind.name, "problem-report");
    assert_eq!(holder.ask(client, Message::answer(report.kind.clone(), &report)), None);
}
