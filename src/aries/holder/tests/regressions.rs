//! What once went wrong: holders that are revived, and everybody else behind one HTTP client.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use super::super::{
    Agency, ConnectionRecord, Holder, HolderRecord, Means, MediatorRecord, Observer, Received,
    Sent, Settings, Trouble,
};
use crate::aries::{
    didcomm::{
        KeyPair, Kind, Message, Verkey,
        envelope::{Channel, Envelope, seal},
    },
    protocol::basic_message,
    transport::{Answer, Body, Call, Http, Sending},
};

/// How long an answer takes.
const TRIP: Duration = Duration::from_secs(1);

/// Everybody else: gives one message that waits for each that comes.
#[derive(Default)]
struct Others {
    keys: HashMap<Verkey, KeyPair>,
    waiting: Mutex<VecDeque<Vec<u8>>>,
    heard: Mutex<Vec<Kind>>,
    sent: Mutex<Vec<Sent>>,
    received: Mutex<Vec<Received>>,
}

impl Http for Others {
    fn send(&self, call: Call) -> Sending<'_> {
        Box::pin(async move {
            let Body::Envelope(packed) = call.body else { panic!("no envelope") };
            let envelope = Envelope::parse(&packed).unwrap();
            let key = envelope.recipients().find_map(|key| self.keys.get(key)).unwrap();
            let opened = envelope.open(key, None).unwrap();
            self.heard.lock().unwrap().push(Message::parse(&opened.plaintext).unwrap().kind);
            tokio::time::sleep(TRIP).await;
            let body = self.waiting.lock().unwrap().pop_front().unwrap_or_default();
            Ok(Answer { status: 200, location: None, body: body.into() })
        })
    }
}

impl Observer for Others {
    fn sent(&self, _: &Kind, figures: Sent) {
        self.sent.lock().unwrap().push(figures);
    }

    fn received(&self, _: &Kind, figures: Received) {
        self.received.lock().unwrap().push(figures);
    }

    fn trouble(&self, _: &Trouble) {}
}

/// A connection of a holder's, and the key of its other side.
fn connection(id: &str) -> (ConnectionRecord, KeyPair) {
    let (ours, theirs) = (KeyPair::generate(), KeyPair::generate());
    let record = ConnectionRecord {
        id: id.to_owned(),
        system: "issuer".into(),
        remote_id: None,
        seed: *ours.seed(),
        key: *ours.verkey(),
        my_did: String::new(),
        their_did: String::new(),
        their_label: String::new(),
        invited_by: None,
        recipient: *theirs.verkey(),
        routing: Vec::new(),
        endpoint: "http://others".into(),
    };
    (record, theirs)
}

/// A holder with an issuer, and with a mediator if so; `texts` wait for it.
fn revive(is_mediated: bool, settings: Settings, texts: u32) -> (Holder, Arc<Others>) {
    let ((issuer, by), (with, at)) = (connection("issuer"), connection("mediator"));
    let line = Channel::new(&by, &issuer.key).unwrap();
    let waiting = (0..texts).map(|n| line.pack(&text(n).to_bytes())).collect();
    let keys = [by, at].map(|key| (*key.verkey(), key)).into();
    let others = Arc::new(Others { keys, waiting: Mutex::new(waiting), ..Others::default() });
    let mediator = MediatorRecord {
        connection: with,
        endpoint: "http://others".into(),
        routing: Vec::new(),
        socket: None,
    };
    let record = HolderRecord {
        id: "h1".into(),
        version: 1,
        label: "ann".into(),
        made_with: [].into(),
        mediator: is_mediated.then_some(mediator),
        connections: vec![issuer],
        link_secret: None,
        credentials: Vec::new(),
    };
    let means = Means { http: others.clone(), observer: others.clone() };
    let agency = Arc::new(Agency::new(settings, None, None));
    (Holder::revive(agency, means, record).unwrap(), others)
}

fn text(number: u32) -> Message {
    basic_message::message(&number.to_string(), "2026-11-21T00:51:22Z")
}

#[tokio::test(start_paused = true)]
async fn a_holder_without_a_way_in_calls_for_what_waits() {
    let (holder, others) = revive(false, Settings::default(), 2);
    assert_eq!(holder.receive_text("issuer").await.unwrap(), "0");
    assert_eq!(holder.receive_text("issuer").await.unwrap(), "1");
    assert_eq!(others.heard.lock().unwrap().len(), 2);
    let silence = holder.receive_text("issuer").await.unwrap_err();
    assert_eq!(silence.kind(), "no response");
    // One at once, then one each 2 s after the last, which take 1 s.
    assert_eq!(others.heard.lock().unwrap().len(), 2 + 10);
}

#[tokio::test(start_paused = true)]
async fn a_long_queue_is_asked_for_to_its_end() {
    let poll_every = Duration::from_hours(1);
    let (holder, _others) = revive(true, Settings { poll_every, ..Settings::default() }, 20);
    holder.go_online().await.unwrap();
    for number in 0..20 {
        assert_eq!(holder.receive_text("issuer").await.unwrap(), number.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_comes_online_twice_asks_as_often_as_once() {
    let (holder, others) = revive(true, Settings::default(), 0);
    holder.go_online().await.unwrap();
    holder.go_online().await.unwrap();
    let before = others.heard.lock().unwrap().len();
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(others.heard.lock().unwrap().len(), before + 10);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_queued_until_somebody_asks_and_what_is_posted_is_told_by_its_client() {
    let (holder, others) = revive(true, Settings::default(), 1);
    holder.go_online().await.unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(holder.receive_text("issuer").await.unwrap(), "0");
    assert_eq!(others.received.lock().unwrap()[0].queued, Duration::ZERO);
    assert!(others.sent.lock().unwrap().iter().all(|it| it.sending.is_zero()));
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_is_bounded_in_bytes() {
    let (holder, others) = revive(false, Settings::default(), 0);
    let key = others.keys.keys().find(|key| *key == &holder.record().connections[0].recipient);
    let line = Channel::new(&others.keys[key.unwrap()], &holder.record().connections[0].key);
    let large = basic_message::message(&"x".repeat(1 << 20), "2026-11-21T00:51:22Z");
    for number in 0..5 {
        let message = if number == 4 { text(number) } else { large.clone() };
        let packed = line.as_ref().unwrap().pack(&message.to_bytes());
        others.waiting.lock().unwrap().push_back(packed);
        holder.send("issuer", text(0)).await.unwrap();
    }
    let mut left = Vec::new();
    while let Ok(text) = holder.receive_text("issuer").await {
        left.push(text.len());
    }
    assert_eq!(left, [1 << 20, 1 << 20, 1]);
}

#[test]
fn a_message_from_nobody_known_is_no_message_of_a_connection() {
    let (holder, others) = revive(false, Settings::default(), 0);
    let key = holder.record().connections[0].key;
    let endpoint = Some("http://load".to_owned());
    let agency = Arc::new(Agency::new(Settings { endpoint, ..Settings::default() }, None, None));
    let means = Means { http: others.clone(), observer: others.clone() };
    let housed = Holder::revive(Arc::clone(&agency), means, holder.record()).unwrap();
    assert!(agency.receive(&seal(&text(0).to_bytes(), &key).unwrap()));
    assert!(others.received.lock().unwrap().is_empty());
    drop(housed);
    assert!(!agency.receive(&seal(&text(0).to_bytes(), &key).unwrap()));
}

/// A record as a later program may write it.
#[derive(serde::Serialize)]
struct Later {
    #[serde(flatten)]
    record: HolderRecord,
    badges: Vec<u8>,
}

#[test]
fn a_record_with_more_in_it_is_read() {
    let (holder, _others) = revive(true, Settings::default(), 0);
    let record = holder.record();
    let later = Later { record: record.clone(), badges: vec![1] };
    let written = rmp_serde::to_vec_named(&later).unwrap();
    assert!(rmp_serde::from_slice::<HolderRecord>(&written).unwrap() == record);
}
