//! A holder gets to know a mediator and an inviter, and lives on in another process.

use super::{HANDSHAKES, World, seconds, settle, text};
use crate::aries::{didcomm::did::DidMethod, holder::Settings};

#[tokio::test(start_paused = true)]
async fn a_holder_gets_to_know_an_inviter_by_each_handshake_and_asks_back_the_way_it_came() {
    for handshake in HANDSHAKES {
        let world = World::bare();
        let id = world.connect(handshake).await.unwrap();
        world.holder.ping(&id).await.unwrap();
        assert_eq!(world.holder.connections("issuer"), [id]);
        assert_eq!(world.holder.connections("verifier"), [""; 0]);
        assert!(!world.holder.is_mediated());
        assert_eq!(world.ear.troubles.lock().unwrap().len(), 0, "{handshake:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_holder_writes_its_did_as_it_is_told_to() {
    for did_method in [DidMethod::Peer4, DidMethod::Peer2, DidMethod::Unqualified] {
        let world = World::new(Settings { did_method, ..Settings::default() });
        let id = world.connect(HANDSHAKES[2]).await.unwrap();
        world.holder.ping(&id).await.unwrap();
        let did = &world.holder.record().connections[0].my_did;
        let prefix = match did_method {
            DidMethod::Peer4 => "did:peer:4",
            DidMethod::Peer2 => "did:peer:2",
            DidMethod::Unqualified => "",
        };
        assert!(did.starts_with(prefix), "{did}");
        assert_eq!(did.starts_with("did:"), did_method != DidMethod::Unqualified, "{did}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_holder_with_a_mediator_is_written_to_through_it_whatever_the_handshake() {
    for handshake in HANDSHAKES {
        let (world, first) = World::mediated(Settings::default()).await;
        let id = world.connect(handshake).await.unwrap();
        world.fake.say(0, &text("to the first"));
        world.fake.say(1, &text("to the second"));
        assert_eq!(world.holder.receive_text(&id).await.unwrap(), "to the second");
        assert_eq!(world.holder.receive_text(&first).await.unwrap(), "to the first");
        world.holder.ping(&id).await.unwrap();
        world.holder.ping_mediator().await.unwrap();
        assert_eq!(world.ear.troubles.lock().unwrap().len(), 0, "{handshake:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_mediator_knows_a_key_before_the_inviter_does_and_forgets_it_with_the_connection() {
    let (world, id) = World::mediated(Settings::default()).await;
    let names: Vec<_> = world.fake.state().heard.iter().map(|it| it.kind.name.clone()).collect();
    let at = |name: &str| names.iter().rposition(|it| it == name).unwrap();
    assert!(at("keylist-update") < at("request"), "{names:?}");

    let key = world.holder.record().connections[0].key;
    assert!(world.fake.state().mediator.knows(&key));
    world.holder.forget(&id).await.unwrap();
    assert!(!world.fake.state().mediator.knows(&key));
    assert_eq!(world.holder.connections("issuer"), [""; 0]);
    world.holder.forget(&id).await.unwrap();
    insta::assert_snapshot!(
        world.holder.ping("nobody").await.unwrap_err(),
        @"the holder has no connection nobody"
    );
}

#[tokio::test(start_paused = true)]
async fn a_mediator_that_denies_is_none() {
    let world = World::bare();
    world.fake.state().mediator.deny();
    let denied = world.holder.connect_mediator(&world.fake.mediator()).await.unwrap_err();
    assert!(denied.kind().starts_with("problem report: "), "{}", denied.kind());
    assert!(!world.holder.is_mediated());
    let offline = world.holder.go_online().await.unwrap_err();
    insta::assert_snapshot!(offline, @"the holder has no mediator; connect it to one first");
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_to_a_holder_that_is_away_is_there_when_it_comes_back() {
    let (world, id) = World::mediated(Settings::default()).await;
    world.holder.go_offline().await;
    settle().await;
    for n in 0..20 {
        world.fake.say(0, &text(&n.to_string()));
    }
    tokio::time::advance(seconds(60)).await;
    settle().await;
    assert_eq!(world.fake.state().mediator.queue.len(), 20, "nobody asks for a holder's messages");
    world.holder.go_online().await.unwrap();
    for n in 0..20 {
        assert_eq!(world.holder.receive_text(&id).await.unwrap(), n.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_is_dropped_asks_for_nothing_more() {
    let (world, _) = World::mediated(Settings::default()).await;
    let World { fake, holder, .. } = world;
    drop(holder);
    settle().await;
    let heard = fake.state().heard.len();
    tokio::time::sleep(seconds(600)).await;
    assert_eq!(fake.state().heard.len(), heard);
}
