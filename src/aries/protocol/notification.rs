//! Acks (RFC 0015, 0317) and problem reports (RFC 0035), whichever protocol they belong to.

use serde_json::{Value, json};

use super::{
    Problem,
    turn::{quoted, sentence},
};
use crate::aries::didcomm::{Kind, Message};

/// Says that a message has arrived and is fine.
pub const ACK: Kind = Kind::new("notification", 1, 0, "ack");
/// Says what is wrong with a message.
pub const PROBLEM_REPORT: Kind = Kind::new("notification", 1, 0, "problem-report");

/// Where agents put a problem's code, the first that is there counts.
const CODES: [&str; 5] = ["problem-code", "problem_code", "code", "error-code", "error_code"];
/// Where they put what a person reads.
const EXPLANATIONS: [&str; 5] =
    ["explain-ltxt", "explain_ltxt", "explain", "explain-l10n", "comment"];

/// An ack of a message.
#[must_use]
pub fn ack(of: &Message) -> Message {
    Message::answer(ACK, of).with("status", "OK")
}

/// The ack that a message asks for (`~please_ack`), to be sent once it has been dealt with; `None`
/// if it asks for none. Acks and problem reports are never acked: it would not end.
#[must_use]
pub fn ack_asked_for(message: &Message) -> Option<Message> {
    (message.wants_ack() && !is_notice(message)).then(|| ack(message))
}

/// A report that something is wrong with a message.
#[must_use]
pub fn problem_report(of: &Message, code: &str, explanation: &str) -> Message {
    described(Message::answer(PROBLEM_REPORT, of), code, explanation)
}

/// A report of any protocol that says what is wrong.
pub(super) fn described(report: Message, code: &str, explanation: &str) -> Message {
    report.with("description", json!({ "code": code, "en": explanation }))
}

/// The problem that a message reports, if it reports one: `problem-report` or `problem_report` of
/// any protocol. Its texts are short and hold no control characters.
#[must_use]
pub fn problem(message: &Message) -> Option<Problem> {
    if !reports_problem(&message.kind) {
        return None;
    }
    let description = message.fields.get("description");
    let described = |field| description?.get(field)?.as_str();
    let code = described("code").or_else(|| CODES.iter().find_map(|it| message.text(it)));
    let explanation = described("en")
        .or_else(|| description.and_then(Value::as_str))
        .or_else(|| EXPLANATIONS.iter().find_map(|it| message.text(it)));
    Some(Problem {
        code: code.map(quoted).filter(|it| !it.is_empty()).unwrap_or_else(|| "unknown".to_owned()),
        explanation: explanation.map(sentence).unwrap_or_default(),
    })
}

/// What to answer to a message of a kind that nobody here knows.
///
/// Only a message that begins a thread of its own is answered. A report stays on the thread of what
/// it is about, so whatever is said to a report, and acks and reports themselves, end in silence:
/// two agents that know nothing of each other never go on for ever.
#[must_use]
pub fn unsupported(message: &Message) -> Option<Message> {
    let begins = message.thread_id() == message.id && message.thread.pthid.is_none();
    (begins && !is_notice(message)).then(|| {
        let explanation = format!("no support for {}", quoted(&message.kind.to_string()));
        problem_report(message, "message-type-not-supported", &explanation)
    })
}

/// Whether a message is an ack or a problem report of any protocol.
pub(super) fn is_notice(message: &Message) -> bool {
    message.kind.name == "ack" || reports_problem(&message.kind)
}

fn reports_problem(kind: &Kind) -> bool {
    matches!(&*kind.name, "problem-report" | "problem_report")
}
