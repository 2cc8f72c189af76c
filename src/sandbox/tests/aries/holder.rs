//! The least holder that a test needs: one connection to a mediator or an agent.

use std::time::{Duration, SystemTime};

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite};

use crate::{
    aries::{
        didcomm::{
            KeyPair, Message, Verkey,
            did::{DidMethod, OwnDid},
            envelope::{Channel, Envelope},
            invitation::{Handshake, Invitation, Reach},
        },
        protocol::{
            Established, Inviter, Party, Requester,
            mediation::{self, Granted, KeylistUpdate},
            trust_ping,
        },
    },
    sandbox::{Sandbox, tests::client::Client},
};

/// Longest that a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// One side of a connection.
pub(super) struct Holder {
    pub(super) key: KeyPair,
    pub(super) did: String,
    pub(super) channel: Channel,
    /// The path of the other side's endpoint.
    pub(super) path: &'static str,
}

/// How somebody wants to be met.
pub(super) struct Manner<'a> {
    pub(super) handshake: Handshake,
    pub(super) method: DidMethod,
    /// Where it is reached; with `None` it takes answers the way that it asks.
    pub(super) mediated: Option<&'a Granted>,
}

impl Default for Manner<'_> {
    fn default() -> Self {
        let handshake = Handshake::DidExchange1_1;
        Self { handshake, method: DidMethod::Peer4, mediated: None }
    }
}

/// A handshake whose response has not come.
pub(super) struct Asking {
    key: KeyPair,
    did: OwnDid,
    requester: Requester,
    path: &'static str,
}

impl Asking {
    /// The key to which the response comes.
    pub(super) fn key(&self) -> &KeyPair {
        &self.key
    }

    /// Takes the response; says what completes the handshake.
    pub(super) fn receive(mut self, response: &Message) -> (Holder, Message) {
        let Established { their_doc, answer, .. } = self.requester.receive(response).unwrap();
        let theirs = their_doc.unwrap().services[0].recipients[0];
        let channel = Channel::new(&self.key, &theirs).unwrap();
        (Holder { key: self.key, did: self.did.did, channel, path: self.path }, answer)
    }
}

/// Reads an invitation, and makes the request that answers it, packed.
pub(super) fn request(
    invitation: Value,
    path: &'static str,
    key: KeyPair,
    manner: &Manner,
) -> (Asking, Vec<u8>) {
    let invitation = Invitation::from_value(invitation).unwrap();
    let Reach::Service(service) = &invitation.services[0] else { panic!("no service") };
    let (endpoint, routing) = match manner.mediated {
        Some(granted) => (granted.endpoint.as_str(), granted.routing.as_slice()),
        None => ("didcomm:transport/queue", [].as_slice()),
    };
    let did = OwnDid::new(manner.method, key.verkey(), endpoint, routing);
    let me = Party { label: "holder", key: &key, did: &did };
    let inviter = Inviter { did: None, keys: &service.recipients };
    let (requester, request) = Requester::begin(manner.handshake, &invitation.id, inviter, &me);
    let request = if manner.mediated.is_some() { request } else { request.with_return_route() };
    let channel = Channel::new(&key, &service.recipients[0]).unwrap();
    let packed = channel.pack(&request.to_bytes());
    (Asking { key, did, requester, path }, packed)
}

impl Holder {
    /// Connects with the mediator, answers coming the way that is asked.
    pub(super) fn of_mediator(client: &mut Client) -> Self {
        Self::of_mediator_as(client, &Manner::default())
    }

    pub(super) fn of_mediator_as(client: &mut Client, manner: &Manner) -> Self {
        let invitation = client.get("/mediator").json();
        Self::invited(client, invitation, "/mediator", manner)
    }

    /// Answers an invitation at the door that it is of.
    pub(super) fn invited(
        client: &mut Client,
        invitation: Value,
        path: &'static str,
        manner: &Manner,
    ) -> Self {
        let (asking, packed) = request(invitation, path, KeyPair::generate(), manner);
        let answer = client.post_envelope(path, &packed);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let response = open(answer.body.as_bytes(), asking.key());
        let (holder, complete) = asking.receive(&response);
        let done = client.post_envelope(path, &holder.pack(&complete));
        assert_eq!((done.status, done.body.as_str()), (200, ""));
        holder
    }

    pub(super) fn pack(&self, message: &Message) -> Vec<u8> {
        self.channel.pack(&message.to_bytes())
    }

    /// Asks over HTTP; the answer comes the same way.
    pub(super) fn ask(&self, client: &mut Client, message: Message) -> Option<Message> {
        let answer = client.post_envelope(self.path, &self.pack(&message.with_return_route()));
        assert_eq!(answer.status, 200, "{}", answer.body);
        (!answer.body.is_empty()).then(|| open(answer.body.as_bytes(), &self.key))
    }

    /// Asks over HTTP for one message that waits.
    pub(super) fn collect(&self, client: &mut Client) -> Option<Value> {
        let ping = trust_ping::ping(false).with_return_route();
        let answer = client.post_envelope(self.path, &self.pack(&ping));
        assert_eq!(answer.status, 200, "{}", answer.body);
        (!answer.body.is_empty()).then(|| answer.json())
    }

    /// Has the mediator take messages for a key.
    pub(super) fn be_granted(&self, client: &mut Client, key: Verkey) -> Granted {
        let granted = mediation::granted(&self.ask(client, mediation::request()).unwrap()).unwrap();
        let update = KeylistUpdate { add: vec![key], remove: Vec::new() };
        update.confirmed(&self.ask(client, update.message()).unwrap()).unwrap();
        granted
    }
}

/// Opens an envelope for a key.
pub(super) fn open(packed: &[u8], key: &KeyPair) -> Message {
    let opened = Envelope::parse(packed).unwrap().open(key, None).unwrap();
    Message::parse(&opened.plaintext).unwrap()
}

/// An envelope, however its fields are ordered.
pub(super) fn envelope(packed: &[u8]) -> Value {
    serde_json::from_slice(packed).unwrap()
}

/// A WebSocket to the mediator.
pub(super) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub(super) async fn of(sandbox: &Sandbox) -> Self {
        let url = format!("{}/ws", sandbox.target("mediator").replacen("http", "ws", 1));
        Self(timeout(PATIENCE, connect_async(url)).await.unwrap().unwrap().0)
    }

    pub(super) async fn send(&mut self, packed: Vec<u8>) {
        self.0.send(tungstenite::Message::Binary(packed.into())).await.unwrap();
    }

    pub(super) async fn send_text(&mut self, text: &str) {
        self.0.send(tungstenite::Message::text(text)).await.unwrap();
    }

    /// The next packed message.
    pub(super) async fn next(&mut self) -> Vec<u8> {
        match timeout(PATIENCE, self.0.next()).await.unwrap().unwrap().unwrap() {
            tungstenite::Message::Binary(packed) => packed.to_vec(),
            other => panic!("{other:?} is no packed message"),
        }
    }

    /// Asks, and waits for the answer.
    pub(super) async fn ask(&mut self, holder: &Holder, message: Message) -> Message {
        self.send(holder.pack(&message.with_return_route())).await;
        open(&self.next().await, &holder.key)
    }

    /// Waits until the other side closes.
    pub(super) async fn ends(&mut self) {
        let ends = async {
            loop {
                match self.0.next().await {
                    Some(Ok(tungstenite::Message::Close(_)) | Err(_)) | None => break,
                    Some(Ok(_)) => {}
                }
            }
        };
        timeout(PATIENCE, ends).await.unwrap();
    }
}

/// Waits until a number of the sandbox's statistics is as it should be.
pub(super) fn wait_for(client: &mut Client, name: &str, expected: u64) {
    let begin = SystemTime::now();
    loop {
        let stats = client.get("/sandbox/stats").json();
        if stats[name] == expected {
            return;
        }
        let waited = begin.elapsed().unwrap_or_default();
        assert!(waited < PATIENCE, "`{name}` does not become {expected}: {stats}");
        std::thread::yield_now();
    }
}
