//! A run of which there is little to tell, and one of which there is a lot.

use super::story::{Trip, at, began, dropped, failed, finished, held, ms, run, tally, us};
use crate::{
    bus::{DropReason, End, Event, Health, Measured, Message, Model, Row, Run, TripId},
    plan::Threshold,
    report::{Tally, ThresholdResult},
};

/// Two trips of one user.
pub(super) fn minimal() -> Tally {
    let row = Row {
        model: Model::Closed,
        volume: "2 trips by 1 users".into(),
        planned: Some(2),
        ..held("sign-in", 2, 1)
    };
    let mut messages = vec![began(run(vec![row]))];
    let trips = (0..2).map(|n| Trip::new(0, n, ms(n * 500), ms(250)));
    messages.extend(trips.flat_map(Trip::done));
    messages.extend(finished(ms(1_000)));
    tally(&messages)
}

/// Two rows; one in ten chats fails, and the last of its arrivals are dropped.
pub(super) fn eventful() -> Tally {
    let remarks = vec!["target: embedded sandbox".into()];
    let rows = vec![held("sign-in", 100, 10), held("chat", 20, 10)];
    let mut messages = vec![began(Run { remarks, ..run(rows) })];
    for n in 0..1_000 {
        let trip = Trip::new(0, n, ms(n * 10), ms(20 + n % 50)).late(us(n % 40), us(0));
        messages.extend([trip.started(), trip.transaction("Log in", End::Done)]);
        messages.extend([trip.request(200), trip.ended(End::Done)]);
    }
    for n in 0..180 {
        let trip = Trip::new(1, n, ms(n * 50), ms(100 + n)).late(ms(n), ms(n));
        let end = if n % 10 == 3 {
            failed("http_status_503", "503 Service Unavailable\nretry later")
        } else {
            End::Done
        };
        let outer = match &end {
            End::Failed { kind, .. } => End::Failed { kind: kind.clone(), message: None },
            _ => End::Done,
        };
        messages.extend([trip.started(), trip.transaction("Chat :: Say hello", end)]);
        messages.extend([trip.request(if n % 10 == 3 { 503 } else { 200 })]);
        messages.extend([trip.transaction("Chat", outer.clone()), trip.ended(outer)]);
    }
    messages.extend([dropped(1, 15, DropReason::Backlog), dropped(1, 5, DropReason::RunOver)]);
    messages.extend(told());
    messages.extend(finished(ms(10_100)));
    tally(&messages)
}

/// What journeys and the generator tell besides.
fn told() -> Vec<Message> {
    let health =
        |cpu| Health { cpu, resident_bytes: 52_000_000, overslept: us(80), ..Health::default() };
    let trip = TripId { row: 1, number: 0 };
    let sent = Event::Sent { trip, kind: "greeted".into(), fields: serde_json::Value::Null };
    let recorded = Event::Recorded { name: "users".into(), bytes: 120, row: None };
    let waited = |name: &'static str, took| Measured { name: name.into(), took };
    let values = [waited("frame_seen", us(900)), waited("didcomm_waiting", ms(12))].into();
    let measured = Event::Measured { trip, transaction: None, values };
    vec![
        at(ms(1_000), Event::Health(health(0.25))),
        at(ms(2_000), Event::Health(health(0.75))),
        at(ms(2_500), sent.clone()),
        at(ms(2_500), sent),
        at(ms(2_600), recorded),
        at(ms(2_700), measured),
    ]
}

/// What comes of some thresholds on the eventful run.
pub(super) fn checked(tally: &Tally) -> Vec<ThresholdResult> {
    let thresholds = [
        ("transaction{Log in}", "p(95)<500ms"),
        ("transaction{Log in}", "avg<10ms"),
        ("transaction{Chat}", "p(99)<500ms"),
        ("transaction{Chat}", "failed<20%"),
        ("transaction{Log out}", "p(95)<500ms"),
        ("didcomm_waiting", "p(95)<500ms"),
        ("didcomm_waiting{sign-in}", "max<1s"),
    ];
    let held = |(metric, expression)| {
        ThresholdResult::of(&Threshold::parse(metric, expression).unwrap(), tally)
    };
    thresholds.map(held).to_vec()
}
