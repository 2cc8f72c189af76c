//! Messages reach a holder that is online, and wait for one that is not.

use std::collections::BTreeSet;

use engine::aries::{holder::Settings, protocol::pickup::Strategy};

use crate::world::{World, settings};

const STRATEGIES: [Strategy; 4] = [
    Strategy::Implicit,
    Strategy::Pickup1,
    Strategy::Pickup2 { live: false },
    Strategy::Pickup2 { live: true },
];

/// All ways to be online: each strategy, over a WebSocket and without.
fn ways() -> impl Iterator<Item = Settings> {
    let ways = STRATEGIES.iter().flat_map(|it| [(*it, true), (*it, false)]);
    ways.map(|(pickup, socket)| Settings { pickup, socket, ..settings() })
}

#[tokio::test]
async fn a_holder_that_is_online_is_written_to() {
    let world = World::new();
    for way in ways() {
        let known = world.know(way.clone()).await;
        for n in 0..3 {
            world.issuer.write(&known, &n.to_string()).await;
            assert_eq!(known.read().await.unwrap(), n.to_string(), "{way:?}");
        }
        known.holder.ping_mediator().await.unwrap();
        known.holder.ping(&known.id).await.unwrap();
        known.holder.go_offline().await;
        assert_eq!(known.ear.told("unreadable message"), 0, "{}", known.ear);
    }
}

#[tokio::test]
async fn what_is_sent_right_after_a_goodbye_is_kept() {
    let world = World::new();
    for way in ways().filter(|it| it.socket) {
        let known = world.know(way.clone()).await;
        for n in 0..30 {
            known.holder.go_offline().await;
            world.issuer.write(&known, &n.to_string()).await;
            known.holder.go_online().await.unwrap();
            assert_eq!(known.read().await.unwrap(), n.to_string(), "{way:?}");
        }
        assert_eq!(known.ear.told("websocket closed"), 0, "{}", known.ear);
    }
}

#[tokio::test]
async fn what_came_while_the_socket_was_lost_is_all_there_afterwards() {
    let world = World::new();
    // What is asked for over HTTP and not acknowledged is lost with whoever asked.
    let is_kept = |it: &Settings| it.socket || matches!(it.pickup, Strategy::Pickup2 { .. });
    for way in ways().filter(is_kept) {
        let known = world.know(way.clone()).await;
        let mut received = BTreeSet::new();
        for round in 0..2 {
            known.holder.lose_socket();
            // Most ways lose what is sent over a socket that nobody reads from any more.
            world.until("sockets", 0).await;
            for n in 0..60 {
                world.issuer.write(&known, &format!("{round} {n:02}")).await;
            }
            known.holder.go_online().await.unwrap();
            for _ in 0..60 {
                received.insert(known.read().await.unwrap());
            }
        }
        let all = (0..120).map(|n| format!("{} {:02}", n / 60, n % 60));
        assert!(received.into_iter().eq(all), "{way:?}");
    }
}
