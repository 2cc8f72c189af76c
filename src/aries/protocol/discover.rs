//! Discover features (RFC 0031, 0557): who can do what.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ProtocolError,
    turn::{due, wrong},
};
use crate::aries::didcomm::{Kind, Message};

/// Asks for protocols (1.0).
pub const QUERY: Kind = Kind::new("discover-features", 1, 0, "query");
/// Says which (1.0).
pub const DISCLOSE: Kind = Kind::new("discover-features", 1, 0, "disclose");
/// Asks for features of any type (2.0).
pub const QUERIES: Kind = Kind::new("discover-features", 2, 0, "queries");
/// Says which (2.0).
pub const DISCLOSURES: Kind = Kind::new("discover-features", 2, 0, "disclosures");

/// Most queries of one message that are answered; the rest is as if it were not there.
const QUERIES_MAX: usize = 100;
/// Longest pattern that matches anything, in bytes.
const PATTERN_MAX: usize = 512;
/// Most features that one message is read with.
const FEATURES_MAX: usize = 10_000;

/// A protocol, and what we are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// The protocol, such as `https://didcomm.org/trust_ping/1.0`.
    pub protocol: &'static str,
    /// The parts that we play in it.
    pub roles: &'static [&'static str],
}

/// A feature that somebody says to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed {
    /// Of what type; `protocol` in discover-features 1.0.
    pub feature_type: String,
    /// Which, such as `https://didcomm.org/trust_ping/1.0`.
    pub id: String,
    /// The parts that its owner plays in it; empty for all or for not told.
    pub roles: Vec<String>,
}

/// What a holder can do.
pub const SUPPORTED: &[Feature] = &[
    feature("https://didcomm.org/action-menu/1.0", &["requester"]),
    feature("https://didcomm.org/basicmessage/1.0", &["receiver", "sender"]),
    feature("https://didcomm.org/connections/1.0", &["invitee"]),
    feature("https://didcomm.org/coordinate-mediation/1.0", &["recipient"]),
    feature("https://didcomm.org/didexchange/1.0", &["requester"]),
    feature("https://didcomm.org/didexchange/1.1", &["requester"]),
    feature("https://didcomm.org/discover-features/1.0", &["requester", "responder"]),
    feature("https://didcomm.org/discover-features/2.0", &["requester", "responder"]),
    feature("https://didcomm.org/issue-credential/1.0", &["holder"]),
    feature("https://didcomm.org/issue-credential/2.0", &["holder"]),
    feature("https://didcomm.org/messagepickup/1.0", &["recipient"]),
    feature("https://didcomm.org/messagepickup/2.0", &["recipient"]),
    feature("https://didcomm.org/notification/1.0", &["notified", "notifier"]),
    feature("https://didcomm.org/out-of-band/1.0", &["receiver"]),
    feature("https://didcomm.org/out-of-band/1.1", &["receiver"]),
    feature("https://didcomm.org/present-proof/1.0", &["prover"]),
    feature("https://didcomm.org/present-proof/2.0", &["prover"]),
    feature("https://didcomm.org/report-problem/1.0", &["notified"]),
    feature("https://didcomm.org/revocation_notification/1.0", &["holder"]),
    feature("https://didcomm.org/revocation_notification/2.0", &["holder"]),
    feature("https://didcomm.org/trust_ping/1.0", &["receiver", "sender"]),
];

const fn feature(protocol: &'static str, roles: &'static [&'static str]) -> Feature {
    Feature { protocol, roles }
}

/// Whether a message is of a protocol that a holder speaks, in any minor version.
#[must_use]
pub fn is_supported(kind: &Kind) -> bool {
    let family = format!("https://didcomm.org/{}/{}.", kind.protocol, kind.major);
    SUPPORTED.iter().any(|it| it.protocol.starts_with(&family))
}

/// Asks for protocols by a pattern such as `https://didcomm.org/issue-credential/*` (1.0).
#[must_use]
pub fn query_1(query: &str) -> Message {
    Message::new(QUERY).with("query", query)
}

/// Asks for protocols by a pattern (2.0).
#[must_use]
pub fn queries_2(pattern: &str) -> Message {
    Message::new(QUERIES).with("queries", json!([{ "feature-type": "protocol", "match": pattern }]))
}

/// The answer to a question of either version, or `None` if it is none.
#[must_use]
pub fn answer(message: &Message, supported: &[Feature]) -> Option<Message> {
    if message.kind.is(&QUERY) {
        let pattern = message.text("query").unwrap_or_default();
        let protocols: Vec<_> = supported
            .iter()
            .filter(|it| matches(pattern, it.protocol))
            .map(|it| json!({ "pid": it.protocol, "roles": it.roles }))
            .collect();
        return Some(Message::answer(DISCLOSE, message).with("protocols", protocols));
    }
    message.kind.is(&QUERIES).then(|| {
        let patterns = patterns(message);
        let disclosures: Vec<_> = supported
            .iter()
            .filter(|it| patterns.iter().any(|pattern| matches(pattern, it.protocol)))
            .map(|it| json!({ "feature-type": "protocol", "id": it.protocol, "roles": it.roles }))
            .collect();
        Message::answer(DISCLOSURES, message).with("disclosures", disclosures)
    })
}

/// What the other side says to be able to do, in either version.
///
/// # Errors
/// It is another message, or none that can be read.
pub fn disclosed(message: &Message) -> Result<Vec<Disclosed>, ProtocolError> {
    #[derive(Deserialize)]
    struct Fields {
        #[serde(alias = "protocols", alias = "disclosures")]
        features: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        #[serde(default, rename = "feature-type")]
        feature_type: Option<String>,
        #[serde(alias = "pid")]
        id: String,
        #[serde(default)]
        roles: Option<Vec<String>>,
    }

    if !message.kind.is(&DISCLOSURES) {
        due(message, &DISCLOSE, "disclose or disclosures")?;
    }
    let Fields { features } = message.read()?;
    if features.len() > FEATURES_MAX {
        return Err(wrong(message, format!("has more than {FEATURES_MAX} features")));
    }
    let disclosed = features.into_iter().map(|entry| Disclosed {
        feature_type: entry.feature_type.unwrap_or_else(|| "protocol".to_owned()),
        id: entry.id,
        roles: entry.roles.unwrap_or_default(),
    });
    Ok(disclosed.collect())
}

/// The patterns for protocols in a question of version 2.0.
fn patterns(message: &Message) -> Vec<&str> {
    let queries = message.fields.get("queries").and_then(Value::as_array);
    let queries = queries.into_iter().flatten().take(QUERIES_MAX);
    queries
        .filter(|it| it.get("feature-type").and_then(Value::as_str) == Some("protocol"))
        .filter_map(|it| it.get("match")?.as_str())
        .collect()
}

/// Whether a text is what a pattern says, in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    if pattern.len() > PATTERN_MAX {
        return false;
    }
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(end)
}
