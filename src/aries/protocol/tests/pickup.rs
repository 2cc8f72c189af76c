//! Pickup: what is written is read, and a queue is emptied whatever gets lost, repeated or invented.

use proptest::{collection, prelude::*};
use serde_json::json;

use super::{flows, message, verkey};
use crate::aries::{
    didcomm::Message,
    protocol::{
        ProtocolError,
        pickup::{DELIVERED_MAX, Delivered, Draining, Step, Strategy, v1, v2, v2::Status},
        trust_ping,
    },
};

fn item(n: usize) -> Delivered {
    Delivered { id: n.to_string(), packed: format!("{{\"n\":{n}}}").into_bytes() }
}

/// A mediator that keeps messages until they are acknowledged.
struct Queue(Vec<Delivered>);

impl Queue {
    fn answer(&mut self, asked: &Message) -> Message {
        if let Ok(request) = v2::read_delivery_request(asked)
            && !self.0.is_empty()
        {
            return v2::delivery(Some(asked), &self.0[..self.0.len().min(request.limit)]);
        }
        if let Ok(received) = v2::read_received(asked) {
            self.0.retain(|it| !received.contains(&it.id));
        }
        let message_count = self.0.len() as u64;
        Status { message_count, ..Status::default() }.message(asked)
    }
}

#[test]
fn strategies_are_read_as_they_are_written() {
    for text in ["implicit", "pickup-1.0", "pickup-2.0", "pickup-2.0-live"] {
        assert_eq!(text.parse::<Strategy>().unwrap().to_string(), text);
    }
    insta::assert_snapshot!(
        "pickup".parse::<Strategy>().unwrap_err(),
        @"`pickup` is no pickup strategy, which is implicit, pickup-1.0, pickup-2.0 or pickup-2.0-live"
    );
}

#[test]
fn what_the_recipient_of_pickup_2_writes_the_mediator_reads() {
    let key = verkey(1);
    assert_eq!(v2::read_status_request(&v2::status_request(Some(&key))).unwrap(), Some(key));
    assert_eq!(v2::read_status_request(&v2::status_request(None)).unwrap(), None);
    let request = v2::read_delivery_request(&v2::delivery_request(7)).unwrap();
    assert_eq!((request.limit, request.recipient), (7, None));
    assert_eq!(v2::read_received(&v2::messages_received(["a", "b"])).unwrap(), ["a", "b"]);
    assert!(v2::read_live_delivery_change(&v2::live_delivery_change(true)).unwrap());
    let status = Status { message_count: 4, live_delivery: true, recipient: Some(key) };
    assert_eq!(Status::read(&status.message(&v2::status_request(None))).unwrap(), status);
}

#[test]
fn a_delivery_is_read_from_base64_and_from_json() {
    let packed = br#"{"tag":"-_"}"#;
    for data in [
        json!({ "base64": "eyJ0YWciOiItXyJ9" }),
        json!({ "base64": "eyJ0YWciOiItXyJ9", "json": null }),
        json!({ "json": { "tag": "-_" } }),
        json!({ "json": "{\"tag\":\"-_\"}" }),
    ] {
        let delivery = message(&v2::DELIVERY, json!({ "~attach": [{ "@id": "a", "data": data }] }));
        let expected = Delivered { id: "a".to_owned(), packed: packed.to_vec() };
        assert_eq!(v2::read_delivery(&delivery).unwrap(), [expected]);
    }
}

#[test]
fn a_delivery_of_more_than_a_thousand_is_refused() {
    let items: Vec<_> = (0..=DELIVERED_MAX).map(item).collect();
    assert_eq!(v2::read_delivery(&v2::delivery(None, &items[1..])).unwrap(), items[1..]);
    let refused = v2::read_delivery(&v2::delivery(None, &items));
    assert!(matches!(refused, Err(ProtocolError::Wrong { .. })));
}

#[test]
fn an_attachment_without_an_id_or_a_message_is_refused_by_its_place() {
    let entries = json!([{ "@id": "a", "data": { "json": {} } }, { "@id": "b", "data": {} }]);
    let refused = v2::read_delivery(&message(&v2::DELIVERY, json!({ "~attach": entries })));
    insta::assert_snapshot!(
        refused.unwrap_err(),
        @"a https://didcomm.org/messagepickup/2.0/delivery that has no id or no message in `~attach`, entry 1"
    );
}

#[test]
fn what_one_side_of_pickup_1_writes_the_other_reads() {
    let asked = v1::batch_pickup(2);
    assert_eq!(v1::read_batch_pickup(&asked).unwrap(), 2);
    assert_eq!(
        v1::read_batch(&v1::batch(&asked, &[item(1), item(2)])).unwrap(),
        [item(1), item(2)]
    );
    assert_eq!(v1::read_status(&v1::status(&v1::status_request(), 9)).unwrap(), 9);
    assert!(v1::noop().kind.belongs_to(&v1::STATUS));
}

#[test]
fn messages_of_other_protocols_are_out_of_turn() {
    let refused = Draining::new(1).receive(&trust_ping::ping(true));
    assert!(matches!(refused, Err(ProtocolError::OutOfTurn { .. })));
}

#[test]
fn a_mediator_that_claims_what_it_does_not_deliver_is_left_alone() {
    let mut draining = Draining::new(10);
    let mut asked = Some(draining.ask());
    let mut sent = 0;
    while let Some(request) = asked {
        let claim = Status { message_count: 5, ..Status::default() };
        asked = draining.receive(&claim.message(&request)).unwrap().send;
        sent += 1;
        assert!(sent < 20, "it goes on for ever");
    }
    assert!(draining.has_given_up() && !draining.is_empty());
    draining.ask();
    assert!(!draining.has_given_up());
}

#[test]
fn a_mediator_that_delivers_the_same_for_ever_is_left_alone() {
    for items in [vec![item(1)], vec![]] {
        let mut draining = Draining::new(10);
        let mut asked = Some(draining.ask());
        let mut given = 0;
        for _ in 0..20 {
            let Some(request) = &asked else { break };
            let step = draining.receive(&v2::delivery(Some(request), &items)).unwrap();
            given += step.items.len();
            asked = step.send;
        }
        assert_eq!((given, draining.has_given_up()), (items.len(), true));
    }
}

#[test]
fn a_recorded_queue_is_emptied_as_it_was() {
    let (_, runs) = flows().into_iter().find(|(flow, _)| flow == "mini-pickup-2.0").unwrap();
    let run = runs.iter().find(|run| run.agent == "acapy 0.12.8").unwrap();
    let mut draining = Draining::new(10);
    let mut sent = Some(draining.ask());
    let mut given = Vec::new();
    for said in run.messages.chunks_exact(2).take(3) {
        let asked = sent.take().unwrap();
        let id = asked.id.clone();
        let recorded = said[0].message();
        assert_eq!(asked.kind, recorded.kind);
        assert_eq!(asked.with_return_route().fields, recorded.fields);
        let answer = said[1].message().on_thread(id);
        let step = draining.receive(&answer).unwrap();
        given.extend(step.items);
        sent = step.send;
    }
    assert!(draining.is_empty() && sent.is_none());
    assert_eq!(given.len(), 3);
    for item in given {
        let envelope: serde_json::Value = serde_json::from_slice(&item.packed).unwrap();
        assert_eq!(envelope["tag"], *item.id);
    }
}

#[test]
fn the_answer_to_an_older_request_leads_to_nothing() {
    let mut draining = Draining::new(10);
    let (older, newer) = (draining.ask(), draining.ask());
    let claim = Status { message_count: 1, ..Status::default() };
    assert_eq!(draining.receive(&claim.message(&older)).unwrap(), Step::default());
    let step = draining.receive(&claim.message(&newer)).unwrap();
    assert!(step.send.unwrap().kind.is(&v2::DELIVERY_REQUEST));
    assert_eq!(draining.receive(&claim.message(&newer)).unwrap(), Step::default());
}

#[test]
fn a_live_message_is_given_out_and_acknowledged() {
    let mut draining = Draining::new(10);
    let mut queue = Queue(Vec::new());
    let asked = draining.ask();
    assert_eq!(draining.receive(&queue.answer(&asked)).unwrap(), Step::default());
    assert!(draining.is_empty());

    queue.0.push(item(1));
    let step = draining.receive(&v2::delivery(None, &queue.0)).unwrap();
    assert_eq!(step.items, [item(1)]);
    let acknowledged = step.send.unwrap();
    assert_eq!(draining.receive(&queue.answer(&acknowledged)).unwrap(), Step::default());
    assert!(draining.is_empty() && queue.0.is_empty());
}

proptest! {
    #[test]
    fn a_queue_is_emptied_though_messages_get_lost_and_come_twice(
        count in 0_usize..60,
        limit in 1_u16..20,
        fates in collection::vec(0_u8..8, 1..200),
    ) {
        let mut queue = Queue((0..count).map(item).collect());
        let mut draining = Draining::new(limit);
        let mut fates = fates.into_iter();
        let mut given = Vec::new();
        let mut sent = vec![draining.ask()];
        for _ in 0..2_000 {
            if draining.is_empty() && queue.0.is_empty() {
                break;
            }
            let Some(asked) = sent.pop() else {
                sent.push(draining.ask());
                continue;
            };
            // Once fate has run out nothing gets lost any more.
            let answers = match fates.next() {
                Some(0 | 1) => vec![],
                Some(2) => { queue.answer(&asked); vec![] }
                Some(3 | 4) => { let answer = queue.answer(&asked); vec![answer.clone(), answer] }
                _ => vec![queue.answer(&asked)],
            };
            for answer in answers {
                let step = draining.receive(&answer).unwrap();
                given.extend(step.items);
                sent.extend(step.send);
            }
        }
        prop_assert!(draining.is_empty());
        given.sort_by_key(|it| it.id.parse::<usize>().unwrap());
        prop_assert_eq!(given, (0..count).map(item).collect::<Vec<_>>());
    }

    #[test]
    fn without_anything_new_only_so_much_is_sent(
        counts in collection::vec(proptest::option::of(0_u64..9), 1..60),
    ) {
        let mut draining = Draining::new(10);
        draining.ask();
        draining.receive(&v2::delivery(None, &[item(1)])).unwrap();
        let mut sent = 0;
        for count in counts {
            let message = match count {
                Some(message_count) => {
                    let status = Status { message_count, ..Status::default() };
                    message(&v2::STATUS, serde_json::Value::Object(
                        status.message(&Message::new(v2::STATUS)).fields,
                    ))
                }
                None => v2::delivery(None, &[item(1)]),
            };
            let step = draining.receive(&message).unwrap();
            prop_assert_eq!(&step.items, &[]);
            sent += usize::from(step.send.is_some());
        }
        prop_assert!(sent <= 6, "{} sent", sent);
    }
}
