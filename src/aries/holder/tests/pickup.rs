//! Messages are got from the mediator by each strategy, asked over HTTP.

use super::{World, fake::Ill, seconds, settle, text};
use crate::aries::{holder::Settings, protocol::pickup::Strategy};

const STRATEGIES: [Strategy; 4] = [
    Strategy::Implicit,
    Strategy::Pickup1,
    Strategy::Pickup2 { live: false },
    Strategy::Pickup2 { live: true },
];

fn settings(pickup: Strategy) -> Settings {
    Settings { pickup, socket: false, ..Settings::default() }
}

#[tokio::test(start_paused = true)]
async fn all_that_waits_is_picked_up_in_order_however_much_it_is() {
    for strategy in STRATEGIES {
        let (world, id) = World::mediated(settings(strategy)).await;
        world.holder.go_offline().await;
        settle().await;
        for n in 0..120 {
            world.fake.say(0, &text(&n.to_string()));
        }
        world.holder.go_online().await.unwrap();
        for n in 0..120 {
            let text = world.holder.receive_text(&id).await;
            assert_eq!(text.unwrap(), n.to_string(), "{strategy}");
        }
        settle().await;
        assert_eq!(world.fake.state().mediator.queue.len(), 0, "{strategy}");
        assert_eq!(world.ear.troubles.lock().unwrap().len(), 0, "{strategy}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_mediator_that_reports_a_problem_with_a_pickup_is_told_of() {
    let (world, _) = World::mediated(settings(Strategy::Pickup1)).await;
    world.fake.fall_ill(Ill::Problem("message-parse-failure"));
    tokio::time::sleep(world.agency.settings.poll_every * 3).await;
    settle().await;
    assert_eq!(world.ear.told("problem report"), 3);
}

#[tokio::test(start_paused = true)]
async fn what_comes_later_is_there_at_the_next_question() {
    for strategy in STRATEGIES {
        let (world, id) = World::mediated(settings(strategy)).await;
        tokio::time::sleep(seconds(600)).await;
        world.fake.say(0, &text("late"));
        let begun = tokio::time::Instant::now();
        assert_eq!(world.holder.receive_text(&id).await.unwrap(), "late", "{strategy}");
        assert!(begun.elapsed() <= world.agency.settings.poll_every, "{strategy}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_more_often_than_it_should_be() {
    for strategy in STRATEGIES {
        let (world, _) = World::mediated(settings(strategy)).await;
        settle().await;
        let before = world.fake.state().heard.len();
        tokio::time::sleep(seconds(200)).await;
        let asked = world.fake.state().heard.len() - before;
        assert!((95..=205).contains(&asked), "{strategy}: {asked} in 100 rounds");
    }
}

#[tokio::test(start_paused = true)]
async fn a_mediator_that_fails_is_asked_again() {
    for strategy in STRATEGIES {
        let (world, id) = World::mediated(settings(strategy)).await;
        world.fake.fall_ill(Ill::Status(502));
        tokio::time::sleep(seconds(20)).await;
        assert!(world.ear.told("pickup failed") >= 9, "{strategy}");
        world.fake.fall_ill(None);
        world.fake.say(0, &text("after all"));
        assert_eq!(world.holder.receive_text(&id).await.unwrap(), "after all", "{strategy}");
    }
}
