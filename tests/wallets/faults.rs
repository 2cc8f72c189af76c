//! Sockets close, messages are lost, a sandbox is restarted: holders live on.

use std::time::Duration;

use engine::{
    aries::{holder::Settings, protocol::pickup::Strategy},
    sandbox::Switches,
};

use crate::world::{World, revive, settings};

#[tokio::test]
async fn a_socket_that_the_mediator_closes_is_opened_again_by_itself() {
    let life = Duration::from_millis(60);
    let world = World::with(Switches { close_sockets_after: Some(life), ..Switches::default() });
    // What is acknowledged is not lost with the socket that it was sent over.
    let pickup = Strategy::Pickup2 { live: true };
    let known = world.know(Settings { pickup, ..settings() }).await;
    let mut written = 0;
    while known.ear.told("websocket closed") < 5 {
        world.issuer.write(&known, &written.to_string()).await;
        assert_eq!(known.read().await.unwrap(), written.to_string(), "{}", known.ear);
        written += 1;
    }
    assert!(written > 5);
    assert_eq!(known.ear.told("reconnect failed"), 0, "{}", known.ear);
}

#[tokio::test]
async fn a_lost_message_is_no_response() {
    let mut world = World::new();
    let known = world.know(settings()).await;
    known.holder.go_offline().await;
    world.stop();
    world.start(Switches { loss: 1.0, ..Switches::default() });
    let limit = Duration::from_millis(100);
    let hasty = Settings { answer_limit: limit, ..settings() };
    let (holder, ear) = revive(hasty, known.holder.record());
    holder.go_online().await.unwrap();
    let failed = holder.ping_mediator().await.unwrap_err();
    insta::assert_snapshot!(failed, @"no response: waited 100ms for the response to a ping");
    assert_eq!(holder.ping(&known.id).await.unwrap_err().kind(), "no response");
    assert_eq!(holder.receive_text(&known.id).await.unwrap_err().kind(), "no response");
    assert_eq!(ear.told("reconnect failed"), 0, "{ear}");
}

#[tokio::test]
async fn a_recorded_holder_lives_on_when_the_sandbox_was_restarted() {
    let mut world = World::new();
    let known = world.know(settings()).await;
    known.holder.go_offline().await;
    // Until it has heard the goodbye, the mediator sends to a socket that nobody reads from.
    world.until("sockets", 0).await;
    world.issuer.write(&known, "before").await;
    // The issuer's own queue ends with it.
    world.until("queued", 1).await;
    let record = known.holder.record();
    world.stop();
    world.start(Switches::default());
    world.issuer.write(&known, "after").await;
    let (holder, ear) = revive(settings(), record);
    holder.go_online().await.unwrap();
    holder.ping_mediator().await.unwrap();
    holder.ping(&known.id).await.unwrap();
    assert_eq!(holder.receive_text(&known.id).await.unwrap(), "before");
    assert_eq!(holder.receive_text(&known.id).await.unwrap(), "after");
    assert_eq!(ear.to_string(), "[]");
}

#[tokio::test]
async fn a_holder_that_is_online_comes_back_to_a_sandbox_that_was_restarted() {
    for pickup in [Strategy::Implicit, Strategy::Pickup1, Strategy::Pickup2 { live: true }] {
        let mut world = World::new();
        let known = world.know(Settings { pickup, ..settings() }).await;
        world.stop();
        known.ear.hears("reconnect failed", 2).await;
        let away = known.holder.ping_mediator().await.unwrap_err();
        assert!(["websocket closed", "io"].contains(&&*away.kind()), "{away}");
        world.start(Switches::default());
        world.issuer.write(&known, "welcome back").await;
        assert_eq!(known.read().await.unwrap(), "welcome back", "{pickup}: {}", known.ear);
        known.holder.ping_mediator().await.unwrap();
    }
}

#[tokio::test]
async fn a_mediator_that_is_not_there_is_told_at_once() {
    let mut world = World::new();
    let known = world.know(settings()).await;
    known.holder.go_offline().await;
    world.stop();
    let refused = known.holder.go_online().await.unwrap_err();
    assert_eq!(refused.kind(), "connection refused");
    let (holder, _) = revive(Settings { socket: false, ..settings() }, known.holder.record());
    assert_eq!(holder.go_online().await.unwrap_err().kind(), "io");
}

#[tokio::test]
async fn a_busy_mediator_is_told_by_its_status() {
    let mut world = World::new();
    let known = world.know(settings()).await;
    known.holder.go_offline().await;
    world.stop();
    world.start(Switches { failure_rate: 1.0, ..Switches::default() });
    let refused = known.holder.ping(&known.id).await.unwrap_err();
    assert_eq!(refused.kind(), "status 503");
    let refused = known.holder.go_online().await.unwrap_err();
    assert_eq!(refused.kind(), "websocket");
}
