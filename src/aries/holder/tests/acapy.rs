//! A mediator that answers as ACA-Py does.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::json;
use tokio::time::{Duration, Instant, sleep};

use super::super::{
    Agency, Holder, HolderError, Means, Observer, Received, Sent, Settings, Trouble,
};
use crate::aries::{
    didcomm::{
        KeyPair, Kind, Message, Verkey,
        did::{DidMethod, OwnDid, Service},
        envelope::{Channel, Envelope},
        invitation::{Handshake, Invitation, Reach},
    },
    protocol::{
        Party, Responder, basic_message, mediation,
        pickup::{Strategy, v2},
    },
    transport::{Answer, Body, Call, Http, Sending},
};

const HTTP: &str = "http://mediator.example";
const SOCKET: &str = "ws://mediator.example/ws";

/// A mediator that answers as ACA-Py does: its invitation names its first endpoint alone, its
/// document names all of them, its grant is on no thread, and a ping brings one message. It is an
/// issuer as well: whoever is invited again is written to.
struct Mediator {
    key: KeyPair,
    kept: Mutex<VecDeque<Vec<u8>>>,
    /// How long it takes to find a message that it keeps.
    slow: Duration,
    /// How many questions for its status it leaves unanswered.
    deaf: AtomicUsize,
}

impl Mediator {
    fn new(deaf: usize) -> Arc<Self> {
        let (key, slow) = (KeyPair::generate(), Duration::from_millis(1500));
        Arc::new(Self { key, kept: Mutex::default(), slow, deaf: deaf.into() })
    }

    fn invitation(&self) -> Invitation {
        Invitation {
            id: "invitation".into(),
            label: None,
            handshakes: vec![Handshake::DidExchange1_0],
            services: vec![Reach::Service(Service {
                recipients: vec![*self.key.verkey()],
                routing: Vec::new(),
                endpoint: HTTP.into(),
                priority: 0,
            })],
            attached: Vec::new(),
            out_of_band: true,
        }
    }

    fn response(&self, request: &Message) -> Message {
        let mut did = OwnDid::new(DidMethod::Unqualified, self.key.verkey(), HTTP, &[]);
        let services = did.document.as_mut().unwrap()["service"].as_array_mut().unwrap();
        let mut second = services[0].clone();
        second["serviceEndpoint"] = SOCKET.into();
        services.push(second);
        let me = Party { label: "mediator", key: &self.key, did: &did };
        Responder::receive(request, &self.key, &me, 0).unwrap().1.answer
    }

    fn answer(&self, message: &Message) -> Option<Message> {
        match &*message.kind.name {
            "request" => Some(self.response(message)),
            "mediate-request" => {
                let grant = Message::new(mediation::GRANT).with("endpoint", HTTP);
                Some(grant.with("routing_keys", json!([])))
            }
            "status-request" => {
                let hears = |left: usize| left.checked_sub(1);
                let deaf = self.deaf.fetch_update(Ordering::Relaxed, Ordering::Relaxed, hears);
                let status = Message::answer(v2::STATUS, message).with("message_count", 0);
                deaf.is_err().then_some(status)
            }
            "keylist-update" => {
                let mut updated = message.fields["updates"].clone();
                updated[0]["result"] = "success".into();
                let response = Message::answer(mediation::UPDATE_RESPONSE, message);
                Some(response.with("updated", updated))
            }
            _ => None,
        }
    }

    fn write(&self, texts: &[&str], to: &Verkey) {
        let channel = Channel::new(&self.key, to).unwrap();
        let written = texts.iter().map(|text| {
            let message = basic_message::message(text, "2026-11-21T00:51:22Z");
            channel.pack(&message.to_bytes())
        });
        self.kept.lock().unwrap().extend(written);
    }
}

impl Http for Mediator {
    fn send(&self, call: Call) -> Sending<'_> {
        let Body::Envelope(packed) = call.body else { panic!("a holder only posts envelopes") };
        let opened = Envelope::parse(&packed).unwrap().open(&self.key, None).unwrap();
        let channel = Channel::new(&self.key, &opened.sender.unwrap()).unwrap();
        let message = Message::parse(&opened.plaintext).unwrap();
        let answer = self.answer(&message).map(|it| channel.pack(&it.to_bytes()));
        Box::pin(async move {
            let body = match answer {
                Some(answer) => answer,
                None if message.kind.name == "ping" => {
                    sleep(self.slow).await;
                    self.kept.lock().unwrap().pop_front().unwrap_or_default()
                }
                None => Vec::new(),
            };
            Ok(Answer { status: 200, location: None, body: body.into() })
        })
    }
}

struct Nobody;

impl Observer for Nobody {
    fn sent(&self, _: &Kind, _: Sent) {}
    fn received(&self, _: &Kind, _: Received) {}
    fn trouble(&self, _: &Trouble) {}
}

async fn mediated(mediator: &Arc<Mediator>, settings: Settings) -> Holder {
    let agency = Arc::new(Agency::new(settings, None, None));
    let http = Arc::clone(mediator);
    let holder = Holder::create(agency, Means { http, observer: Arc::new(Nobody) }, "holder");
    holder.connect_mediator(&mediator.invitation()).await.unwrap();
    holder
}

fn asking(pickup: Strategy) -> Settings {
    Settings { pickup, socket: false, ..Settings::default() }
}

#[tokio::test(start_paused = true)]
async fn a_websocket_that_only_the_mediators_document_names_is_found() {
    let holder = mediated(&Mediator::new(0), Settings::default()).await;
    let mediator = holder.record().mediator.unwrap();
    assert_eq!((&*mediator.endpoint, mediator.socket.as_deref()), (HTTP, Some(SOCKET)));
}

#[tokio::test(start_paused = true)]
async fn a_configured_websocket_comes_before_the_documents() {
    let wanted = Some("wss://else.example".to_owned());
    let settings = Settings { socket_url: wanted.clone(), ..Settings::default() };
    let holder = mediated(&Mediator::new(0), settings).await;
    assert_eq!(holder.record().mediator.unwrap().socket, wanted);
}

#[tokio::test(start_paused = true)]
async fn a_holder_is_online_once_the_mediator_has_told_its_status() {
    for live in [false, true] {
        let holder = mediated(&Mediator::new(2), asking(Strategy::Pickup2 { live })).await;
        let begun = Instant::now();
        holder.go_online().await.unwrap();
        assert_eq!(begun.elapsed(), Duration::from_secs(4));
    }
}

#[tokio::test(start_paused = true)]
async fn a_mediator_that_never_tells_its_status_has_nobody_online() {
    let settings = asking(Strategy::Pickup2 { live: true });
    let holder = mediated(&Mediator::new(usize::MAX), settings).await;
    let error = holder.go_online().await.unwrap_err();
    assert!(matches!(error, HolderError::NoResponse { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_mediator_is_asked_for_as_long_as_messages_come() {
    let mediator = Mediator::new(0);
    let poll_every = Duration::from_hours(1);
    let settings = Settings { poll_every, ..asking(Strategy::Implicit) };
    let holder = mediated(&mediator, settings).await;
    let issuer = holder.accept(&mediator.invitation(), "issuer", None).await.unwrap();
    mediator.write(&["a", "b", "c", "d"], &holder.record().connections[0].key);
    holder.go_online().await.unwrap();
    for text in ["a", "b", "c", "d"] {
        assert_eq!(holder.receive_text(&issuer).await.unwrap(), text);
    }
}
