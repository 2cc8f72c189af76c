//! Failures are counted once, and names without end take room for so many.

use super::story::{Trip, at, began, failed, finished, held, ms, run, tally, us};
use crate::{
    bus::{End, Event, Measured, Message},
    report::{Paint, Report},
};

fn report(messages: Vec<Message>) -> Report {
    let mut all = vec![began(run(vec![held("sign-in", 10, 10)]))];
    all.extend(messages);
    all.extend(finished(ms(10_000)));
    Report::new(tally(&all), Vec::new())
}

#[test]
fn a_failure_is_counted_where_it_is_told_first_and_quoted_from_its_first_time() {
    let trip = |n| Trip::new(0, n, ms(n * 1_000), us(500));
    let again = || End::Failed { kind: "timeout".into(), message: None };
    let fails = |n, message| {
        let inner = trip(n).transaction("Log in :: Token", failed("timeout", message));
        [inner, trip(n).transaction("Log in", again()), trip(n).ended(again())]
    };
    let outside = trip(4).ended(failed("timeout", "outside of any"));
    let mut messages =
        [fails(3, "the third"), fails(1, "the first"), fails(2, "the second")].concat();
    messages.push(outside);
    let json = report(messages).json();
    insta::assert_snapshot!(format!("{:#}", json["errors"]), @r#"
    [
      {
        "count": 3,
        "firstMs": 1000.5,
        "journey": "sign-in",
        "kind": "timeout",
        "lastMs": 3000.5,
        "sample": "the first",
        "transaction": "Log in :: Token"
      },
      {
        "count": 1,
        "firstMs": 4000.5,
        "journey": "sign-in",
        "kind": "timeout",
        "lastMs": 4000.5,
        "sample": "outside of any",
        "transaction": null
      }
    ]
    "#);
}

#[test]
fn names_without_end_share_a_line_and_the_report_says_so() {
    let trip = Trip::new(0, 0, ms(1), us(500));
    let names = (0..1_100).map(|n| trip.transaction(&format!("item {n:04}"), End::Done));
    let kinds = (0..110).map(|n| {
        let kind = format!("kind {n:03}").into();
        at(ms(1), Event::Sent { trip: trip.id, kind, fields: serde_json::Value::Null })
    });
    let values = (0..70).map(|n| Measured { name: format!("time_{n:02}").into(), took: ms(2) });
    let values = values.collect();
    let measured = Event::Measured { trip: trip.id, transaction: None, values };
    let kinds = kinds.chain([at(ms(1), measured)]);
    let errors = (0..250).map(|n| trip.ended(failed(&format!("error {n:03}"), "no")));
    let text = report(names.chain(kinds).chain(errors).collect()).text(Paint::Plain);
    let told: Vec<_> = text
        .lines()
        .filter(|line| ["(others)", "note:", " more, in"].iter().any(|it| line.contains(it)))
        .map(|line| line.trim_start().chars().take(80).collect::<String>())
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    (others).............: avg=2ms   min=2ms   med=2ms   max=2ms   p(90)=2ms   p(95)
    sent{(others)}.......:      10 1/s
    (others).............: avg=500µs min=500µs med=500µs max=500µs p(90)=500µs p(95)
    50 × (others) in journey sign-in
    and 181 more, in summary.json
    note: only the first 1000 transactions by name are told apart
    note: only the first 200 kinds of failure by name are told apart
    note: only the first 100 kinds of message by name are told apart
    note: only the first 64 measurements by name are told apart
    ");
    assert!(text.contains("item 0999"));
    assert!(!text.contains("item 1000"));
}
