//! A system is heard, goes away, and comes back.

use std::io;

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, time::Instant};
use tokio_tungstenite::{accept_async, tungstenite::Message as Frame};

use super::*;
use crate::{
    bus::{Event, Message, Subscriber, Subscribers, TripId},
    journey::{Shared, Surroundings, http},
};

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
    listen(&ctx).await.unwrap();
    // The listener comes back within a moment, and hears all before the run is over.
    sleep(BACKOFF.0 * 2).await;
    shared.settle().await;
    drop(ctx);
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
    assert!(*lasted >= BACKOFF.0, "{lasted:?}");
}

#[tokio::test]
async fn what_cannot_be_read_may_have_been_anything() {
    let said = vec![event("a", "offer-sent"), json!({ "topic": "connections" })];
    assert_eq!(changes(&told(vec![said]).await), ["started", "lost"]);
}

#[test]
fn events_are_configured_where_they_can_come() {
    let read = |config: Value| {
        let config = serde_json::from_value(config).unwrap();
        EventSettings::read(&config).err().unwrap_or_else(|| "right".into())
    };
    let issuer = |events: &str| json!({ "url": "http://127.0.0.1:8031", "events": events });
    let tenant = json!({
        "kind": "traction", "url": "http://127.0.0.1:1", "tenant_id": "t", "api_key": "k",
        "events": "websocket",
    });
    let webhooks = json!({ "listen": "127.0.0.1:7900" });
    let answers = [
        json!({ "issuer": issuer("websocket") }),
        json!({ "issuer": issuer("webhooks"), "webhooks": webhooks }),
        json!({ "issuer": issuer("webhooks") }),
        json!({ "gateway": issuer("polling") }),
        json!({ "verifier": tenant }),
        json!({ "webhooks": { "listen": "7900" } }),
    ];
    insta::assert_snapshot!(answers.map(read).join("\n"), @r#"
    right
    right
    `webhooks` in [config] is not set, where the issuer is to post its events; write it like webhooks = { listen = "0.0.0.0:7900", key = "…" }
    `gateway` in [config]: `events` must be false or "websocket" or "webhooks"; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`
    `verifier` in [config]: a tenant's `events` come as "webhooks" alone; a right one is `{ kind = "traction", url = "https://proxy.example", tenant_id = "…", api_key = "…" }`
    `webhooks` in [config]: listen: invalid socket address syntax; write it like webhooks = { listen = "0.0.0.0:7900", key = "…" }
    "#);
}
