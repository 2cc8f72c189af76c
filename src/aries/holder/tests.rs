use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;
use tokio::time::{Duration, Instant};

use super::{Agency, Holder, HolderError, Means, Observer, Received, Sent, Settings, Trouble};
use crate::aries::{
    didcomm::{
        KeyPair, Kind, Message,
        did::{DidMethod, OwnDid, Service},
        envelope::{Channel, Envelope},
        invitation::{Handshake, Invitation, Reach},
    },
    protocol::{
        Party, Responder, mediation,
        pickup::{Strategy, v2},
    },
    transport::{Answer, Body, Call, Http, Sending},
};

const HTTP: &str = "http://mediator.example";
const SOCKET: &str = "ws://mediator.example/ws";

/// A mediator that answers as ACA-Py does: its invitation names its first endpoint alone, its
/// document names all of them, and its grant is on no thread.
struct Mediator {
    key: KeyPair,
    /// How many questions for its status it leaves unanswered.
    deaf: AtomicUsize,
}

impl Mediator {
    fn new(deaf: usize) -> Arc<Self> {
        Arc::new(Self { key: KeyPair::generate(), deaf: deaf.into() })
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
            _ => None,
        }
    }
}

impl Http for Mediator {
    fn send(&self, call: Call) -> Sending<'_> {
        let Body::Envelope(packed) = call.body else { panic!("a holder only posts envelopes") };
        let opened = Envelope::parse(&packed).unwrap().open(&self.key, None).unwrap();
        let channel = Channel::new(&self.key, &opened.sender.unwrap()).unwrap();
        let answer = self.answer(&Message::parse(&opened.plaintext).unwrap());
        let body = answer.map(|it| channel.pack(&it.to_bytes())).unwrap_or_default().into();
        Box::pin(async move { Ok(Answer { status: 200, location: None, body }) })
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
