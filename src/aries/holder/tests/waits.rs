//! Who waits for what, and gets it.

use tokio::time::Instant;

use super::{World, fake::Ill, seconds, settle, text};
use crate::aries::{
    didcomm::Message,
    protocol::{basic_message, notification, trust_ping},
};

#[tokio::test(start_paused = true)]
async fn a_message_that_came_before_it_was_asked_for_is_kept_and_given_once() {
    let (world, ids) = World::posted(1).await;
    world.fake.say(0, &text("early"));
    world.fake.say(0, &text("later"));
    let begun = Instant::now();
    assert_eq!(world.holder.receive_text(&ids[0]).await.unwrap(), "early");
    assert_eq!(world.holder.receive_text(&ids[0]).await.unwrap(), "later");
    assert_eq!(begun.elapsed(), seconds(0));
    assert_eq!(world.holder.receive_text(&ids[0]).await.unwrap_err().kind(), "no response");
}

#[tokio::test(start_paused = true)]
async fn connections_do_not_take_each_others_messages() {
    let (world, ids) = World::posted(2).await;
    world.fake.say(1, &text("kept for the second"));
    let (first, second) = (world.holder.receive_text(&ids[0]), async {
        settle().await;
        world.fake.say(1, &text("another for the second"));
    });
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(first.unwrap_err().kind(), "no response");
    assert_eq!(world.holder.receive_text(&ids[1]).await.unwrap(), "kept for the second");
    assert_eq!(world.holder.receive_text(&ids[1]).await.unwrap(), "another for the second");
}

/// A ping of the first connection that `answer` is said to by the inviter on connection `link`.
async fn ping_answered_with(link: usize, answer: fn(&Message) -> Message) -> (World, String) {
    let (world, ids) = World::posted(2).await;
    world.fake.fall_ill(Ill::Silent);
    let say = async {
        settle().await;
        let ping = world.fake.heard("ping").pop().unwrap();
        world.fake.fall_ill(None);
        world.fake.say(link, &answer(&ping));
    };
    let (ended, ()) = tokio::join!(world.holder.ping(&ids[0]), say);
    (world, ended.map_or_else(|it| it.kind().into_owned(), |()| "answered".to_owned()))
}

#[tokio::test(start_paused = true)]
async fn an_answer_counts_on_its_own_thread_and_connection_alone() {
    let answer: fn(&Message) -> Message = answer_of;
    let elsewhere: fn(&Message) -> Message = |ping| answer_of(ping).on_thread("another");
    assert_eq!(ping_answered_with(0, answer).await.1, "answered");
    for (link, answer) in [(1, answer), (0, elsewhere)] {
        let (world, ended) = ping_answered_with(link, answer).await;
        assert_eq!(ended, "no response");
        assert_eq!(world.ear.told("late answer"), 1);
    }
}

fn answer_of(ping: &Message) -> Message {
    trust_ping::answer(ping).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_problem_report_counts_on_its_own_thread_and_connection_alone() {
    let report: fn(&Message) -> Message = |ping| notification::problem_report(ping, "busy", "");
    let elsewhere: fn(&Message) -> Message =
        |ping| notification::problem_report(ping, "busy", "").on_thread("another");
    assert_eq!(ping_answered_with(0, report).await.1, "problem report: busy");
    assert_eq!(ping_answered_with(1, report).await.1, "no response");
    assert_eq!(ping_answered_with(0, elsewhere).await.1, "no response");
}

#[tokio::test(start_paused = true)]
async fn a_problem_report_ends_a_wait_for_a_kind_of_message() {
    let (world, ids) = World::posted(2).await;
    let report = notification::problem_report(&text(""), "abandoned", "we are closing");
    world.fake.say(0, &report);
    let (other, ()) = tokio::join!(world.holder.receive_text(&ids[1]), settle());
    assert_eq!(other.unwrap_err().kind(), "no response");
    let ended = world.holder.receive_text(&ids[0]).await.unwrap_err();
    assert_eq!(ended.kind(), "problem report: abandoned");
}

#[tokio::test(start_paused = true)]
async fn many_who_wait_are_served_in_the_order_they_came() {
    let (world, ids) = World::posted(1).await;
    let wait = || world.holder.receive_text(&ids[0]);
    let say = async {
        settle().await;
        for content in ["1", "2", "3"] {
            world.fake.say(0, &text(content));
        }
    };
    let (one, two, three, ()) = tokio::join!(wait(), wait(), wait(), say);
    assert_eq!([one.unwrap(), two.unwrap(), three.unwrap()], ["1", "2", "3"]);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_takes_nothing() {
    let (world, ids) = World::posted(1).await;
    let waited = tokio::time::timeout(seconds(1), world.holder.receive_text(&ids[0])).await;
    assert!(waited.is_err());
    world.fake.say(0, &text("for whoever comes next"));
    assert_eq!(world.holder.receive_text(&ids[0]).await.unwrap(), "for whoever comes next");
}

#[tokio::test(start_paused = true)]
async fn a_text_that_is_none_is_an_error_and_not_a_wait() {
    let (world, ids) = World::posted(1).await;
    world.fake.say(0, &Message::new(basic_message::MESSAGE).with("content", 7));
    let error = world.holder.receive_text(&ids[0]).await.unwrap_err();
    assert_eq!(error.kind(), "unreadable message");
}
