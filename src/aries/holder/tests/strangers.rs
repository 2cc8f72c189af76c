//! A connection is with one peer, and no other.

use super::{HANDSHAKES, World, fake::Ill, settle, text};
use crate::aries::{didcomm::envelope::seal, holder::Settings, protocol::trust_ping};

#[tokio::test(start_paused = true)]
async fn a_message_by_somebody_else_than_the_other_side_is_refused() {
    let (world, ids) = World::posted(1).await;
    let forged = world.fake.pack_by_a_stranger(0, &text("believe me"));
    world.fake.post(Some(forged));
    let key = world.holder.record().connections[0].key;
    let anonymous = seal(&text("believe me too").to_bytes(), &key).unwrap();
    world.fake.post(Some(anonymous));
    assert_eq!(world.ear.told("unreadable message"), 2);
    assert_eq!(world.holder.receive_text(&ids[0]).await.unwrap_err().kind(), "no response");
}

#[tokio::test(start_paused = true)]
async fn a_strangers_answer_is_no_answer() {
    let (world, ids) = World::posted(1).await;
    world.fake.fall_ill(Ill::Silent);
    let asked = world.holder.ping(&ids[0]);
    let forge = async {
        settle().await;
        let ping = world.fake.heard("ping").pop().unwrap();
        let response = trust_ping::answer(&ping).unwrap();
        world.fake.post(Some(world.fake.pack_by_a_stranger(0, &response)));
    };
    let (ended, ()) = tokio::join!(asked, forge);
    assert_eq!(ended.unwrap_err().kind(), "no response");
    assert_eq!(world.ear.told("unreadable message"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_for_nobody_here_is_not_taken() {
    let (world, ids) = World::posted(2).await;
    let packed = world.fake.pack(0, &text("for whom"));
    assert!(world.fake.post(Some(packed.clone())));
    world.holder.forget(&ids[0]).await.unwrap();
    assert!(!world.fake.post(Some(packed)));
    assert!(!world.fake.post(Some(b"{}".to_vec())));
    let other = world.fake.pack(1, &text("for the other"));
    assert!(world.fake.post(Some(other.clone())));
    assert_eq!(world.holder.receive_text(&ids[1]).await.unwrap(), "for the other");
    let World { fake, holder, agency: _agency, .. } = world;
    drop(holder);
    assert!(!fake.post(Some(other)));
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_failed_leaves_no_key_behind() {
    let (world, _) = World::posted(0).await;
    world.fake.fall_ill(Ill::Forged);
    for handshake in HANDSHAKES {
        world.connect(handshake).await.unwrap_err();
    }
    for link in 0..HANDSHAKES.len() {
        let packed = world.fake.pack(link, &text("hello?"));
        assert!(!world.fake.post(Some(packed)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_mediators_queue_with_a_strangers_message_gives_the_others() {
    let (world, id) = World::mediated(Settings::default()).await;
    world.holder.go_offline().await;
    let forged = world.fake.pack_by_a_stranger(0, &text("believe me"));
    world.fake.state().mediator.queue.push_back(forged);
    world.fake.state().mediator.queue.push_back(b"nonsense".to_vec());
    world.fake.say(0, &text("mine"));
    world.holder.go_online().await.unwrap();
    assert_eq!(world.holder.receive_text(&id).await.unwrap(), "mine");
    assert_eq!(world.ear.told("unreadable message"), 2);
}
