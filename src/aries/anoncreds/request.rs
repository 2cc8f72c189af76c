//! What a verifier asks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Nonce, Restrictions};

/// A verifier's question, by referents that its answer repeats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PresentationRequest {
    /// What the answer has to be computed with.
    pub nonce: Nonce,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether ids are of the Indy form (`1.0`) or not (`2.0`); nothing here depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ver: Option<String>,
    /// The attributes to reveal.
    #[serde(default)]
    pub requested_attributes: BTreeMap<String, RequestedAttribute>,
    /// The statements to prove.
    #[serde(default)]
    pub requested_predicates: BTreeMap<String, RequestedPredicate>,
    /// When no credential may have been revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_revoked: Option<Interval>,
}

/// An attribute, or several of one credential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestedAttribute {
    /// The one, unless there are `names`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<String>>,
    /// Which credentials will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Restrictions>,
    /// When the credential may not have been revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_revoked: Option<Interval>,
}

impl RequestedAttribute {
    /// The attributes' names, one or several.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.name.iter().chain(self.names.iter().flatten()).map(String::as_str)
    }
}

/// A statement about a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestedPredicate {
    /// The attribute.
    pub name: String,
    /// How it compares.
    pub p_type: PredicateKind,
    /// With what.
    pub p_value: i32,
    /// Which credentials will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Restrictions>,
    /// When the credential may not have been revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_revoked: Option<Interval>,
}

impl RequestedPredicate {
    /// Whether it can be proved of this encoded value: the difference has to be one of 31 bits.
    #[must_use]
    pub fn holds(&self, encoded: &str) -> bool {
        let Ok(value) = encoded.parse::<i32>() else { return false };
        let (value, bound) = (i64::from(value), i64::from(self.p_value));
        let difference = match self.p_type {
            PredicateKind::AtLeast => value - bound,
            PredicateKind::Above => value - bound - 1,
            PredicateKind::AtMost => bound - value,
            PredicateKind::Below => bound - value - 1,
        };
        (0..=i64::from(i32::MAX)).contains(&difference)
    }
}

/// How a number compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PredicateKind {
    /// Not less.
    #[serde(rename = ">=")]
    AtLeast,
    /// More.
    #[serde(rename = ">")]
    Above,
    /// Not more.
    #[serde(rename = "<=")]
    AtMost,
    /// Less.
    #[serde(rename = "<")]
    Below,
}

impl PredicateKind {
    /// What the mathematics calls it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::AtLeast => "GE",
            Self::Above => "GT",
            Self::AtMost => "LE",
            Self::Below => "LT",
        }
    }
}

/// A time in which a credential may not have been revoked, in seconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// From when on; from ever, if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// Until when; until now, if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
}

impl Interval {
    /// What satisfies both: the later beginning and the earlier end.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let to = match (self.to, other.to) {
            (Some(one), Some(another)) => Some(one.min(another)),
            (one, another) => one.or(another),
        };
        // None is below all others.
        Self { from: self.from.max(other.from), to }
    }

    /// Whether a list of this time is of the interval.
    #[must_use]
    pub fn contains(self, timestamp: u64) -> bool {
        self.from.is_none_or(|from| timestamp >= from) && self.to.is_none_or(|to| timestamp <= to)
    }
}
