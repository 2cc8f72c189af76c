//! What a run comes to: outcomes and their order, and what the generator says of itself.

use std::sync::Arc;

use super::{
    runs::eventful,
    story::{Trip, at, began, dropped, failed, finished, held, ms, run, tally, us},
};
use crate::{
    bus::{
        Change, DropReason, End, Ending, Event, Health, Measured, Message, Model, Phase, Row, Run,
        TripId,
    },
    plan::Threshold,
    report::{
        Aggregate, Generator, METRICS, Outcome, Report, Tally, ThresholdResult, Value, measure,
    },
};

/// Ten trips a second for 10 s; the first `started` of them began, and all ended in the same way.
fn held_tally(started: u64, end: &End, more: &[Message]) -> Tally {
    let mut messages = vec![began(run(vec![held("sign-in", 10, 10)]))];
    for number in 0..started {
        let trip = Trip::new(0, number, ms(number * 100), ms(5)).late(us(20), us(0));
        messages.extend([trip.started(), trip.ended(end.clone())]);
    }
    messages.extend_from_slice(more);
    tally(&messages)
}

fn report(started: u64, more: &[Message]) -> Report {
    Report::new(held_tally(started, &End::Done, more), Vec::new())
}

fn ending(ending: Ending) -> [Message; 2] {
    [at(ms(10_000), Event::Draining(ending)), at(ms(10_000), Event::Finished)]
}

#[track_caller]
fn check(report: &Report, outcome: &str, exit_code: u8) {
    let verdict = report.verdict();
    assert_eq!((verdict.outcome.name(), verdict.exit_code()), (outcome, exit_code));
}

#[test]
fn a_run_that_did_what_it_promised_passes() {
    check(&report(100, &ending(Ending::Complete)), "passed", 0);
}

#[test]
fn an_ending_before_the_end_outranks_what_the_figures_say() {
    let exhausted = Ending::DatapoolExhausted("users".into());
    let unheard = Ending::SubscriberFailed("collector: disk full".into());
    check(&report(0, &ending(Ending::Signal)), "aborted_by_signal", 105);
    check(&report(0, &ending(unheard.clone())), "subscriber_failed", 1);
    check(&report(0, &ending(exhausted.clone())), "datapool_exhausted", 111);
    let both = [ending(exhausted), ending(unheard)].concat();
    check(&report(100, &both), "subscriber_failed", 1);
}

#[test]
fn a_log_without_an_end_is_of_a_run_that_was_killed() {
    check(&report(100, &[]), "killed", 105);
}

#[test]
fn dropping_more_than_the_scenario_allows_is_a_load_not_achieved() {
    let with = |n, reason| {
        let more = [vec![dropped(0, n, reason)], finished(ms(10_000)).to_vec()].concat();
        report(100 - n, &more)
    };
    check(&with(1, DropReason::Backlog), "passed", 0);
    check(&with(2, DropReason::Backlog), "load_not_achieved", 112);
    check(&with(50, DropReason::DatapoolStop), "passed", 0);
    assert_eq!(
        with(2, DropReason::RunOver).verdict().outcome.to_string(),
        "load not achieved: 2 of 100 planned trips (2.00%) were dropped, at most 1% may be",
    );
}

#[test]
fn data_are_incomplete_when_a_single_trip_failed() {
    let header = Run { phase: Phase::CreateData, ..run(vec![held("provision", 2, 1)]) };
    let trips = [0, 1].map(|n| Trip::new(0, n, ms(n * 500), ms(5)));
    let ends = [End::Done, failed("refused", "no")];
    let mut messages = vec![began(header)];
    messages.extend(trips.iter().zip(ends).flat_map(|(it, end)| [it.started(), it.ended(end)]));
    messages.extend(finished(ms(1_000)));
    let report = Report::new(tally(&messages), Vec::new());
    check(&report, "create_data_incomplete", 114);
    assert_eq!(report.verdict().outcome, Outcome::CreateDataIncomplete { planned: 2, done: 1 });
}

#[test]
fn a_run_in_which_nothing_went_well_has_not_passed() {
    let finished = finished(ms(10_000));
    let failed = held_tally(100, &failed("refused", "no"), &finished);
    check(&Report::new(failed, Vec::new()), "thresholds_failed", 99);
    let nothing = Report::new(held_tally(100, &End::Cancelled, &finished), Vec::new());
    check(&nothing, "thresholds_failed", 99);
    assert_eq!(nothing.verdict().thresholds[0].expression, "count>0");
}

#[test]
fn a_threshold_on_what_is_not_known_is_missed() {
    let more = [vec![dropped(0, 10, DropReason::Backlog)], finished(ms(10_000)).to_vec()].concat();
    let tally = held_tally(90, &End::Done, &more);
    let passes = |expression| {
        let threshold = Threshold::parse("iteration_duration{sign-in}", expression).unwrap();
        ThresholdResult::of(&threshold, &tally).passed
    };
    assert!(passes("p(90)<6ms"));
    assert!(!passes("p(90)<5ms"));
    assert!(!passes("p(95)<30d"));
}

#[test]
fn figures_are_measured_by_name() {
    let trip = Trip::new(0, 0, ms(0), ms(5)).late(ms(2), ms(2));
    let more = [
        vec![trip.transaction("Log in", End::Done), trip.request(404)],
        vec![
            trip.transaction("Log in", failed("refused", "no")),
            dropped(0, 3, DropReason::Backlog),
            finished(ms(10_000))[0].clone(),
        ],
    ]
    .concat();
    let tally = held_tally(20, &End::Done, &more);
    let number = |metric, selector, aggregate| {
        measure(&tally, metric, selector, aggregate).map(Value::number)
    };
    assert_eq!(number("transaction", Some("Log in"), Aggregate::Max), Some(7.0));
    assert_eq!(number("service_time", Some("Log in"), Aggregate::Max), Some(5.0));
    assert_eq!(number("transaction", None, Aggregate::Failed), Some(0.5));
    assert_eq!(number("transaction", Some("Log out"), Aggregate::Count), None);
    assert_eq!(number("iterations", None, Aggregate::Rate), Some(2.0));
    assert_eq!(number("iterations", Some("chat"), Aggregate::Count), None);
    assert_eq!(number("dropped_iterations", None, Aggregate::Count), Some(3.0));
    assert_eq!(number("http_req_failed", None, Aggregate::Rate), Some(1.0));
    assert_eq!(number("http_req_sending", None, Aggregate::Avg), Some(0.02));
    assert_eq!(number("data_received", None, Aggregate::Count), Some(2_000.0));
    assert_eq!(number("no_such_metric", None, Aggregate::Count), None);
}

#[test]
fn every_metric_that_is_named_can_be_measured() {
    let mut tally = eventful();
    let (party, protocol, change) = ("issuer".into(), "connections".into(), Change::Started);
    tally.fold(&at(ms(1), Event::Exchange { party, protocol, change }));
    for metric in METRICS {
        let measured = [Aggregate::Count, Aggregate::Rate]
            .map(|aggregate| measure(&tally, metric, None, aggregate));
        assert!(measured.iter().any(Option::is_some), "{metric}");
    }
}

#[test]
fn shares_of_a_plan_add_up() {
    let share = |index| {
        let row = Row { planned: Some(50), ..held("sign-in", 5, 10) };
        let trips = (0..50).map(|n| Trip::new(0, n, ms(n * 200), ms(5)));
        let mut messages = vec![began(Run { share: (index, 2), ..run(vec![row]) })];
        messages.extend(trips.flat_map(Trip::done));
        messages.extend(finished(ms(10_000)));
        tally(&messages)
    };
    let mut whole = share(1);
    whole.merge(&share(0));
    let report = Report::new(whole, Vec::new());
    assert_eq!(report.verdict().achieved.planned, 100);
    assert_eq!(report.verdict().achieved.started, 100);
}

fn sentence(row: Row, trips: impl Iterator<Item = Trip>, more: &[Message]) -> Vec<String> {
    let mut messages = vec![began(run(vec![row]))];
    messages.extend(trips.flat_map(Trip::done));
    messages.extend_from_slice(more);
    messages.extend(finished(ms(20_000)));
    let report = Report::new(tally(&messages), Vec::new());
    report.verdict().generator.iter().map(Generator::to_string).collect()
}

#[test]
fn the_generator_names_what_kept_it_from_the_plan() {
    let row = || held("sign-in", 10, 10);
    let trips = |lag: fn(u64) -> (u64, u64)| {
        (0..100).map(move |n| {
            let (lag, queued) = lag(n);
            Trip::new(0, n, ms(n * 100), ms(5)).late(ms(lag), ms(queued))
        })
    };
    let health = |cpu| Event::Health(Health { cpu, ..Health::default() });
    let stalled = Event::Stalled { lasted: ms(1_000) };
    let stall = [at(ms(1), stalled), dropped(0, 10, DropReason::GeneratorStalled)];
    let poor = Row { datapool: Some("users".into()), ..row() };
    let closed = Row { model: Model::Closed, planned: None, ..row() };
    let waiting = |n| (n * 120, n * 120);
    let no_row = [dropped(0, 30, DropReason::DatapoolEmpty)];
    let worked = |queued, took| {
        let values = [("proof_queued", queued), ("proof_crypto", took)];
        let one = |(name, took): (&'static str, _)| Measured { name: name.into(), took: ms(took) };
        let values = values.map(one).into();
        [at(
            ms(1),
            Event::Measured { trip: TripId { row: 0, number: 0 }, transaction: None, values },
        )]
    };
    let sentences = [
        sentence(row(), trips(|_| (0, 0)), &[]),
        sentence(row(), trips(waiting), &[]),
        sentence(row(), trips(|n| (n * 12, 0)), &[at(ms(1), health(1.98))]),
        sentence(row(), trips(|n| (n * 12, 0)), &[at(ms(1), health(0.05))]),
        sentence(row(), trips(|_| (0, 0)).take(90), &stall),
        sentence(poor, trips(|n| (n, n)).take(70), &no_row),
        sentence(closed, trips(|_| (0, 0)), &[]),
        sentence(row(), trips(|_| (0, 0)), &worked(300, 80)),
        sentence(row(), trips(|_| (0, 0)), &worked(70, 80)),
        sentence(row(), trips(|_| (0, 0)), &worked(9, 1)),
    ];
    insta::assert_snapshot!(sentences.concat().join("\n"), @"
    generator healthy: own lateness p50 = 0s, p99 = 0s, max = 0s
    generator-limited: 50.0 % of the planned trips began within the plan's time; max_in_flight = 10 was reached (waiting for a slot p99 = 11.76s)
    generator-limited: this machine could not keep up (own lateness p99 = 1.177s, CPU 1.98 cores)
    generator-limited: this machine could not keep up (own lateness p99 = 1.177s, CPU 0.05 cores: others had this machine's cores)
    generator stalled: stood still for 1s (1 time); 10 arrivals were due meanwhile and are counted as dropped, not as server latency
    datapool-limited: 70.0 % of the planned trips began within the plan's time; datapool `users` had no free row (waiting for one p99 = 69ms)
    generator healthy: no trip had a due time to be late for
    generator-limited: proof waited 300ms for a free core of this machine and then took 80ms (averages); both are in the latencies
    generator healthy: own lateness p50 = 0s, p99 = 0s, max = 0s
    generator healthy: own lateness p50 = 0s, p99 = 0s, max = 0s
    ");
}

#[test]
fn a_run_is_no_longer_for_what_systems_are_waited_for_after_it() {
    let (party, protocol) = (Arc::from("issuer"), Arc::from("connections"));
    let change = Change::Finished { took: ms(900), verified: None };
    let unheard = Event::Unheard { party: Arc::clone(&party), lasted: ms(900) };
    let after = [
        at(ms(10_000), Event::Draining(Ending::Complete)),
        at(ms(11_000), Event::Exchange { party, protocol, change }),
        at(ms(12_000), unheard),
        at(ms(12_000), Event::Finished),
    ];
    let figures = |more: &[Message]| {
        let json = report(100, more).json();
        (json["state"]["durationMs"].clone(), json["metrics"]["iterations"].clone())
    };
    assert_eq!(figures(&after), figures(&ending(Ending::Complete)));
}
