//! Events as ACA-Py sends them, and as nobody should.

use std::{collections::BTreeMap, time::Duration};

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use super::*;

/// Webhooks of two real agents while they issued, verified and revoked, with the fields that matter.
const CAPTURED: [&str; 2] = [
    include_str!("../../../../tests/fixtures/aries/events/acapy-0.12.8.jsonl"),
    include_str!("../../../../tests/fixtures/aries/events/acapy-1.7.0.jsonl"),
];

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What the captured events of an agent say of exchanges.
fn sightings(captured: &str, agent: &str) -> Vec<Sighting> {
    let events = captured.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let read = |event: Value| {
        let frame = json!({ "topic": event["topic"], "payload": event["payload"] }).to_string();
        match Notice::of_frame(frame.as_bytes(), &Whose::TheAgents).unwrap() {
            Notice::Sighting(sighting) => Some(sighting),
            Notice::Settings { .. } | Notice::Other => None,
        }
    };
    events.filter(|it| it["from"] == agent).filter_map(read).collect()
}

/// What a tracker tells, one line each, with steps and times left out.
fn lives(sightings: impl IntoIterator<Item = Sighting>) -> Vec<String> {
    let mut tracker = Tracker::default();
    let told = sightings.into_iter().zip(1..).flat_map(|(it, n)| tracker.hear(it, ms(n)));
    let told: Vec<_> = told.collect();
    let line = |Told { protocol, progress }: Told| match progress {
        Progress::Started => Some(format!("{protocol} started")),
        Progress::Finished { verified: None, .. } => Some(format!("{protocol} finished")),
        Progress::Finished { verified: Some(it), .. } => Some(format!("{protocol} found {it}")),
        Progress::Failed { why } => Some(format!("{protocol} {why}")),
        Progress::Lost => Some(format!("{protocol} lost")),
        Progress::Unfollowed => Some(format!("{protocol} unfollowed")),
        Progress::Step { .. } => None,
    };
    told.into_iter().chain(tracker.close()).filter_map(line).collect()
}

#[test]
fn what_both_versions_of_acapy_tell_comes_to_the_same() {
    // So many connections were made while the messages of each were captured.
    for (captured, times) in CAPTURED.into_iter().zip([3, 2]) {
        let issuer = lives(sightings(captured, "issuer"));
        let connections: Vec<_> =
            issuer.iter().filter(|it| it.starts_with("connections")).collect();
        assert_eq!(connections, ["connections started", "connections finished"].repeat(times));
        let credentials: Vec<_> =
            issuer.iter().filter(|it| it.starts_with("issue-credential")).collect();
        assert_eq!(
            credentials,
            ["issue-credential started", "issue-credential finished"].repeat(2)
        );
        let verifier = lives(sightings(captured, "verifier"));
        assert_eq!(
            verifier[2..],
            [
                "present-proof started",
                "present-proof found true",
                "present-proof started",
                "present-proof found false"
            ]
        );
        // Of what a holder does it is the other side.
        assert_eq!(lives(sightings(captured, "holder")), [""; 0]);
    }
}

#[test]
fn steps_are_as_long_as_the_agent_itself_says() {
    let mut tracker = Tracker::default();
    let told = sightings(CAPTURED[0], "issuer").into_iter();
    let issued = told.filter(|it| it.course.protocol == "issue-credential").take(4);
    // The events all come together, and later.
    let told: Vec<_> = issued.flat_map(|it| tracker.hear(it, ms(5_000))).collect();
    let steps: Vec<_> = told
        .iter()
        .filter_map(|it| match &it.progress {
            Progress::Step { from, to, took } => Some(format!("{from} → {to}: {took:?}")),
            _ => None,
        })
        .collect();
    insta::assert_snapshot!(steps.join("\n"), @"
    offer-sent → request-received: 222.439ms
    request-received → credential-issued: 268.799ms
    credential-issued → done: 324.683ms
    ");
    let Some(Told { progress: Progress::Finished { took, .. }, .. }) = told.last() else {
        panic!("{told:?}")
    };
    assert_eq!(*took, Duration::from_micros(815_921));
}

/// A made-up record of an issuance.
fn issuance(id: &str, state: &str) -> Sighting {
    let payload = json!({ "cred_ex_id": id, "role": "issuer", "state": state });
    let body = payload.to_string();
    match Notice::of_hook("issue_credential_v2_0", None, body.as_bytes(), &Whose::TheAgents) {
        Ok(Notice::Sighting(sighting)) => sighting,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_began_before_is_not_counted_unless_its_beginning_came_late() {
    assert_eq!(lives([issuance("a", "request-received"), issuance("a", "done")]), [""; 0]);
    let late = [issuance("a", "done"), issuance("a", "offer-sent")];
    assert_eq!(lives(late), ["issue-credential started", "issue-credential finished"]);
}

#[test]
fn what_is_removed_is_over_or_else_has_failed() {
    let started = "issue-credential started";
    // ACA-Py's own events of a record that goes when it is done come in either order.
    for order in [["done", "deleted"], ["deleted", "done"]] {
        let events = ["offer-sent", order[0], order[1]].map(|it| issuance("a", it));
        assert_eq!(lives(events), [started, "issue-credential finished"]);
    }
    let removed = ["offer-sent", "deleted"].map(|it| issuance("a", it));
    assert_eq!(lives(removed), [started, "issue-credential deleted"]);
    let abandoned = ["offer-sent", "abandoned", "abandoned"].map(|it| issuance("a", it));
    assert_eq!(lives(abandoned), [started, "issue-credential abandoned"]);
}

#[test]
fn what_was_under_way_while_nobody_listened_is_lost_until_it_is_heard_of_again() {
    let mut tracker = Tracker::default();
    for id in ["a", "b", "c"] {
        tracker.hear(issuance(id, "offer-sent"), ms(1));
    }
    assert!(tracker.is_expectant());
    tracker.miss();
    assert!(!tracker.is_expectant());
    let told = tracker.hear(issuance("a", "done"), ms(9));
    assert!(matches!(told[..], [Told { progress: Progress::Finished { .. }, .. }]));
    tracker.hear(issuance("b", "request-received"), ms(9));
    assert!(tracker.is_expectant());
    let progress: Vec<_> = tracker.close().into_iter().map(|it| it.progress).collect();
    assert_eq!(progress, [Progress::Lost]);
}

#[test]
fn more_than_there_is_room_for_is_counted_once_and_not_followed() {
    let mut tracker = Tracker::with_room_for(1);
    let told: Vec<_> =
        [("a", "offer-sent"), ("b", "offer-sent"), ("b", "offer-sent"), ("b", "done")]
            .into_iter()
            .flat_map(|(id, state)| tracker.hear(issuance(id, state), ms(1)))
            .map(|it| it.progress)
            .collect();
    assert_eq!(told, [Progress::Started, Progress::Unfollowed]);
    tracker.hear(issuance("a", "done"), ms(2));
    let told = tracker.hear(issuance("c", "offer-sent"), ms(3));
    assert_eq!(told[0].progress, Progress::Started);
}

#[test]
fn what_is_over_is_forgotten_when_there_is_more_of_it() {
    let mut tracker = Tracker::default();
    for n in 0..30_000 {
        tracker.hear(issuance(&n.to_string(), "offer-sent"), ms(n));
        tracker.hear(issuance(&n.to_string(), "done"), ms(n));
        tracker.hear(issuance(&format!("old {n}"), "done"), ms(n));
    }
    assert!(tracker.room_taken() <= 20_000, "{}", tracker.room_taken());
}

#[test]
fn what_took_long_is_remembered_when_it_is_over_as_all_else_is() {
    let mut tracker = Tracker::default();
    tracker.hear(issuance("long", "offer-sent"), ms(1));
    for n in 0..9_999 {
        tracker.hear(issuance(&n.to_string(), "done"), ms(2));
    }
    tracker.hear(issuance("long", "done"), ms(3));
    assert_eq!(tracker.hear(issuance("long", "offer-sent"), ms(4)), []);
}

#[test]
fn an_agents_own_times_are_not_believed_where_they_cannot_be() {
    for (from, to) in [
        ("2026-11-21T11:30:27Z", "2026-11-21T11:30:26Z"),
        ("2026-11-21T11:30:27Z", "2199-11-21T11:30:27Z"),
        ("yesterday", "2026-11-21T11:30:27Z"),
    ] {
        let mut tracker = Tracker::default();
        let stamped = |state, at: &str| {
            let stamped = crate::aries::didcomm::moment(at);
            Sighting { stamped, ..issuance("a", state) }
        };
        tracker.hear(stamped("offer-sent", from), ms(100));
        let told = tracker.hear(stamped("request-received", to), ms(130));
        let Progress::Step { took, .. } = told[0].progress else { panic!("{told:?}") };
        assert_eq!(took, ms(30), "{from} to {to}");
    }
}

#[test]
fn events_of_other_wallets_are_nobodys_business() {
    let frame = |wallet: Option<&str>| {
        let payload = json!({ "cred_ex_id": "a", "role": "issuer", "state": "done" });
        let mut frame = json!({ "topic": "issue_credential_v2_0", "payload": payload });
        if let Some(wallet) = wallet {
            frame["wallet_id"] = wallet.into();
        }
        frame.to_string()
    };
    let takes = |whose: &Whose, wallet| {
        Notice::of_frame(frame(wallet).as_bytes(), whose).unwrap() != Notice::Other
    };
    let ours = Whose::Wallet("ours".into());
    let asked = [None, Some("ours"), Some("theirs")];
    assert_eq!(asked.map(|it| takes(&Whose::TheAgents, it)), [true, false, false]);
    assert_eq!(asked.map(|it| takes(&ours, it)), [false, true, false]);
    assert_eq!(asked.map(|it| takes(&Whose::Anybodys, it)), [true, true, true]);
}

#[test]
fn frames_that_are_none_are_refused_and_strange_ones_say_nothing() {
    let read = |frame: &str| Notice::of_frame(frame.as_bytes(), &Whose::Anybodys);
    let deep = format!(r#"{{"topic": "connections", "payload": {}}}"#, "[".repeat(100_000));
    for frame in ["", "[]", "{}", r#"{"topic": 7}"#, r#"{"topic": "connections"}"#, &deep] {
        assert!(read(frame).is_err(), "{frame:.40}");
    }
    let long = "x".repeat(1_000);
    for payload in [
        json!({}),
        json!({ "state": "request", "connection_id": long }),
        json!({ "state": "request" }),
        json!({ "state": "teleported", "connection_id": "a" }),
        json!({ "state": null, "connection_id": "a", "their_role": "invitee" }),
        json!({ "state": "request", "connection_id": "a", "their_role": "inviter" }),
    ] {
        let frame = json!({ "topic": "connections", "payload": payload }).to_string();
        assert_eq!(read(&frame), Ok(Notice::Other), "{frame:.90}");
    }
    assert_eq!(read(r#"{"topic": "ping", "authenticated": true}"#), Ok(Notice::Other));
    let settings = r#"{"topic": "settings", "payload": {"authenticated": true, "label": "x"}}"#;
    assert_eq!(read(settings), Ok(Notice::Settings { authenticated: true }));
}

/// Everything that is told but for the times, which depend on when events come, by how often.
fn counted(events: &[(u8, &'static str)]) -> BTreeMap<String, usize> {
    let sightings = events.iter().map(|(id, state)| issuance(&id.to_string(), state));
    lives(sightings).into_iter().fold(BTreeMap::new(), |mut counts, line| {
        *counts.entry(line).or_default() += 1;
        counts
    })
}

proptest! {
    #[test]
    fn neither_order_nor_repetition_changes_what_is_counted(
        (events, shuffled) in vec((0..6_u8, 1..5_usize), 0..8)
            .prop_map(|lives| {
                // Each exchange goes through the first of its states.
                let all = ["offer-sent", "request-received", "credential-issued", "done"];
                let lives: BTreeMap<_, _> = lives.into_iter().collect();
                let life = |(id, until): (u8, usize)| all[..until].iter().map(move |it| (id, *it));
                lives.into_iter().flat_map(life).collect::<Vec<_>>()
            })
            .prop_flat_map(|it| (Just(it.clone()), Just(it.repeat(2)).prop_shuffle())),
    ) {
        prop_assert_eq!(counted(&events), counted(&shuffled));
    }

    #[test]
    fn whatever_is_seen_nothing_ends_that_did_not_start(
        events in vec((0..4_u8, select(vec![
            "proposal-received", "offer-sent", "request-received", "credential-issued", "done",
            "abandoned", "deleted", "error",
        ])), 0..40),
    ) {
        let counts = counted(&events);
        let started = counts.get("issue-credential started").copied().unwrap_or_default();
        let ended: usize = counts.values().sum::<usize>() - started;
        prop_assert!(ended <= started, "{counts:?}");
    }
}
