//! What others may ask of a holder is bounded.

use super::{World, fake::Ill, seconds, settle, text};
use crate::aries::{
    didcomm::{Kind, Message},
    protocol::{discover, notification, trust_ping},
};

/// Messages that a holder keeps, and answers that it has under way.
const KEPT_MAX: usize = 256;
const ANSWERS_MAX: usize = 32;

#[tokio::test(start_paused = true)]
async fn of_more_messages_than_are_kept_the_oldest_is_lost_and_told() {
    let (world, ids) = World::posted(1).await;
    for n in 0..KEPT_MAX {
        world.fake.say(0, &text(&n.to_string()));
    }
    assert_eq!(world.ear.told("message lost"), 0);
    world.fake.say(0, &text("one more"));
    assert_eq!(world.ear.told("message lost"), 1);
    for n in 1..KEPT_MAX {
        assert_eq!(world.holder.receive_text(&ids[0]).await.unwrap(), n.to_string());
    }
    assert_eq!(world.holder.receive_text(&ids[0]).await.unwrap(), "one more");
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_pings_leaves_few_answers_under_way() {
    let (world, ids) = World::posted(1).await;
    world.fake.fall_ill(Ill::Hanging);
    for _ in 0..500 {
        world.fake.say(0, &trust_ping::ping(true));
    }
    settle().await;
    assert_eq!(world.fake.state().under_way, (ANSWERS_MAX, ANSWERS_MAX));
    assert_eq!(world.ear.told("answer dropped"), 500 - ANSWERS_MAX);
    tokio::time::sleep(seconds(61)).await;
    assert_eq!(world.fake.state().under_way.0, 0);
    assert_eq!(world.ear.told("answer not sent"), ANSWERS_MAX);

    world.fake.fall_ill(None);
    world.fake.say(0, &trust_ping::ping(true));
    settle().await;
    assert_eq!(world.fake.heard("ping_response").len(), 1, "it answers again");
    world.holder.ping(&ids[0]).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_answered_once_and_one_that_wants_no_answer_is_not() {
    let (world, _) = World::posted(1).await;
    let ping = trust_ping::ping(true);
    world.fake.say(0, &ping);
    world.fake.say(0, &trust_ping::ping(false));
    settle().await;
    let answers = world.fake.heard("ping_response");
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].thread_id(), ping.id);
    assert_eq!(world.ear.troubles.lock().unwrap().len(), 0);
}

/// What a holder says to messages that nobody asked for.
async fn said_to(messages: &[Message]) -> (World, Vec<Message>) {
    let (world, _) = World::posted(1).await;
    let before = world.fake.state().heard.len();
    for message in messages {
        world.fake.say(0, message);
    }
    settle().await;
    let said = world.fake.state().heard[before..].to_vec();
    (world, said)
}

const UNKNOWN: Kind = Kind::new("chess", 1, 0, "move");

#[tokio::test(start_paused = true)]
async fn a_message_of_an_unknown_type_gets_one_problem_report() {
    let unknown = Message::new(UNKNOWN);
    let (world, said) = said_to(std::slice::from_ref(&unknown)).await;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].thread_id(), unknown.id);
    let problem = notification::problem(&said[0]).unwrap();
    assert_eq!(problem.code, "message-type-not-supported");
    assert_eq!(world.ear.told("unknown type"), 1);
}

#[tokio::test(start_paused = true)]
async fn reports_acks_and_answers_get_no_report() {
    let unknown = Message::new(UNKNOWN);
    let (_, said) = said_to(&[
        notification::problem_report(&unknown, "code", "what"),
        notification::ack(&unknown),
        Message::answer(UNKNOWN, &text("")),
        Message::answer(trust_ping::PING_RESPONSE, &unknown),
    ])
    .await;
    assert_eq!(said, []);
}

#[tokio::test(start_paused = true)]
async fn a_holder_says_which_protocols_it_speaks() {
    let (_, said) =
        said_to(&[Message::new(discover::QUERY).with("query", "https://didcomm.org/trust_ping/*")])
            .await;
    assert_eq!(said.len(), 1);
    assert!(said[0].to_value().to_string().contains("trust_ping/1.0"), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn an_ack_that_is_asked_for_is_given() {
    let message = text("read me").with("~please_ack", serde_json::json!({}));
    let (_, said) = said_to(std::slice::from_ref(&message)).await;
    assert_eq!(said.len(), 1);
    assert!(said[0].kind.is(&notification::ACK));
    assert_eq!(said[0].thread_id(), message.id);
}
