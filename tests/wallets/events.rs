//! A system is heard, goes away, and comes back.

use std::{future::pending, io, sync::Arc, time::Duration};

use engine::{
    bus::{Change, Event, Message, Subscriber, Subscribers, TripId},
    journey::{Context, Settings, Shared, Surroundings, http},
    wallets::Wallet,
};
use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::watch,
    time::{Instant, sleep},
};
use tokio_tungstenite::{accept_async, tungstenite::Message as Frame};

/// How long a listener stays away at first.
const BACKOFF: Duration = Duration::from_millis(250);

/// Keeps all it hears.
struct Keeper(Vec<Event>);

impl Subscriber for Keeper {
    fn receive(&mut self, message: &Message) -> io::Result<()> {
        self.0.push(message.event.clone());
        Ok(())
    }
}

fn event(id: &str, state: &str) -> Value {
    let payload = json!({ "cred_ex_id": id, "role": "issuer", "state": state });
    json!({ "topic": "issue_credential_v2_0", "payload": payload })
}

/// An agent that says these things to each who comes, and hangs up; the last one it keeps.
async fn agent(listener: TcpListener, visits: Vec<Vec<Value>>) {
    let mut kept = Vec::new();
    for (number, said) in (1..).zip(&visits) {
        let (stream, _) = listener.accept().await.unwrap();
        let mut wire = accept_async(stream).await.unwrap();
        let settings = json!({ "topic": "settings", "payload": { "authenticated": true } });
        for frame in [&settings].into_iter().chain(said) {
            wire.send(Frame::text(frame.to_string())).await.unwrap();
        }
        if number == visits.len() {
            kept.push(wire);
        }
    }
    pending::<()>().await;
}

/// What is told of an issuer that says these things visit by visit.
async fn told(visits: Vec<Vec<Value>>) -> Vec<Event> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(agent(listener, visits));
    let mut seats = Subscribers::default();
    let keeper = seats.subscribe("keeper", Keeper(Vec::new())).unwrap();
    let bus = seats.open().unwrap();
    let config = json!({ "issuer": { "url": url, "events": "websocket" } });
    let shared = Arc::new(Shared::default());
    let around = Surroundings {
        bus: bus.clone(),
        began: Instant::now(),
        began_unix_ms: 0,
        seed: 0,
        journey: "it".into(),
        config: Arc::new(serde_json::from_value(config).unwrap()),
        options: Settings::default(),
        shared: Arc::clone(&shared),
        http: http::Client::new(http::Settings::default()).unwrap(),
        stopping: watch::channel(false).1,
    };
    let trip = TripId { row: 0, number: 0 };
    let ctx = Context::new(Arc::new(around), trip, Duration::ZERO);
    // The first wallet begins to listen.
    let wallet = Wallet::create(&ctx).await.unwrap();
    // The listener comes back within a moment, and hears all before the run is over.
    sleep(BACKOFF * 2).await;
    shared.settle().await;
    drop((wallet, ctx));
    bus.close();
    keeper.join().unwrap().0
}

/// The changes that were told, without times.
fn changes(told: &[Event]) -> Vec<&'static str> {
    let name = |event: &Event| match event {
        Event::Exchange { change, .. } => match change {
            Change::Started => "started",
            Change::Step { .. } => "step",
            Change::Finished { .. } => "finished",
            Change::Failed { .. } => "failed",
            Change::Lost => "lost",
            Change::Unfollowed => "unfollowed",
        },
        Event::Unheard { .. } => "unheard",
        _ => "else",
    };
    told.iter().map(name).collect()
}

#[tokio::test]
async fn what_was_under_way_when_a_system_went_away_is_lost_unless_it_is_heard_of_again() {
    let first = vec![event("a", "offer-sent"), event("b", "offer-sent")];
    let second = vec![event("b", "request-received"), event("b", "done")];
    let told = told(vec![first, second]).await;
    assert_eq!(changes(&told), ["started", "started", "unheard", "step", "finished", "lost"]);
    let Event::Unheard { party, lasted } = &told[2] else { panic!("{told:?}") };
    assert_eq!(&**party, "issuer");
    assert!(*lasted >= BACKOFF, "{lasted:?}");
}

#[tokio::test]
async fn what_cannot_be_read_may_have_been_anything() {
    let said = vec![event("a", "offer-sent"), json!({ "topic": "connections" })];
    assert_eq!(changes(&told(vec![said]).await), ["started", "lost"]);
}
