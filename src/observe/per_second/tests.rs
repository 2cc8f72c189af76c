//! Every second has a line, and every column adds up.

use std::{
    collections::BTreeMap, fs, io::Cursor, os::unix::fs::PermissionsExt, path::Path, time::Duration,
};

use hdrhistogram::{
    Histogram,
    serialization::{
        Deserializer,
        interval_log::{IntervalLogIterator, LogEntry},
    },
};
use proptest::{collection::vec, prelude::*};
use tempfile::tempdir;

use super::*;
use crate::{
    bus::{
        DropReason, End, Event, Health, Message, Model, Phase, Request, Row, Run, Subscriber,
        TripId,
    },
    observe::arbitrary,
};

fn row(journey: &str, model: Model, by_second: &[u32]) -> Row {
    Row {
        journey: journey.into(),
        datapool: None,
        volume: String::new(),
        model,
        planned: None,
        duration: Duration::from_secs(by_second.len() as u64),
        by_second: by_second.into(),
        max_in_flight: 1,
        max_backlog: Duration::ZERO,
    }
}

fn began() -> Event {
    Event::Began(Box::new(Run {
        engine: "0.1.0".into(),
        scenario: "wallets".into(),
        phase: Phase::ScenarioRun,
        seed: 42,
        began_unix_ms: 1_700_000_000_000,
        share: (0, 1),
        rows: vec![
            row("present", Model::Open, &[10, 20, 30]),
            row("log in, out", Model::Closed, &[5, 5]),
            row("present", Model::Open, &[1]),
        ],
        thresholds: Vec::new(),
        max_dropped: 0.0,
        remarks: Vec::new(),
    }))
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The two files that come of these messages.
fn written(messages: &[Message]) -> (String, String) {
    let dir = tempdir().unwrap();
    let mut series = Series::create(dir.path()).unwrap();
    messages.iter().try_for_each(|message| series.receive(message)).unwrap();
    let read = |name| fs::read_to_string(dir.path().join(name)).unwrap();
    (read("series.csv"), read("latency.hdr"))
}

fn at(at: u64, event: Event) -> Message {
    Message { at: millis(at), event }
}

fn started(row: u16, lag: u64) -> Event {
    let trip = TripId { row, number: 0 };
    Event::Started { trip, lag: millis(lag), queued: Duration::ZERO }
}

fn ended(row: u16, lag: u64, service: u64) -> Event {
    let trip = TripId { row, number: 0 };
    let end = match service {
        666 => End::Failed { kind: "refused".into(), message: None },
        _ => End::Done,
    };
    Event::Ended { trip, lag: millis(lag), service: millis(service), end }
}

fn request(status: Option<u16>) -> Event {
    let trip = TripId { row: 0, number: 0 };
    let request = Box::new(Request { status, ..Request::default() });
    Event::Request { trip, transaction: None, request }
}

fn a_short_run() -> Vec<Message> {
    let (count, due, reason) = (7, Duration::ZERO, DropReason::Backlog);
    let health =
        Health { cpu: 0.5, resident_bytes: 1_234_567_890, backlog: 3, ..Health::default() };
    vec![
        at(0, began()),
        at(400, ended(0, 1, 200)),
        at(200, started(0, 1)),
        at(300, started(1, 0)),
        at(1_000, Event::Health(health)),
        at(1_100, request(Some(200))),
        at(1_200, request(Some(404))),
        at(1_300, request(None)),
        at(1_500, Event::Dropped { row: 0, due, count, reason }),
        at(4_000, started(2, 2)),
        at(900, ended(1, 0, 666)),
        at(6_100, ended(2, 2, 1_500)),
        at(6_200, Event::Finished),
    ]
}

#[test]
fn every_second_has_a_line() {
    insta::assert_snapshot!(written(&a_short_run()).0, @r#"
    second,planned,users,started,ended,failed,dropped,in_flight,backlog,response_p50_ms,response_p95_ms,response_p99_ms,response_max_ms,lag_p99_ms,http_reqs,http_failed,cpu,resident_mb
    0,11,5,2,1,0,0,1,,201.087,201.087,201.087,201.087,1.000,0,0,,
    1,20,5,0,0,0,7,1,3,,,,,,3,2,0.500,1234.5
    2,30,0,0,1,1,0,0,,666.111,666.111,666.111,666.111,,0,0,,
    3,0,0,0,0,0,0,0,,,,,,,0,0,,
    4,0,0,1,0,0,0,1,,,,,,2.000,0,0,,
    5,0,0,0,0,0,0,1,,,,,,,0,0,,
    6,0,0,0,1,0,0,0,,1502.207,1502.207,1502.207,1502.207,,0,0,,
    "#);
}

#[test]
fn intervals_are_named_by_journey_and_counted_from_the_beginning() {
    let log = written(&a_short_run()).1;
    let short: Vec<_> = log.lines().map(|it| it.split(",HIST").next().unwrap()).collect();
    insta::assert_snapshot!(short.join("\n"), @r#"
    #[Logged with engine 0.1.0]
    #[Histogram log format version 1.3]
    #[Values are microseconds]
    #[StartTime: 1700000000.000 (seconds since epoch)]
    #[BaseTime: 1700000000.000 (seconds since epoch)]
    "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
    Tag=present/response,0.000,1.000,201087.000
    Tag=present/service,0.000,1.000,200063.000
    Tag=present/lag,0.000,1.000,1000.000
    Tag=log_in__out/lag,0.000,1.000,1.000
    Tag=log_in__out/response,2.000,1.000,666111.000
    Tag=log_in__out/service,2.000,1.000,666111.000
    Tag=present/lag,4.000,1.000,2000.000
    Tag=present/response,6.000,1.000,1502207.000
    Tag=present/service,6.000,1.000,1500159.000
    "#);
}

#[test]
fn a_run_in_which_nothing_happens_has_its_lines_too() {
    let (csv, _) = written(&[at(0, began()), at(2_500, Event::Finished)]);
    assert_eq!(csv.lines().count(), 1 + 3);
}

#[test]
fn a_second_is_written_when_the_third_after_it_begins() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("series.csv");
    let mut series = Series::create(dir.path()).unwrap();
    let lines = |path: &Path| fs::read_to_string(path).unwrap().lines().count();
    let mut seen = Vec::new();
    for second in 0..6 {
        series.receive(&at(second * 1000, started(0, 0))).unwrap();
        seen.push(lines(&path));
    }
    assert_eq!(seen, [0, 0, 0, 2, 3, 4]);
}

#[test]
fn a_message_from_another_age_is_an_error_and_no_endless_file() {
    let dir = tempdir().unwrap();
    let mut series = Series::create(dir.path()).unwrap();
    let error = series.receive(&at(u64::MAX / 1_000_000, Event::Finished)).unwrap_err();
    let text = error.to_string();
    assert!(
        text.ends_with("series.csv: a message of second 18446744073 follows one of 0"),
        "{text}"
    );
}

#[test]
fn both_files_are_for_their_owner_alone() {
    let dir = tempdir().unwrap();
    let series = Series::create(dir.path()).unwrap();
    for name in ["series.csv", "latency.hdr"] {
        let mode = fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    drop(series);
    assert_eq!(Series::create(dir.path()).err().unwrap().path, dir.path().join("series.csv"));
}

/// The sum of each column of counts.
fn sums(csv: &str) -> BTreeMap<String, u64> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let lines: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    assert!(lines.iter().enumerate().all(|(n, line)| line["second"] == n.to_string()));
    ["started", "ended", "failed", "dropped", "http_reqs", "http_failed", "planned", "users"]
        .map(|name| (name.into(), lines.iter().map(|it| it[name].parse::<u64>().unwrap()).sum()))
        .into()
}

/// The number of latencies under each tag.
fn latencies(log: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for entry in IntervalLogIterator::new(log.as_bytes()).map(Result::unwrap) {
        if let LogEntry::Interval(interval) = entry {
            let bytes = base64(interval.encoded_histogram());
            let histogram: Histogram<u64> =
                Deserializer::new().deserialize(&mut Cursor::new(bytes)).unwrap();
            *counts.entry(interval.tag().unwrap().as_str().into()).or_default() += histogram.len();
        }
    }
    counts
}

fn base64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = |it: u8| digits.iter().position(|digit| *digit == it);
    let sixes: Vec<_> = text.bytes().filter_map(value).collect();
    let bits = sixes.chunks(4).flat_map(|four| {
        let sum = four.iter().enumerate().fold(0, |sum, (n, six)| sum | six << (18 - 6 * n));
        [sum >> 16, sum >> 8, sum].into_iter().take(four.len() - 1)
    });
    bits.map(|it| u8::try_from(it & 0xff).unwrap()).collect()
}

fn count(messages: &[Message], of: impl Fn(&Event) -> u64) -> u64 {
    messages.iter().map(|message| of(&message.event)).sum()
}

fn of_row(rows: &'static [u16]) -> impl Fn(&Event) -> u64 {
    move |event| match event {
        Event::Ended { trip, .. } => u64::from(rows.contains(&trip.row)),
        _ => 0,
    }
}

proptest! {
    #[test]
    fn every_column_adds_up_to_the_run(
        heard in vec(arbitrary::message(12, 5), 0..80),
        last in 0_u64..15_000,
    ) {
        let mut messages = vec![at(0, began())];
        messages.extend(heard.into_iter().filter(|it| {
            !matches!(it.event, Event::Began(_) | Event::Finished)
        }));
        messages.push(at(last, Event::Finished));
        let (csv, log) = written(&messages);
        let sums = sums(&csv);
        prop_assert_eq!(sums["started"], count(&messages, |it| matches!(it, Event::Started { .. }).into()));
        prop_assert_eq!(sums["ended"], count(&messages, |it| matches!(it, Event::Ended { .. }).into()));
        prop_assert_eq!(sums["http_reqs"], count(&messages, |it| matches!(it, Event::Request { .. }).into()));
        let failed = |it: &Event| matches!(it, Event::Ended { end: End::Failed { .. }, .. }).into();
        prop_assert_eq!(sums["failed"], count(&messages, failed));
        let dropped = |it: &Event| match it { Event::Dropped { count, .. } => *count, _ => 0 };
        prop_assert_eq!(sums["dropped"], count(&messages, dropped));
        let end = messages.iter().map(|it| it.at.as_secs()).max().unwrap();
        prop_assert_eq!(csv.lines().count() as u64, end + 2);
        let latencies = latencies(&log);
        let timed = |tag: &str| latencies.get(tag).copied().unwrap_or(0);
        for kind in ["response", "service"] {
            let (present, log_in) = (format!("present/{kind}"), format!("log_in__out/{kind}"));
            prop_assert_eq!(timed(&present), count(&messages, of_row(&[0, 2])));
            prop_assert_eq!(timed(&log_in), count(&messages, of_row(&[1])));
        }
    }
}
