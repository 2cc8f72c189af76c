//! Every wait ends, and says what it ended of.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    HANDSHAKES, World,
    fake::{GIVES_UP, Ill},
    seconds,
};
use crate::aries::holder::{HolderError, Settings};

/// The longest wait of a holder.
const LIMIT: Duration = Duration::from_secs(7);

fn settings() -> Settings {
    Settings { answer_limit: LIMIT, ..Settings::default() }
}

/// What everything that waits for an answer ends of while the others are ill, and when.
async fn endings(ill: Ill) -> Vec<(&'static str, String, Duration)> {
    let (world, id) = World::mediated(settings()).await;
    let (holder, fake) = (&world.holder, &world.fake);
    holder.go_offline().await;
    let stranger = World::new(settings());
    fake.fall_ill(ill);
    stranger.fake.fall_ill(ill);

    let mut all = Vec::new();
    let mut end = |what, begun: Instant, result: Result<(), HolderError>| {
        let kind = result.map_or_else(|it| it.kind().into_owned(), |()| "done".to_owned());
        all.push((what, kind, begun.elapsed()));
    };
    let now = Instant::now;
    end("mediator", now(), stranger.holder.connect_mediator(&stranger.fake.mediator()).await);
    for handshake in HANDSHAKES {
        end("handshake", now(), stranger.connect(handshake).await.map(drop));
    }
    end("route", now(), world.connect(HANDSHAKES[0]).await.map(drop));
    end("ping mediator", now(), holder.ping_mediator().await);
    end("receive", now(), holder.receive_text(&id).await.map(drop));
    end("forget", now(), holder.forget(&id).await);
    assert!(!stranger.holder.is_mediated());
    assert!(stranger.holder.record().connections.is_empty());
    assert!(holder.record().connections.is_empty());
    all
}

async fn check(ill: Ill, kind: &str, after: Duration) {
    for (what, ended_of, took) in endings(ill).await {
        // Nobody was asked for it.
        let (kind, after) = if what == "receive" { ("no response", LIMIT) } else { (kind, after) };
        assert_eq!((&*ended_of, took), (kind, after), "{what} with {ill:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_no_response_when_the_limit_is_over() {
    check(Ill::Silent, "no response", LIMIT).await;
}

#[tokio::test(start_paused = true)]
async fn a_problem_report_ends_a_wait_at_once() {
    check(Ill::Problem("request_not_accepted"), "problem report: request_not_accepted", seconds(0))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_status_that_is_no_success_ends_a_wait_at_once() {
    check(Ill::Status(503), "status 503", seconds(0)).await;
    check(Ill::Status(302), "status 302", seconds(0)).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_ends_a_wait_when_the_http_client_gives_up() {
    check(Ill::Hanging, "timeout", GIVES_UP).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_a_stranger_has_signed_is_wrong() {
    for handshake in HANDSHAKES {
        let world = World::new(settings());
        world.fake.fall_ill(Ill::Forged);
        let error = world.connect(handshake).await.unwrap_err();
        assert_eq!(error.kind(), "wrong message", "{handshake:?}: {error}");
        assert!(world.holder.connections("issuer").is_empty());
        let error = world.holder.connect_mediator(&world.fake.mediator()).await.unwrap_err();
        assert_eq!(error.kind(), "wrong message", "{error}");
        assert!(!world.holder.is_mediated());
    }
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_a_mediator_fails_can_try_again() {
    let world = World::new(settings());
    world.fake.fall_ill(Ill::Silent);
    world.holder.connect_mediator(&world.fake.mediator()).await.unwrap_err();
    world.fake.fall_ill(None);
    world.holder.connect_mediator(&world.fake.mediator()).await.unwrap();
    world.holder.ping_mediator().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn errors_say_what_was_waited_for_and_who_refused() {
    let world = World::new(settings());
    let id = world.connect(HANDSHAKES[2]).await.unwrap();
    let mut said = Vec::new();
    for ill in [Ill::Silent, Ill::Status(503), Ill::Problem("busy")] {
        world.fake.fall_ill(ill);
        said.push(world.holder.ping(&id).await.unwrap_err().to_string());
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    no response: waited 7s for the response to a ping
    http://inviter answered a https://didcomm.org/trust_ping/1.0/ping with status 503: busy
    the other side reports a problem: busy: sorry
    ");
}
