//! A report is a fold: neither the order of messages nor the way they are split changes it.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::select};

use super::story::{Trip, at, began, dropped, failed, finished, held, ms, run, tally, us};
use crate::{
    bus::{Change, DropReason, End, Event, Health, Measured, Message},
    report::{Paint, Report, Tally},
};

fn header() -> Message {
    began(run(vec![held("sign-in", 20, 10), held("chat", 10, 10)]))
}

fn ends() -> impl Strategy<Value = End> {
    let silent = End::Failed { kind: "refused".into(), message: None };
    let loud = |n| failed("refused", &format!("no {n}"));
    select(vec![End::Done, End::Done, End::Cancelled, silent, loud(1), loud(2)])
}

fn trips() -> impl Strategy<Value = Trip> {
    (0..3_u16, 0..200_u64, 0..50_000_u64, 0..40_000_u64).prop_map(|(row, n, lag, service)| {
        Trip::new(row, n, ms(n * 50), us(service)).late(us(lag), us(lag / 3))
    })
}

fn messages() -> impl Strategy<Value = Message> {
    let names = select(vec!["Log in", "Log in :: Token", "Chat"]);
    let reasons = select(vec![
        DropReason::Backlog,
        DropReason::DatapoolStop,
        DropReason::GeneratorStalled,
        DropReason::RunOver,
    ]);
    let health = |(cpu, resident_bytes)| {
        let health = Health { cpu, resident_bytes, ..Health::default() };
        at(ms(1), Event::Health(health))
    };
    let recorded = |(n, bytes)| {
        let name = format!("pool {n}").into();
        at(ms(n), Event::Recorded { name, bytes, row: None })
    };
    let sent = |(trip, n): (Trip, u8)| {
        let (trip, kind) = (trip.id, format!("kind {n}").into());
        at(ms(2), Event::Sent { trip, kind, fields: serde_json::Value::Null })
    };
    let measured = |(trip, n): (Trip, u8)| {
        let values = [n, n / 2].map(|n| Measured { name: format!("time_{n}").into(), took: ms(3) });
        let transaction = Some("Chat".into());
        at(ms(2), Event::Measured { trip: trip.id, transaction, values: values.into() })
    };
    prop_oneof![
        trips().prop_map(Trip::started),
        (trips(), ends()).prop_map(|(trip, end)| trip.ended(end)),
        (trips(), names, ends()).prop_map(|(trip, name, end)| trip.transaction(name, end)),
        (trips(), select(vec![200, 404])).prop_map(|(trip, status)| trip.request(status)),
        (0..2_u16, 0..5_u64, reasons).prop_map(|(row, n, reason)| dropped(row, n, reason)),
        (0.0..2.0_f64, 0..1_000_u64).prop_map(health),
        (0..150_u64, 0..50_u32).prop_map(recorded),
        (trips(), 0..150_u8).prop_map(sent),
        (trips(), 0..150_u8).prop_map(measured),
        waits(),
        exchanges(),
        (0..50_u64).prop_map(|lasted| at(ms(3), Event::Stalled { lasted: ms(lasted) })),
        Just(finished(ms(9_000))[1].clone()),
    ]
}

/// Waits for answers, of which some say what the other side took.
fn waits() -> impl Strategy<Value = Message> {
    let names = select(vec![None, Some("Log in"), Some("Chat")]);
    (trips(), names, 0..40_u64, prop::option::of(0..40_u64)).prop_map(
        |(trip, name, all, theirs)| {
            let measured = |name: &'static str, of| Measured { name: name.into(), took: ms(of) };
            let mut values = vec![measured("didcomm_waiting", all)];
            if let Some(theirs) = theirs.filter(|it| *it <= all) {
                values.push(measured("didcomm_theirs", theirs));
                values.push(measured("didcomm_network", all - theirs));
            }
            let transaction = name.map(Into::into);
            at(ms(2), Event::Measured { trip: trip.id, transaction, values: values.into() })
        },
    )
}

fn exchanges() -> impl Strategy<Value = Message> {
    let parties = select(vec!["holders", "issuer", "verifier"]);
    let states = select(vec!["offer-sent", "request-received", "credential-issued", "done"]);
    let changes = prop_oneof![
        select(vec![Change::Started, Change::Started, Change::Lost, Change::Unfollowed]),
        (states.clone(), states, 0..50_u64).prop_map(|(from, to, took)| Change::Step {
            from: from.into(),
            to: to.into(),
            took: ms(took)
        }),
        (0..50_u64, prop::option::of(any::<bool>()))
            .prop_map(|(took, verified)| Change::Finished { took: ms(took), verified }),
        (0..30_u8).prop_map(|n| Change::Failed { why: format!("why {n}").into() }),
    ];
    let protocols = (0..20_u8).prop_map(|n| format!("protocol {n}"));
    prop_oneof![
        4 => (parties.clone(), protocols, changes).prop_map(|(party, protocol, change)| {
            let (party, protocol) = (party.into(), protocol.into());
            at(ms(2), Event::Exchange { party, protocol, change })
        }),
        1 => (parties, 0..50_u64).prop_map(|(party, lasted)| {
            at(ms(2), Event::Unheard { party: party.into(), lasted: ms(lasted) })
        }),
    ]
}

/// Everything that anybody can see of a tally.
fn seen(tally: Tally) -> String {
    let report = Report::new(tally, Vec::new());
    format!("{}{:#}", report.text(Paint::Plain), report.json())
}

fn of<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Tally {
    let mut tally = tally(&[header()]);
    messages.into_iter().for_each(|message| tally.fold(message));
    tally
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_order_of_messages_changes_nothing(
        (ordered, shuffled) in vec(messages(), 0..120)
            .prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
    ) {
        prop_assert_eq!(seen(of(&ordered)), seen(of(&shuffled)));
    }

    #[test]
    fn parts_merge_to_the_whole(messages in vec((messages(), 0..3_usize), 0..120)) {
        let part = |of_part: usize| {
            of(messages.iter().filter(|(_, part)| *part == of_part).map(|(it, _)| it))
        };
        let (a, b, c) = (part(0), part(1), part(2));
        let mut left = a.clone();
        left.merge(&b);
        left.merge(&c);
        let mut right = c;
        right.merge(&b);
        right.merge(&a);
        let whole = seen(of(messages.iter().map(|(it, _)| it)));
        prop_assert_eq!(&seen(left), &whole);
        prop_assert_eq!(&seen(right), &whole);
    }

    #[test]
    fn whatever_happened_there_is_a_report(messages in vec(messages(), 0..50)) {
        let report = Report::new(tally(&messages), Vec::new());
        prop_assert!(report.text(Paint::Plain).contains("the log has no beginning"));
    }
}

#[test]
fn absurd_figures_do_no_harm() {
    let age = Duration::from_nanos(u64::MAX);
    let trip = Trip::new(0, u64::MAX, age, Duration::MAX).late(age, age);
    let Trip { id, lag, service, .. } = trip;
    let absurd = Event::Ended { trip: id, lag, service, end: End::Done };
    let mut messages = vec![header(), at(age, absurd), at(age, Event::Stalled { lasted: age })];
    messages.push(at(age, Event::Stalled { lasted: Duration::MAX }));
    let health = Health { cpu: f64::NAN, resident_bytes: u64::MAX, ..Health::default() };
    messages.extend([health, Health { cpu: 1e300, ..health }].map(|it| at(age, Event::Health(it))));
    for reason in [DropReason::Backlog, DropReason::RunOver, DropReason::GeneratorStalled] {
        messages.extend([dropped(0, u64::MAX, reason), dropped(1, u64::MAX, reason)]);
        messages.push(dropped(0, u64::MAX, reason));
    }
    let text = seen(tally(&messages));
    assert!(text.contains("18446744073709551615"));
}
