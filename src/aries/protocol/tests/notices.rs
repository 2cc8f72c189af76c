//! Acks and problem reports: read whatever their shape, and never answered for ever.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::message;
use crate::aries::{
    didcomm::{Kind, Message},
    protocol::{
        ProtocolError, mediation,
        notification::{self, ACK, PROBLEM_REPORT},
        trust_ping,
    },
};

const UNKNOWN: Kind = Kind::new("tic-tac-toe", 1, 0, "move");

fn check(protocol: &'static str, name: &'static str, fields: Value, expected: &str) {
    let report = message(&Kind::new(protocol, 1, 0, name), fields);
    assert_eq!(notification::problem(&report).unwrap().to_string(), expected);
}

#[test]
fn a_problem_is_read_wherever_agents_put_it() {
    let acapy = json!({ "description": { "code": "request_not_accepted", "en": "no" } });
    check("didexchange", "problem_report", acapy.clone(), "request_not_accepted: no");
    check("issue-credential", "problem-report", acapy, "request_not_accepted: no");
    let old = json!({ "problem-code": "request_processing_error", "explain": "why not" });
    check("connections", "problem_report", old, "request_processing_error: why not");
    let first = json!({ "explain-ltxt": "lost" });
    check("report-problem", "problem-report", first, "unknown: lost");
    check("notification", "problem-report", json!({ "description": "broken" }), "unknown: broken");
    check("notification", "problem-report", json!({ "description": { "code": 4 } }), "unknown");
}

#[test]
fn a_report_comes_in_one_line_of_plain_text() {
    let fields = json!({ "description": { "code": "\u{1b}[31mred\n", "en": "x".repeat(999) } });
    let problem = notification::problem(&message(&PROBLEM_REPORT, fields)).unwrap();
    assert_eq!(problem.code, "[31mred");
    assert_eq!(problem.explanation, format!("{}…", "x".repeat(200)));
}

#[test]
fn a_problem_instead_of_an_answer_is_that_problem() {
    let report = notification::problem_report(&mediation::request(), "full", "come back later");
    let error = mediation::granted(&report).unwrap_err();
    insta::assert_snapshot!(error, @"the other side reports a problem: full: come back later");
    assert!(matches!(error, ProtocolError::Problem(_)));
}

#[test]
fn other_messages_report_no_problem() {
    assert_eq!(notification::problem(&trust_ping::ping(true)), None);
}

#[test]
fn an_ack_is_sent_if_it_is_asked_for() {
    let revoked = Kind::new("revocation_notification", 2, 0, "revoke");
    let asks = message(&revoked, json!({ "@id": "r", "~please_ack": { "on": ["RECEIPT"] } }));
    let ack = notification::ack_asked_for(&asks).unwrap();
    assert_eq!((ack.thread_id(), ack.text("status")), ("r", Some("OK")));
    assert!(ack.kind.is(&ACK));
    assert_eq!(notification::ack_asked_for(&message(&revoked, json!({}))), None);
}

#[test]
fn an_ack_or_a_report_is_not_acked() {
    for kind in [ACK, PROBLEM_REPORT, Kind::new("present-proof", 2, 0, "ack")] {
        let asks = message(&kind, json!({ "~please_ack": {} }));
        assert_eq!(notification::ack_asked_for(&asks), None);
        assert_eq!(notification::unsupported(&asks), None);
    }
}

#[test]
fn an_unknown_message_is_answered_with_its_type() {
    let report = notification::unsupported(&message(&UNKNOWN, json!({ "@id": "u" }))).unwrap();
    assert_eq!(report.thread_id(), "u");
    insta::assert_snapshot!(
        notification::problem(&report).unwrap(),
        @"message-type-not-supported: no support for https://didcomm.org/tic-tac-toe/1.0/move"
    );
}

#[test]
fn what_grows_from_a_report_is_not_reported() {
    let report = notification::unsupported(&Message::new(UNKNOWN)).unwrap();
    for answer in [
        Message::answer(UNKNOWN, &report),
        Message::new(UNKNOWN).on_thread(&*report.id),
        Message::new(UNKNOWN).with_parent(&*report.id),
        notification::problem_report(&report, "what", ""),
        notification::ack(&report),
    ] {
        assert_eq!(notification::unsupported(&answer), None);
    }
}

proptest! {
    #[test]
    fn two_that_report_whatever_they_get_fall_silent(name in "[a-z_-]{1,20}", thread in any::<bool>()) {
        let kind = Kind { name: name.into(), ..UNKNOWN };
        let first = Message::new(kind);
        let first = if thread { let id = first.id.clone(); first.on_thread(id) } else { first };
        let reported = notification::unsupported(&first);
        let again = reported.as_ref().and_then(notification::unsupported);
        prop_assert_eq!(again, None);
    }
}
