//! What the inbox of a holder keeps, and what it lets go.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;

fn parcel(number: i64, size: usize) -> Parcel {
    let to = Verkey::from_bytes([u8::try_from(number % 2).unwrap(); 32]);
    Parcel { number, to, message: vec![0; size].into(), kept: false }
}

fn inbox() -> (Inbox, Arc<Counts>) {
    let counts = Arc::new(Counts::default());
    (Inbox::new(Arc::clone(&counts)), counts)
}

fn numbers(parcels: &[Parcel]) -> Vec<i64> {
    parcels.iter().map(|it| it.number).collect()
}

#[test]
fn the_oldest_make_room_and_a_slow_reader_is_cut() {
    let (inbox, counts) = inbox();
    let line = Line::new(Way::AsTheyCame);
    inbox.open(&line);
    let max = i64::try_from(PARCELS_MAX).unwrap();
    for number in 0..max {
        let put = inbox.put(parcel(number, 1));
        assert!(put.flows && put.overflowed.is_empty());
    }
    assert!(!line.is_slow());
    let put = inbox.put(parcel(max, 1));
    assert_eq!((put.flows, numbers(&put.overflowed)), (false, vec![0]));
    assert!(line.is_slow() && !inbox.is_open(&line));
    assert_eq!((counts.overflowed.read(), counts.sockets_dropped.read()), (1, 1));
    assert_eq!(numbers(&inbox.take(2)), [1, 2]);
}

#[test]
fn bytes_are_bounded_as_messages_are() {
    let (inbox, counts) = inbox();
    let half = BYTES_MAX / 2;
    for number in 0..2 {
        assert!(inbox.put(parcel(number, half)).overflowed.is_empty());
    }
    assert_eq!(numbers(&inbox.put(parcel(2, half)).overflowed), [0]);
    // One that never fits takes nobody else's place.
    assert_eq!(numbers(&inbox.put(parcel(3, BYTES_MAX + 1)).overflowed), [3]);
    assert_eq!(counts.queued_bytes.read(), 2 * half as u64);
}

#[test]
fn only_the_line_that_was_opened_last_has_the_messages() {
    let (inbox, _) = inbox();
    let (first, second) = (Line::new(Way::AsTheyCame), Line::new(Way::AsTheyCame));
    inbox.open(&first);
    inbox.open(&second);
    inbox.put(parcel(1, 1));
    assert!(inbox.next(&first).is_none());
    // Whoever was replaced cuts nobody off by going.
    inbox.close(&first);
    assert_eq!(inbox.next(&second).map(|it| it.number), Some(1));
}

#[test]
fn what_was_delivered_is_delivered_again_over_another_line() {
    let (inbox, _) = inbox();
    for number in 1..=4 {
        inbox.put(parcel(number, 1));
    }
    let ids = |delivered: Vec<Delivered>| -> Vec<String> {
        delivered.into_iter().map(|it| it.id).collect()
    };
    let line = Line::new(Way::Delivered);
    inbox.open(&line);
    assert_eq!(ids(inbox.deliver(&line, 3)), ["1", "2", "3"]);
    assert_eq!(numbers(&inbox.acknowledge(&["2".into(), "9".into(), "x".into()])), [2]);
    assert_eq!(ids(inbox.deliver(&line, 3)), ["4"]);
    assert_eq!(ids(inbox.deliver(&line, 3)), Vec::<String>::new());
    let line = Line::new(Way::Delivered);
    inbox.open(&line);
    assert_eq!(ids(inbox.deliver(&line, 9)), ["1", "3", "4"]);
}

#[derive(Debug, Clone)]
enum Step {
    Put(usize),
    Take(usize),
    Acknowledge(usize),
    Deliver(usize),
    Open,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..BYTES_MAX / 3).prop_map(Step::Put),
        1 => (0..3_usize).prop_map(Step::Take),
        1 => (0..9_usize).prop_map(Step::Acknowledge),
        1 => (0..3_usize).prop_map(Step::Deliver),
        1 => Just(Step::Open),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_counted_is_what_is_there(steps in prop::collection::vec(step(), 0..40)) {
        let (inbox, counts) = inbox();
        let mut line = Line::new(Way::Delivered);
        for (number, step) in (0..).zip(steps) {
            match step {
                Step::Put(size) => drop(inbox.put(parcel(number, size))),
                Step::Take(limit) => drop(inbox.take(limit)),
                Step::Acknowledge(at) => drop(inbox.acknowledge(&[at.to_string()])),
                Step::Deliver(limit) => drop(inbox.deliver(&line, limit)),
                Step::Open => {
                    line = Line::new(Way::Delivered);
                    inbox.open(&line);
                }
            }
            let all = inbox.show(usize::MAX, None);
            let bytes: usize = all.iter().map(|it| it.packed.len()).sum();
            prop_assert_eq!(counts.queued.read(), all.len() as u64);
            prop_assert_eq!(counts.queued_bytes.read(), bytes as u64);
            prop_assert!(bytes <= BYTES_MAX);
            prop_assert!(inbox.lock().delivered <= all.len());
        }
        drop(inbox);
        prop_assert_eq!((counts.queued.read(), counts.queued_bytes.read()), (0, 0));
    }
}
