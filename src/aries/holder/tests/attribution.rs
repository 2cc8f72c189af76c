//! Whose time a wait was, and how exchanges go as the holder sees them.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use super::{HANDSHAKES, World, fake::Ill, seconds, settle};
use crate::aries::{
    didcomm::Message,
    holder::{Exchanged, Received},
    protocol::trust_ping,
};

const WAITED: Duration = Duration::from_millis(100);

/// What is told of an answer that came after a tenth of a second and says that of its sender's time.
async fn told(received: &str, sent: &str) -> Received {
    let (world, ids) = World::posted(1).await;
    world.fake.state().ill = Some(Ill::Silent);
    let asked = async {
        sleep(WAITED).await;
        settle().await;
        let ping = world.fake.heard("ping").pop().unwrap();
        let timing = json!({ "in_time": received, "out_time": sent });
        let answer = Message::new(trust_ping::PING_RESPONSE).on_thread(&ping.id);
        world.fake.say(0, &answer.with("~timing", timing));
    };
    let (pinged, ()) = tokio::join!(world.holder.ping(&ids[0]), asked);
    pinged.unwrap();
    let received = world.ear.received.lock().unwrap();
    *received.last().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_wait_holds_what_the_other_side_says_it_took() {
    // As 0.12.8 and 1.7.0 write it, and as RFC 0032 does.
    for (received, sent) in [
        ("2026-11-21T11:49:37.100000Z", "2026-11-21T11:49:37.140000Z"),
        ("2026-11-21 11:49:37.100Z", "2026-11-21 11:49:37.140Z"),
    ] {
        let Received { waiting, theirs, .. } = told(received, sent).await;
        assert_eq!((waiting, theirs), (Some(WAITED), Some(Duration::from_millis(40))));
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_into_the_wait_is_not_the_other_sides() {
    let begun = "2026-11-21T11:49:37Z";
    for sent in ["2026-11-21T11:49:38Z", "2026-11-21T11:49:36Z", "2261-01-01T00:00:00Z", "soon", ""]
    {
        let Received { waiting, theirs, .. } = told(begun, sent).await;
        assert_eq!((waiting, theirs), (Some(WAITED), None), "{sent}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_exchange_is_told_from_when_it_is_waited_for_to_how_it_ended() {
    let (world, ids) = World::posted(1).await;
    let told = || std::mem::take(&mut *world.ear.exchanges.lock().unwrap());
    let took = Duration::ZERO;
    assert_eq!(
        told(),
        [("connections", Exchanged::Started), ("connections", Exchanged::Finished { took })]
    );
    // There is no ledger here.
    assert!(world.holder.accept_credential(&ids[0]).await.is_err());
    let failed = Exchanged::Failed { kind: "no ledger".into() };
    assert_eq!(
        told(),
        [("issue-credential", Exchanged::Started), ("issue-credential", failed.clone())]
    );
    assert!(world.holder.present(&ids[0]).await.is_err());
    assert_eq!(told(), [("present-proof", Exchanged::Started), ("present-proof", failed)]);
    world.fake.state().ill = Some(Ill::Silent);
    let cut_off = tokio::time::timeout(seconds(1), world.connect(HANDSHAKES[0])).await;
    assert!(cut_off.is_err());
    // What is cut off has no end.
    assert_eq!(told(), [("connections", Exchanged::Started)]);
}
