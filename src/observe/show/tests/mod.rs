//! What a person sees.

mod screen;

use std::{
    io::{self, Write},
    time::Duration,
};

use proptest::{collection::vec, prelude::*};

use self::screen::Screen;
use super::{Colour, Progress, Style, text};
use crate::{
    bus::{
        DropReason, End, Ending, Event, Health, Message, Model, Phase, Row, Run, Subscriber, TripId,
    },
    observe::arbitrary,
};

fn open_row() -> Row {
    Row {
        journey: "present-and-revoke".into(),
        datapool: Some("holders".into()),
        volume: "hold 50/s for 1m".into(),
        model: Model::Open,
        planned: Some(3000),
        duration: Duration::from_mins(1),
        by_second: vec![50; 60],
        max_in_flight: 5000,
        max_backlog: Duration::ZERO,
    }
}

fn closed_row() -> Row {
    Row {
        journey: "provision-holder".into(),
        datapool: None,
        volume: "1000 trips by 8 users".into(),
        model: Model::Closed,
        planned: Some(1000),
        duration: Duration::ZERO,
        by_second: Vec::new(),
        max_in_flight: 8,
        max_backlog: Duration::ZERO,
    }
}

fn run(rows: &[Row]) -> Run {
    Run {
        engine: "0.1.0".into(),
        scenario: "wallets".into(),
        phase: Phase::ScenarioRun,
        seed: 42,
        began_unix_ms: 0,
        share: (0, 1),
        rows: rows.into(),
        thresholds: Vec::new(),
        max_dropped: 0.0,
        remarks: vec!["issuer and verifier run in this process".into()],
    }
}

fn tell(progress: &mut Progress, millis: u64, event: Event) {
    progress.receive(&Message { at: Duration::from_millis(millis), event }).unwrap();
    progress.rest().unwrap();
}

fn begun(mut progress: Progress, rows: &[Row]) -> Progress {
    tell(&mut progress, 0, Event::Began(Box::new(run(rows))));
    progress
}

fn start(progress: &mut Progress, millis: u64, row: u16) {
    let (trip, queued) = (TripId { row, number: 0 }, Duration::from_millis(7));
    let lag = queued + Duration::from_micros(100);
    tell(progress, millis, Event::Started { trip, lag, queued });
}

fn end(progress: &mut Progress, millis: u64, row: u16) {
    let (trip, lag, service) = (TripId { row, number: 0 }, Duration::ZERO, Duration::ZERO);
    tell(progress, millis, Event::Ended { trip, lag, service, end: End::Done });
}

/// A run in which 51 trips start each second and 50 of them end.
fn seconds(progress: &mut Progress, range: std::ops::RangeInclusive<u64>) {
    for second in range {
        (0..51).for_each(|n| start(progress, second * 1000 - 999 + n, 0));
        (0..50).for_each(|n| end(progress, second * 1000 - 500 + n, 0));
        tell(progress, second * 1000, Event::Health(Health::default()));
    }
}

#[test]
fn lines_are_eager_at_first_and_rarer_after_ten_seconds() {
    let screen = Screen::default();
    let mut progress = begun(screen.plain(), &[open_row()]);
    seconds(&mut progress, 1..=35);
    tell(&mut progress, 35_200, Event::Finished);
    insta::assert_snapshot!(screen.text(), @r#"
      scenario: wallets
         phase: scenario run
          seed: 42
          plan: 1 row, 1m0s
                * present-and-revoke: hold 50/s for 1m (3000 trips, up to 5000 at a time), datapool holders
        remark: issuer and verifier run in this process

    running 0m1.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 1 in flight, 50 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m2.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 2 in flight, 100 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m3.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 3 in flight, 150 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m4.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 4 in flight, 200 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m5.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 5 in flight, 250 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m6.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 6 in flight, 300 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m7.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 7 in flight, 350 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m8.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 8 in flight, 400 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m9.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 9 in flight, 450 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m10.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 10 in flight, 500 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m20.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 20 in flight, 1000 ended, 0 failed, 0 dropped, lag 7.1ms
    running 0m30.0s of 1m0s: present-and-revoke 50.0/s asked, 50.0/s done, 30 in flight, 1500 ended, 0 failed, 0 dropped, lag 7.1ms
    finished after 0m35.2s: present-and-revoke 1750 ended, 0 failed, 0 dropped
    "#);
}

#[test]
fn every_row_has_a_line_of_its_own() {
    let screen = Screen::default();
    let mut progress = begun(screen.plain(), &[open_row(), closed_row()]);
    let (due, reason) = (Duration::ZERO, DropReason::Backlog);
    tell(&mut progress, 10, Event::Dropped { row: 0, due, count: 7, reason });
    (0..8).for_each(|_| start(&mut progress, 20, 1));
    (0..4).for_each(|_| end(&mut progress, 30, 1));
    let (trip, lag, service) = (TripId { row: 1, number: 0 }, Duration::ZERO, Duration::ZERO);
    let failed = End::Failed { kind: "refused".into(), message: None };
    tell(&mut progress, 40, Event::Ended { trip, lag, service, end: failed });
    tell(&mut progress, 1_250, Event::Health(Health::default()));
    tell(&mut progress, 61_000, Event::Health(Health::default()));
    tell(&mut progress, 3_723_400, Event::Finished);
    insta::assert_snapshot!(screen.text(), @r#"
      scenario: wallets
         phase: scenario run
          seed: 42
          plan: 2 rows, 1m0s
                * present-and-revoke: hold 50/s for 1m (3000 trips, up to 5000 at a time), datapool holders
                * provision-holder: 1000 trips by 8 users
        remark: issuer and verifier run in this process

    running 0m1.3s of 1m0s: present-and-revoke 50.0/s asked, 0.0/s done, 0 in flight, 0 ended, 0 failed, 7 dropped, lag 0.0ms
    running 0m1.3s of 1m0s: provision-holder 8 users asked, 4.0/s done, 3 in flight, 5 of 1000 ended, 1 failed, 0 dropped, lag 7.1ms
    running 1m1.0s of 1m0s: present-and-revoke 0.0/s asked, 0.0/s done, 0 in flight, 0 ended, 0 failed, 7 dropped, lag 0.0ms
    running 1m1.0s of 1m0s: provision-holder 8 users asked, 0.0/s done, 3 in flight, 5 of 1000 ended, 1 failed, 0 dropped, lag 0.0ms
    finished after 1h2m3.4s: present-and-revoke 0 ended, 0 failed, 7 dropped
    finished after 1h2m3.4s: provision-holder 5 of 1000 ended, 1 failed, 0 dropped
    "#);
}

#[test]
fn a_notice_comes_at_once() {
    let screen = Screen::default();
    let mut progress = begun(screen.plain(), &[open_row()]);
    let begin = screen.text().len();
    tell(&mut progress, 0, Event::Stalled { lasted: Duration::from_millis(1_234) });
    tell(&mut progress, 0, Event::Draining(Ending::Complete));
    (0..12).for_each(|_| start(&mut progress, 20, 0));
    tell(&mut progress, 0, Event::Draining(Ending::Complete));
    tell(&mut progress, 0, Event::Draining(Ending::Signal));
    tell(&mut progress, 0, Event::Draining(Ending::DatapoolExhausted("holders".into())));
    let error = Ending::SubscriberFailed("collector: disk full".into());
    tell(&mut progress, 0, Event::Draining(error));
    insta::assert_snapshot!(screen.text()[begin..], @r#"
    the generator stood still for 1.2s: what was due meanwhile is dropped, not sent in a burst
    all trips are done
    all trips have started: waiting up to 30s for 12 under way
    stopping: no new trips, waiting up to 30s for 12 under way; press ctrl-c again to end at once
    stopping: datapool holders has no row left, waiting up to 30s for 12 under way
    stopping: collector: disk full, waiting up to 30s for 12 under way
    "#);
}

#[test]
fn bars_say_how_far_each_row_is() {
    let screen = Screen::default();
    let mut progress = begun(screen.bars(Colour::Off), &[open_row(), closed_row()]);
    seconds(&mut progress, 1..=15);
    (0..250).for_each(|_| end(&mut progress, 15_100, 1));
    tell(&mut progress, 15_300, Event::Draining(Ending::Signal));
    tell(&mut progress, 15_400, Event::Finished);
    let text = screen.text();
    assert!(text.contains("scenario: wallets"));
    assert!(text.contains("press ctrl-c again"));
    let last = text.rsplit('\r').find(|it| it.contains(" [")).unwrap();
    let (first, second) = last.split_at(150);
    insta::assert_snapshot!([first.trim_end(), second.trim_end()].join("\n"), @r#"
    present-and-revoke [==>-------] 0m15.4s/1m0s, 45s left  50.0/s asked, 50.0/s done, 15 in flight, 750 ended, 0 failed, 0 dropped, lag 7.1ms
    provision-holder   [==>-------] 0m15.4s  8 users asked, 0.0/s done, 0 in flight, 250 of 1000 ended, 0 failed, 0 dropped, lag 0.0ms
    "#);
}

#[test]
fn colours_change_no_word() {
    let words = |colour| {
        let screen = Screen::default();
        let mut progress = begun(screen.bars(colour), &[open_row()]);
        seconds(&mut progress, 1..=2);
        uncoloured(&screen.text())
    };
    assert!(words(Colour::On).contains("100 ended"));
    assert_eq!(words(Colour::On), words(Colour::Off));
}

/// A text without what colours it.
fn uncoloured(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once('m').unwrap_or_default().1);
    std::iter::once(first).chain(rest).collect()
}

#[test]
fn bars_are_drawn_five_times_a_second_at_most() {
    let drawn = |messages: u64| {
        let screen = Screen::default();
        let mut progress = begun(screen.bars(Colour::Off), &[open_row()]);
        (0..messages).for_each(|n| start(&mut progress, n * 1000 / messages, 0));
        screen.text().matches("present-and-revoke [").count()
    };
    assert!(drawn(5) > 1);
    assert_eq!(drawn(5), drawn(1000));
}

#[test]
fn a_reader_who_left_ends_no_run() {
    struct Closed(Screen);
    impl Write for Closed {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write_all(bytes)?;
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let screen = Screen::default();
    let closed = Progress::new(Style::Plain(Box::new(Closed(screen.clone()))));
    let mut progress = begun(closed, &[open_row()]);
    let written = screen.text();
    seconds(&mut progress, 1..=12);
    assert_eq!(screen.text(), written);
}

#[test]
fn times_are_written_as_people_say_them() {
    let millis = [0, 49, 50, 9_999, 59_949, 59_950, 61_000, 3_599_999, 3_600_000, 90_061_500];
    let said = millis
        .map(Duration::from_millis)
        .map(|it| format!("{} | {} | {}", text::clock(it), text::span(it), text::short(it)));
    insta::assert_snapshot!(said.join("\n"), @r#"
    0m0.0s | 0s | 0.0ms
    0m0.0s | 49.0ms | 49.0ms
    0m0.1s | 50.0ms | 50.0ms
    0m10.0s | 10s | 10.0s
    0m59.9s | 1m0s | 59.9s
    1m0.0s | 1m0s | 60.0s
    1m1.0s | 1m1s | 61.0s
    1h0m0.0s | 1h0m0s | 3600.0s
    1h0m0.0s | 1h0m0s | 3600.0s
    25h1m1.5s | 25h1m2s | 90061.5s
    "#);
}

proptest! {
    #[test]
    fn no_message_is_too_strange_to_be_shown(heard in vec(arbitrary::message(30, 4), 0..60)) {
        for rows in [&[][..], &[closed_row(), open_row()]] {
            let screen = Screen::default();
            for progress in [screen.plain(), screen.bars(Colour::Off)] {
                let mut progress = begun(progress, rows);
                for message in &heard {
                    progress.receive(message).unwrap();
                    progress.rest().unwrap();
                }
            }
        }
    }
}
