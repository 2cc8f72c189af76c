//! Any message at all, for laws that hold for every one.

use std::{sync::Arc, time::Duration};

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

use crate::bus::{
    Change, DropReason, End, Ending, Event, Health, Measured, Message, Model, Phase, Request, Row,
    Run, TripId,
};

/// A message in the first `seconds` of a run, in which there are `rows` rows.
pub(super) fn message(seconds: u64, rows: u16) -> impl Strategy<Value = Message> {
    let at = (0..seconds * 1_000_000_000).prop_map(Duration::from_nanos);
    (at, event(rows)).prop_map(|(at, event)| Message { at, event })
}

fn event(rows: u16) -> impl Strategy<Value = Event> {
    prop_oneof![
        run().prop_map(|it| Event::Began(Box::new(it))),
        (trip(rows), duration(), duration()).prop_map(|(trip, lag, queued)| Event::Started {
            trip,
            lag,
            queued
        }),
        (trip(rows), text(), duration(), duration(), end()).prop_map(
            |(trip, name, lag, service, end)| Event::Transaction { trip, name, lag, service, end }
        ),
        (trip(rows), option::of(text()), request().prop_map(Box::new))
            .prop_map(|(trip, transaction, request)| Event::Request { trip, transaction, request }),
        (trip(rows), duration(), duration(), end())
            .prop_map(|(trip, lag, service, end)| Event::Ended { trip, lag, service, end }),
        (0..rows, duration(), 0..1_000_000_u64, reason())
            .prop_map(|(row, due, count, reason)| Event::Dropped { row, due, count, reason }),
        (text(), any::<u32>()).prop_map(|(name, bytes)| Event::Recorded { name, bytes, row: None }),
        text().prop_map(|name| Event::Purged { name, receipt: None }),
        (trip(rows), text(), fields()).prop_map(|(trip, kind, fields)| Event::Sent {
            trip,
            kind,
            fields
        }),
        (trip(rows), option::of(text()), vec(measured(), 0..4)).prop_map(
            |(trip, transaction, values)| {
                Event::Measured { trip, transaction, values: values.into() }
            }
        ),
        (text(), text(), change()).prop_map(|(party, protocol, change)| Event::Exchange {
            party,
            protocol,
            change
        }),
        (text(), duration()).prop_map(|(party, lasted)| Event::Unheard { party, lasted }),
        health().prop_map(Event::Health),
        duration().prop_map(|lasted| Event::Stalled { lasted }),
        ending().prop_map(Event::Draining),
        Just(Event::Finished),
    ]
}

fn text() -> impl Strategy<Value = Arc<str>> {
    ".{0,20}".prop_map(Arc::from)
}

/// Up to the longest that the wire holds.
fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![0..5_000_000_000_u64, any::<u64>()].prop_map(Duration::from_nanos)
}

fn trip(rows: u16) -> impl Strategy<Value = TripId> {
    (0..rows, any::<u64>()).prop_map(|(row, number)| TripId { row, number })
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        Just(End::Done),
        (text(), option::of(text())).prop_map(|(kind, message)| End::Failed { kind, message }),
        Just(End::Cancelled),
    ]
}

fn reason() -> impl Strategy<Value = DropReason> {
    select(vec![
        DropReason::Backlog,
        DropReason::DatapoolEmpty,
        DropReason::DatapoolStop,
        DropReason::GeneratorStalled,
        DropReason::RunOver,
        DropReason::Aborted,
    ])
}

fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![
        Just(Ending::Complete),
        Just(Ending::Signal),
        ".{0,9}".prop_map(Ending::DatapoolExhausted),
        ".{0,9}".prop_map(Ending::SubscriberFailed),
    ]
}

fn measured() -> impl Strategy<Value = Measured> {
    (".{0,9}", duration()).prop_map(|(name, took)| Measured { name: name.into(), took })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        select(vec![Change::Started, Change::Lost, Change::Unfollowed]),
        (text(), text(), duration()).prop_map(|(from, to, took)| Change::Step { from, to, took }),
        (duration(), option::of(any::<bool>()))
            .prop_map(|(took, verified)| Change::Finished { took, verified }),
        text().prop_map(|why| Change::Failed { why }),
    ]
}

fn health() -> impl Strategy<Value = Health> {
    (0.0..64.0, any::<u64>(), any::<u64>(), any::<u64>(), duration()).prop_map(
        |(cpu, resident_bytes, in_flight, backlog, overslept)| Health {
            cpu,
            resident_bytes,
            in_flight,
            backlog,
            overslept,
        },
    )
}

fn request() -> impl Strategy<Value = Request> {
    let figures = (text(), option::of(0_u16..1000), option::of(text()), any::<bool>());
    let times = (duration(), duration(), duration(), duration());
    (figures, times, (duration(), duration(), duration()), any::<(u64, u64)>()).prop_map(
        |((method, status, failure, reused), begin, end, (sent_bytes, received_bytes))| {
            let (blocked, looking_up, connecting, tls_handshaking) = begin;
            let (sending, waiting, receiving) = end;
            Request {
                method,
                status,
                failure,
                blocked,
                looking_up,
                connecting,
                tls_handshaking,
                sending,
                waiting,
                receiving,
                sent_bytes,
                received_bytes,
                reused,
            }
        },
    )
}

fn fields() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(|it: f64| json!(it)),
        ".{0,9}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,5}", inner), 0..4).prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

fn run() -> impl Strategy<Value = Run> {
    let phase = select(vec![Phase::CreateData, Phase::ScenarioRun, Phase::JourneyRun]);
    let texts = (".{0,9}", ".{0,9}", vec((".{0,9}", ".{0,9}"), 0..3), vec(".{0,9}", 0..3));
    (texts, phase, any::<(u64, u64, u32, u32)>(), vec(row(), 0..3), 0.0..=1.0).prop_map(
        |((engine, scenario, thresholds, remarks), phase, numbers, rows, max_dropped)| {
            let (seed, began_unix_ms, i, n) = numbers;
            Run {
                engine,
                scenario,
                phase,
                seed,
                began_unix_ms,
                share: (i, n),
                rows,
                thresholds,
                max_dropped,
                remarks,
            }
        },
    )
}

fn row() -> impl Strategy<Value = Row> {
    let texts = (".{0,9}", option::of(".{0,9}"), ".{0,9}");
    let length = (select(vec![Model::Open, Model::Closed]), option::of(any::<u64>()), duration());
    (texts, length, vec(any::<u32>(), 0..5), any::<u64>(), duration()).prop_map(
        |(texts, length, by_second, max_in_flight, max_backlog)| {
            let (journey, datapool, volume) = texts;
            let (model, planned, duration) = length;
            Row {
                journey,
                datapool,
                volume,
                model,
                planned,
                duration,
                by_second,
                max_in_flight,
                max_backlog,
            }
        },
    )
}
