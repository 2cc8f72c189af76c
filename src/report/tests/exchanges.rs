//! Whose time it is, and what each side says has become of exchanges.

use std::time::Duration;

use super::story::{Trip, at, began, finished, held, ms, run, tally};
use crate::{
    bus::{Change, End, Event, Measured, Message},
    plan::Threshold,
    report::{Paint, Report, ThresholdResult},
};

fn report(messages: Vec<Message>) -> Report {
    let mut all = vec![began(run(vec![held("issue", 10, 10)]))];
    all.extend(messages);
    all.extend(finished(ms(10_000)));
    Report::new(tally(&all), Vec::new())
}

/// The lines of a report in which any of these is said, without what is on the right of them.
fn lines(report: &Report, said: &[&str]) -> String {
    let text = report.text(Paint::Plain);
    let lines = text.lines().filter(|line| said.iter().any(|it| line.contains(it)));
    lines.map(|it| it.split(" p(90)").next().unwrap_or(it).trim()).collect::<Vec<_>>().join("\n")
}

/// An answer that was waited for within a transaction; some say what the other side took.
fn answer(trip: Trip, transaction: &str, waited: Duration, theirs: Option<Duration>) -> Message {
    let measured = |name: &'static str, took| Measured { name: name.into(), took };
    let mut values = vec![measured("didcomm_waiting", waited)];
    if let Some(theirs) = theirs {
        values.push(measured("didcomm_theirs", theirs));
        values.push(measured("didcomm_network", waited.saturating_sub(theirs)));
    }
    let transaction = Some(transaction.into());
    at(ms(50), Event::Measured { trip: trip.id, transaction, values: values.into() })
}

#[test]
fn a_step_is_split_by_what_the_other_side_says_it_took_and_by_no_other_wait() {
    let trip = Trip::new(0, 0, ms(0), ms(50));
    let told = |n: u64| answer(trip, "Ping mediator", ms(10 + n), Some(ms(4)));
    let mut messages: Vec<_> = (0..3).map(told).collect();
    messages.push(answer(trip, "Ping mediator", ms(5_000), None));
    messages.push(answer(trip, "Go online", ms(7), None));
    for name in ["Ping mediator", "Go online"] {
        messages.push(trip.transaction(name, End::Done));
    }
    let report = report(messages);
    let said = ["Ping mediator", "Go online", "server", "{ network"];
    insta::assert_snapshot!(lines(&report, &said), @"
    Go online...............: avg=50ms   min=50ms med=50ms max=50ms
    Ping mediator...........: avg=50ms   min=50ms med=50ms max=50ms
    { server }............: avg=4ms    min=4ms  med=4ms  max=4ms
    { network }...........: avg=7ms    min=6ms  med=7ms  max=8ms
    { timed by server }...: 75.00% 3 out of 4 answers
    ");
    let json = report.json();
    let [online, ping] = [0, 1].map(|n| &json["transactions"][n]);
    assert_eq!((&ping["answers"], &ping["server"]["count"]), (&4.into(), &3.into()));
    assert_eq!(ping["network"]["max"], 8.0);
    assert!(online.get("server").is_none(), "{online:#}");
}

fn became(party: &str, protocol: &str, change: Change) -> Message {
    let (party, protocol) = (party.into(), protocol.into());
    at(ms(500), Event::Exchange { party, protocol, change })
}

/// Three credentials, of which one is done, one is lost without a word and one is given up.
fn three() -> Vec<Message> {
    let of = |party: &'static str| move |change| became(party, "issue-credential", change);
    let (holders, issuer) = (of("holders"), of("issuer"));
    let step = |from: &str, to: &str, took| Change::Step { from: from.into(), to: to.into(), took };
    let mut messages = Vec::new();
    for _ in 0..3 {
        messages.extend([holders(Change::Started), issuer(Change::Started)]);
        messages.push(issuer(step("offer-sent", "request-received", ms(40))));
    }
    let verified = None;
    messages.extend([
        holders(Change::Finished { took: ms(110), verified }),
        holders(Change::Failed { why: "no response".into() }),
        holders(Change::Failed { why: "no response".into() }),
        issuer(step("credential-issued", "done", ms(20))),
        issuer(step("request-received", "credential-issued", ms(30))),
        issuer(Change::Finished { took: ms(90), verified }),
        issuer(Change::Failed { why: "abandoned".into() }),
    ]);
    messages
}

#[test]
fn exchanges_stand_side_by_side_as_each_party_saw_them() {
    let mut messages = three();
    for (change, verified) in [(Change::Started, None), (Change::Lost, Some(false))] {
        messages.push(became("verifier", "present-proof", Change::Started));
        messages.push(became("verifier", "present-proof", change));
        let done = Change::Finished { took: ms(200), verified };
        messages.push(became("verifier", "present-proof", done));
    }
    messages.push(became("verifier", "present-proof", Change::Unfollowed));
    let gap = |lasted| at(ms(3), Event::Unheard { party: "verifier".into(), lasted });
    messages.extend([gap(ms(200)), gap(ms(1_300))]);
    let text = report(messages).text(Paint::Plain);
    let section = text.split("█ EXCHANGES").nth(1).and_then(|it| it.split("█ SCHEDULE").next());
    insta::assert_snapshot!(section.unwrap(), @"
    issue-credential
    holders......................................: started=3 finished=1 failed=2  pending=0
      { failed: no response }....................: 2
      { from start to finish }...................: avg=110ms min=110ms  med=110ms max=110ms p(90)=110ms p(95)=110ms p(99)=110ms p(99.9)=110ms
    issuer.......................................: started=3 finished=1 failed=1  pending=1
      { failed: abandoned }......................: 1
      { from start to finish }...................: avg=90ms  min=90ms   med=90ms  max=90ms  p(90)=90ms  p(95)=90ms  p(99)=90ms  p(99.9)=90ms
      { offer-sent → request-received }..........: avg=40ms  min=40ms   med=40ms  max=40ms  p(90)=40ms  p(95)=40ms  p(99)=40ms  p(99.9)=40ms
      { request-received → credential-issued }...: avg=30ms  min=30ms   med=30ms  max=30ms  p(90)=30ms  p(95)=30ms  p(99)=30ms  p(99.9)=30ms
      { credential-issued → done }...............: avg=20ms  min=20ms   med=20ms  max=20ms  p(90)=20ms  p(95)=20ms  p(99)=20ms  p(99.9)=20ms

    present-proof
    verifier.....................................: started=3 finished=2 failed=0  pending=0
      { found false }............................: 1
      { lost from sight }........................: 1
      { not followed }...........................: 1
      { from start to finish }...................: avg=200ms min=200ms  med=200ms max=200ms p(90)=200ms p(95)=200ms p(99)=200ms p(99.9)=200ms

    verifier was not heard 2 times, for 1.5s in all: what began or ended there meanwhile is not known
    issuer has 1 of issue-credential pending: begun, and neither ended nor failed
    ");
}

#[test]
fn what_the_server_has_pending_is_what_was_begun_and_neither_ended_nor_lost() {
    let json = report(three()).json();
    let side = |n: usize| {
        let it = &json["exchanges"][n];
        let figures = ["started", "finished", "failed", "pending", "lost"]
            .map(|name| it[name].as_u64().unwrap());
        (it["party"].as_str().unwrap().to_owned(), figures)
    };
    assert_eq!(side(0), ("holders".into(), [3, 1, 2, 0, 0]));
    assert_eq!(side(1), ("issuer".into(), [3, 1, 1, 1, 0]));
    assert_eq!(json["exchanges"][0]["failures"]["no response"], 2);
    let steps = json["exchanges"][1]["steps"].as_array().unwrap().iter();
    let names: Vec<_> = steps.map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "offer-sent → request-received",
            "request-received → credential-issued",
            "credential-issued → done"
        ]
    );
}

#[test]
fn promises_can_be_made_about_a_side_a_protocol_or_both() {
    let mut messages = vec![began(run(vec![held("issue", 10, 10)]))];
    messages.extend(three());
    let gone = [Change::Started, Change::Lost];
    messages.extend(gone.map(|change| became("verifier", "present-proof", change)));
    let tally = tally(&messages);
    let held = |metric, expression| {
        let threshold = Threshold::parse(metric, expression).unwrap();
        ThresholdResult::of(&threshold, &tally).value.map(|it| it.to_string())
    };
    let figures = [
        held("exchanges{issuer}", "pending==0"),
        held("exchanges{issuer: issue-credential}", "failed<1%"),
        held("exchanges{issue-credential}", "count==0"),
        held("exchanges{holders}", "p(95)<1s"),
        // What nobody heard of may be pending.
        held("exchanges{verifier}", "pending==0"),
        held("exchanges{verifier}", "p(95)<1s"),
        held("exchanges", "pending==0"),
        held("exchanges{mediator}", "pending==0"),
    ];
    let figures = figures.map(|it| it.unwrap_or_else(|| "never measured".into()));
    assert_eq!(
        figures,
        ["1", "50.00%", "6", "110ms", "1", "never measured", "2", "never measured"]
    );
}

#[test]
fn a_report_without_exchanges_has_no_section_for_them() {
    assert!(!report(Vec::new()).text(Paint::Plain).contains("EXCHANGES"));
}
