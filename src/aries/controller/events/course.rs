//! The states that exchanges go through on the side that invites, issues or verifies.

use serde::Deserialize;

use super::super::watch::GIVEN_UP;
use crate::aries::didcomm::moment;

/// Longest id of a record that is taken, in bytes; those of ACA-Py have 36.
const ID_MAX: usize = 128;
/// What is told of a record that is removed.
const DELETED: &str = "deleted";

/// The states that the exchanges of a protocol go through, in their order.
#[derive(Debug, PartialEq, Eq)]
pub struct Course {
    /// The protocol, whichever its version, such as `issue-credential`.
    pub protocol: &'static str,
    /// As RFC 0023, 0453 and 0454 call them; the last one is the end.
    pub states: &'static [&'static str],
    /// How many of the first states an exchange may begin with.
    pub(super) beginnings: usize,
}

/// Most states that a course has.
pub(super) const STATES_MAX: usize = 5;

// An invitation that nobody has answered yet is no exchange.
static CONNECTIONS: Course = Course {
    protocol: "connections",
    states: &["request-received", "response-sent", "completed"],
    beginnings: 1,
};
static ISSUANCE: Course = Course {
    protocol: "issue-credential",
    states: &["proposal-received", "offer-sent", "request-received", "credential-issued", "done"],
    beginnings: 2,
};
static PRESENTATION: Course = Course {
    protocol: "present-proof",
    states: &["proposal-received", "request-sent", "presentation-received", "done"],
    beginnings: 2,
};

/// Where an exchange was seen to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In one of the states of its course, counted from 0.
    At(usize),
    /// Given up.
    GivenUp(&'static str),
    /// Its record is removed, which is done to those that are over as well.
    Deleted,
}

/// What an event says of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What it is an exchange of.
    pub course: &'static Course,
    /// The id of its record.
    pub id: String,
    /// Where it stands.
    pub standing: Standing,
    /// When it came to that by the agent's own clock, in nanoseconds since 1970.
    pub stamped: Option<i64>,
    /// What a verifier found.
    pub verified: Option<bool>,
}

/// The fields of a record that are looked at; there are many more.
#[derive(Deserialize)]
pub(super) struct Record {
    state: Option<String>,
    rfc23_state: Option<String>,
    role: Option<String>,
    their_role: Option<String>,
    connection_id: Option<String>,
    cred_ex_id: Option<String>,
    credential_exchange_id: Option<String>,
    pres_ex_id: Option<String>,
    presentation_exchange_id: Option<String>,
    updated_at: Option<String>,
    verified: Option<String>,
}

impl Record {
    /// What the record says of an exchange in which its agent invites, issues or verifies; `None` of
    /// anything else.
    pub(super) fn sighting(self, topic: &str) -> Option<Sighting> {
        let role = self.role.as_deref();
        let (course, id, state) = match topic {
            // Of those that it accepts itself it is the other side.
            "connections" if self.their_role.as_deref() != Some("inviter") => {
                (&CONNECTIONS, self.connection_id, self.rfc23_state)
            }
            "issue_credential_v2_0" if role == Some("issuer") => (&ISSUANCE, self.cred_ex_id, None),
            "issue_credential" if role == Some("issuer") => {
                (&ISSUANCE, self.credential_exchange_id, None)
            }
            "present_proof_v2_0" if role == Some("verifier") => {
                (&PRESENTATION, self.pres_ex_id, None)
            }
            "present_proof" if role == Some("verifier") => {
                (&PRESENTATION, self.presentation_exchange_id, None)
            }
            _ => return None,
        };
        let id = id.filter(|id| !id.is_empty() && id.len() <= ID_MAX)?;
        let standing = course.standing(&self.state?, state)?;
        let stamped = self.updated_at.and_then(|at| moment(&at));
        let verified = self.verified.and_then(|it| it.parse().ok());
        Some(Sighting { course, id, standing, stamped, verified })
    }
}

impl Course {
    /// The place of a state; what RFC 0023 calls it goes before what ACA-Py does.
    fn standing(&self, state: &str, rfc23: Option<String>) -> Option<Standing> {
        if let Some(given_up) = GIVEN_UP.into_iter().find(|it| *it == state) {
            return Some(Standing::GivenUp(given_up));
        }
        if state == DELETED {
            return Some(Standing::Deleted);
        }
        // Version 1 writes offer_sent what version 2 writes offer-sent.
        let name = rfc23.unwrap_or_else(|| state.to_owned()).replace('_', "-");
        let name = match &*name {
            "credential-acked" | "verified" => "done",
            other => other,
        };
        self.states.iter().position(|it| *it == name).map(Standing::At)
    }

    /// Whether an exchange may begin with a state.
    pub(super) fn begins_with(&self, standing: Standing) -> bool {
        matches!(standing, Standing::At(place) if place < self.beginnings)
    }

    pub(super) fn last(&self) -> usize {
        self.states.len() - 1
    }
}
