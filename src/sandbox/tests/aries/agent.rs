//! An agent: it is met by invitation, and writes to holders through their mediator.

use serde_json::{Value, json};

use super::holder::{Holder, Manner, Socket, open, request};
use crate::{
    aries::{
        didcomm::{
            KeyPair,
            did::{DidMethod, short_form},
            invitation::Handshake,
        },
        protocol::{action_menu, basic_message, mediation::Granted, out_of_band, trust_ping},
    },
    sandbox::{
        Sandbox, Store,
        tests::client::{Client, start},
    },
};

const ALL: [(Handshake, DidMethod, &str); 4] = [
    (Handshake::Connections1_0, DidMethod::Unqualified, "connections/1.0"),
    (Handshake::DidExchange1_0, DidMethod::Unqualified, "didexchange/1.0"),
    (Handshake::DidExchange1_1, DidMethod::Peer2, "didexchange/1.1"),
    (Handshake::DidExchange1_1, DidMethod::Peer4, "didexchange/1.1"),
];

pub(super) fn invite(client: &mut Client, path: &str, handshake: &str, multi_use: bool) -> Value {
    let body = json!({ "handshake_protocols": [format!("https://didcomm.org/{handshake}")] });
    let path =
        format!("{path}/out-of-band/create-invitation?auto_accept=true&multi_use={multi_use}");
    let answer = client.post(&path, &body.to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// The record of the connection that came of an invitation.
pub(super) fn record(client: &mut Client, invited: &Value) -> Value {
    let id = invited["invi_msg_id"].as_str().unwrap();
    let path = format!("/issuer/connections?invitation_msg_id={id}");
    client.get(&path).json()["results"][0].clone()
}

pub(super) fn id(record: &Value) -> &str {
    record["connection_id"].as_str().unwrap()
}

/// A holder with a mediator and an open socket to it.
pub(super) struct Mediated {
    pub(super) granted: Granted,
    mediator: Holder,
    socket: Socket,
}

impl Mediated {
    pub(super) async fn new(sandbox: &Sandbox, client: &mut Client) -> Self {
        let mediator = Holder::of_mediator(client);
        let granted = mediator.be_granted(client, *mediator.key.verkey());
        let mut socket = Socket::of(sandbox).await;
        socket.ask(&mediator, trust_ping::ping(true)).await;
        Self { granted, mediator, socket }
    }

    /// Meets an agent; all that the agent says comes through the mediator.
    pub(super) async fn meet(
        &mut self,
        client: &mut Client,
        invitation: Value,
        (handshake, method): (Handshake, DidMethod),
    ) -> Holder {
        let key = KeyPair::generate();
        self.mediator.be_granted(client, *key.verkey());
        let manner = Manner { handshake, method, mediated: Some(&self.granted) };
        let (asking, packed) = request(invitation, "/issuer", key, &manner);
        let answer = client.post_envelope("/issuer", &packed);
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        let response = open(&self.socket.next().await, asking.key());
        let (holder, complete) = asking.receive(&response);
        assert_eq!(client.post_envelope("/issuer", &holder.pack(&complete)).status, 200);
        holder
    }

    /// Opens a socket again.
    pub(super) async fn come_back(&mut self, sandbox: &Sandbox) {
        self.socket = Socket::of(sandbox).await;
        self.socket.ask(&self.mediator, trust_ping::ping(true)).await;
    }

    pub(super) async fn next(&mut self, key: &KeyPair) -> crate::aries::didcomm::Message {
        open(&self.socket.next().await, key)
    }
}

#[tokio::test]
async fn a_message_reaches_a_holder_through_its_mediator_whatever_the_handshake() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let mut mediated = Mediated::new(&sandbox, client).await;
    for (handshake, method, name) in ALL {
        let invited = invite(client, "/issuer", name, false);
        let before = record(client, &invited);
        assert_eq!(before["state"], "invitation");
        let early = format!("/issuer/connections/{}/send-message", id(&before));
        let answer = client.post(&early, r#"{"content": "too early"}"#);
        assert_eq!(answer.status, 403);
        assert_eq!(answer.body, format!("403: Connection {} not ready", id(&before)));

        let invitation = invited["invitation"].clone();
        let holder = mediated.meet(client, invitation, (handshake, method)).await;
        let after = record(client, &invited);
        assert_eq!(id(&after), id(&before));
        assert_eq!(after["rfc23_state"], "completed");
        assert_eq!(after["connection_protocol"], name);
        assert_eq!(
            (&after["their_label"], &after["their_did"]),
            (&json!("holder"), &json!(short_form(&holder.did)))
        );

        let path = format!("/issuer/connections/{}", id(&after));
        let sent = client.post(&format!("{path}/send-message"), r#"{"content": "hello"}"#);
        assert_eq!((sent.status, sent.body.as_str()), (200, "{}"));
        let message = mediated.next(&holder.key).await;
        assert_eq!(basic_message::content(&message).unwrap(), "hello");
        let ping = client.post(&format!("{path}/send-ping"), r#"{"comment": "there?"}"#).json();
        let message = mediated.next(&holder.key).await;
        assert_eq!(message.kind, trust_ping::PING);
        assert_eq!(ping["thread_id"], message.id);
    }
}

#[test]
fn an_invitation_for_one_is_answered_once_and_one_for_many_each_time() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    for (multi_use, expected) in [(false, 1), (true, 2)] {
        let invited = invite(client, "/issuer", "didexchange/1.1", multi_use);
        let manner = Manner::default();
        Holder::invited(client, invited["invitation"].clone(), "/issuer", &manner);
        let (_, packed) =
            request(invited["invitation"].clone(), "/issuer", KeyPair::generate(), &manner);
        let status = client.post_envelope("/issuer", &packed).status;
        assert_eq!(status, if multi_use { 200 } else { 400 });
        let path = format!(
            "/issuer/connections?invitation_msg_id={}",
            invited["invi_msg_id"].as_str().unwrap()
        );
        assert_eq!(client.get(&path).json()["results"].as_array().unwrap().len(), expected);
    }
}

#[test]
fn what_is_for_whoever_nobody_can_reach_waits_until_it_comes_by() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let invited = invite(client, "/issuer", "didexchange/1.1", false);
    let manner = Manner::default();
    let holder = Holder::invited(client, invited["invitation"].clone(), "/issuer", &manner);
    let collected = |client: &mut Client| holder.ask(client, trust_ping::ping(false));
    assert_eq!(collected(client), None);
    let path = format!("/issuer/connections/{}/send-message", id(&record(client, &invited)));
    assert_eq!(client.post(&path, r#"{"content": "hello?"}"#).status, 200);
    let ping = holder.pack(&trust_ping::ping(true));
    let answer = client.post_envelope("/issuer", &ping);
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    let message = collected(client).unwrap();
    assert_eq!(basic_message::content(&message).unwrap(), "hello?");
    assert_eq!(collected(client).unwrap().kind, trust_ping::PING_RESPONSE);
    assert_eq!(collected(client), None);
    for _ in 0..101 {
        assert_eq!(client.post(&path, r#"{"content": "hello?"}"#).status, 200);
    }
    assert_eq!(client.get("/sandbox/stats").json()["undelivered"], 1);
}

#[test]
fn the_invitation_url_carries_the_invitation() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let invited = invite(client, "/verifier", "didexchange/1.1", false);
    let legacy = client.post("/verifier/connections/create-invitation", "{}").json();
    for (invited, parameter) in [(invited, "oob"), (legacy, "c_i")] {
        let url = invited["invitation_url"].as_str().unwrap();
        assert!(url.starts_with(&format!("{}/verifier?{parameter}=", sandbox.url())), "{url}");
        let read = crate::aries::didcomm::invitation::Invitation::read(url).unwrap();
        let crate::aries::didcomm::invitation::Written::Invitation(read) = read else {
            panic!("{read:?}")
        };
        assert_eq!(read.id, invited["invitation"]["@id"]);
    }
}

#[test]
fn an_invitation_as_before_leads_to_a_connection() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let invited = client.post("/issuer/connections/create-invitation?alias=ann", "").json();
    let manner = Manner {
        handshake: Handshake::Connections1_0,
        method: DidMethod::Unqualified,
        mediated: None,
    };
    let holder = Holder::invited(client, invited["invitation"].clone(), "/issuer", &manner);
    let record = client.get(&format!("/issuer/connections/{}", id(&invited))).json();
    assert_eq!((&record["state"], &record["alias"]), (&json!("active"), &json!("ann")));
    let answer = holder.ask(client, trust_ping::ping(true)).unwrap();
    assert_eq!(answer.kind, trust_ping::PING_RESPONSE);
}

#[tokio::test]
async fn a_menu_is_chosen_from_and_a_connection_used_again() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    let mut mediated = Mediated::new(&sandbox, client).await;
    let invited = invite(client, "/issuer", "didexchange/1.1", true);
    let manner = (Handshake::DidExchange1_1, DidMethod::Peer4);
    let holder = mediated.meet(client, invited["invitation"].clone(), manner).await;
    let record = record(client, &invited);
    let menu = json!({ "menu": {
        "title": "Tea", "description": "Which?",
        "options": [{ "name": "green", "title": "Green", "description": "Light" }],
    } });
    let path = format!("/issuer/action-menu/{}/send-menu", id(&record));
    assert_eq!(client.post(&path, &menu.to_string()).status, 200);
    let menu = mediated.next(&holder.key).await;
    let chosen = action_menu::perform(&menu, "green", &[]).unwrap();
    assert_eq!(holder.ask(client, chosen), None);

    let id = invited["invi_msg_id"].as_str().unwrap();
    let accepted = |client: &mut Client, id| {
        let reuse = out_of_band::reuse(id);
        let answer = holder.ask(client, reuse.clone()).unwrap();
        out_of_band::reuse_accepted(&answer, &reuse).is_ok()
    };
    assert!(accepted(client, id));
    assert!(!accepted(client, "nobody's"));
}
