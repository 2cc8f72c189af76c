//! What is taken of whoever comes first.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::{
    World, agency,
    office::{BEGINNING, Office, request},
};
use crate::aries::{
    didcomm::Kind,
    holder::{
        Exchanged, Holder, Means, Observer, Received, Sent, Settings, Trouble,
        tests::{HANDSHAKES, fake::Ill, seconds, settle, text},
    },
    protocol::{Format, pickup::Strategy},
};

/// One whose holder deals in credentials, and has a mediator that it asks now and then.
async fn asking() -> World {
    let pickup = Strategy::Pickup1;
    let world = World::of(agency(Settings { pickup, socket: false, ..Settings::default() }));
    world.fake.state().inviter.office = Some(Office::new());
    world.holder.connect_mediator(&world.fake.mediator()).await.unwrap();
    world.holder.go_online().await.unwrap();
    world
}

#[tokio::test(start_paused = true)]
async fn a_message_of_anybody_is_taken_once_whether_it_came_before_or_comes_now() {
    let (world, ids) = World::posted(2).await;
    world.fake.say(1, &text("before"));
    assert_eq!(world.holder.receive_any_text().await.unwrap(), "before");
    let say = async {
        settle().await;
        world.fake.say(0, &text("now"));
    };
    let (heard, ()) = tokio::join!(world.holder.receive_any_text(), say);
    assert_eq!(heard.unwrap(), "now");
    assert_eq!(world.holder.receive_any_text().await.unwrap_err().kind(), "no response");
    assert_eq!(world.holder.receive_text(&ids[0]).await.unwrap_err().kind(), "no response");
}

#[tokio::test(start_paused = true)]
async fn offers_of_anybody_are_shared_out_among_those_who_wait() {
    let (world, id) = World::dealing().await;
    world.fake.office(|it| it.is_frank = true);
    let offers = [Format::Indy, Format::AnonCreds].map(|it| world.fake.office(|o| o.offer(it)));
    world.fake.say(0, &offers[0]);
    let early = world.holder.accept_any_credential().await.unwrap().credential;
    assert_eq!((early.connection, early.thread_id), (Some(id), offers[0].id.clone()));
    let say = async {
        settle().await;
        // The first is repeated, as mediators do.
        world.fake.say(0, &offers[0]);
        world.fake.say(0, &offers[1]);
    };
    let (late, ()) = tokio::join!(world.holder.accept_any_credential(), say);
    assert_eq!(late.unwrap().credential.thread_id, offers[1].id);
}

#[tokio::test(start_paused = true)]
async fn a_request_of_anybody_is_answered_without_waiting_for_the_verdict() {
    let (world, id) = World::dealing().await;
    world.issue(&id, Format::AnonCreds).await.unwrap();
    let asked = request("name", &json!({ "to": BEGINNING }));
    let asked = world.fake.office(|it| it.ask(Format::AnonCreds, asked));
    world.fake.say(0, &asked);
    let begun = tokio::time::Instant::now();
    let presented = world.holder.answer_any_request().await.unwrap();
    assert_eq!((presented.thread_id, presented.connection), (asked.id, Some(id)));
    assert_eq!((presented.verdict, presented.acked_in), (None, None));
    assert!(begun.elapsed() < seconds(1));
    assert!(world.is_verified());
}

#[tokio::test(start_paused = true)]
async fn a_mediators_complaints_are_none_of_whoever_waits_for_anybody() {
    let world = asking().await;
    world.connect(HANDSHAKES[2]).await.unwrap();
    world.fake.fall_ill(Ill::Problem("message-parse-failure"));
    let say = async {
        tokio::time::sleep(world.agency.settings.poll_every * 3).await;
        settle().await;
        world.fake.fall_ill(None);
        world.fake.say(0, &text("still here"));
    };
    let (heard, ()) = tokio::join!(world.holder.receive_any_text(), say);
    assert_eq!(heard.unwrap(), "still here");
    assert_eq!(world.ear.told("problem report"), 3);
}

#[tokio::test(start_paused = true)]
async fn an_offer_that_comes_with_the_answer_to_a_handshake_is_taken() {
    let world = asking().await;
    let offer = world.fake.office(|it| it.offer(Format::AnonCreds));
    let connect = async {
        let say = async {
            settle().await;
            // The answer to the handshake is picked up together with it.
            world.fake.say(0, &offer);
        };
        tokio::join!(world.connect(HANDSHAKES[2]), say).0.unwrap()
    };
    // Whoever waits for the offer goes on before the handshake does.
    let (accepted, id) = tokio::join!(biased; world.holder.accept_any_credential(), connect);
    assert_eq!(accepted.unwrap().credential.connection, Some(id));
}

#[derive(Default)]
struct Told(Mutex<Vec<(&'static str, Exchanged)>>);

impl Observer for Told {
    fn sent(&self, _: &Kind, _: Sent) {}

    fn received(&self, _: &Kind, _: Received) {}

    fn trouble(&self, _: &Trouble) {}

    fn exchange(&self, protocol: &'static str, became: Exchanged) {
        self.0.lock().unwrap().push((protocol, became));
    }
}

#[tokio::test(start_paused = true)]
async fn exchanges_with_anybody_are_told_of() {
    let world = asking().await;
    let told = Arc::new(Told::default());
    let means = Means { http: world.fake.clone(), observer: told.clone() };
    let holder = Holder::create(Arc::clone(&world.agency), means, "bea");
    holder.accept_any_credential().await.unwrap_err();
    holder.answer_any_request().await.unwrap_err();
    let failed = || Exchanged::Failed { kind: "no response".into() };
    let expected =
        ["issue-credential", "present-proof"].map(|it| [(it, Exchanged::Started), (it, failed())]);
    assert_eq!(*told.0.lock().unwrap(), expected.concat());
}
