//! A controller of which the scenario says how each thing is asked.

use std::collections::BTreeMap;

use super::{
    answer::{Answered, Invited},
    error::ControllerError,
    gate::{Header, Question},
    template::{BodyTemplate, Filled, Slot, Template},
};
use crate::aries::transport::Method;

/// A custom controller: how each thing is asked of which the scenario says how.
#[derive(Clone)]
pub(super) struct Custom(pub(super) BTreeMap<Ask, Action>);

/// What a custom controller can be asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ask {
    Invitation,
    Connection,
    Ready,
    Message,
    Ping,
    Menu,
    Live,
}

/// What there is to one thing that can be asked.
pub(super) struct Spec {
    /// Its key in a scenario.
    pub(super) name: &'static str,
    /// What is known when it is asked.
    pub(super) slots: &'static [Slot],
    /// What an answer must hold, so that the scenario must say where.
    pub(super) needed: &'static [Place],
    /// What an answer may hold.
    pub(super) useful: &'static [Place],
    /// States that are waited for, unless the scenario says others.
    pub(super) is: &'static [&'static str],
}

/// What is looked for in an answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Invitation,
    ConnectionId,
    InvitationId,
    State,
}

/// How one thing is asked, and where the answer has what.
#[derive(Clone)]
pub(super) struct Action {
    pub(super) method: Method,
    pub(super) url: Template,
    pub(super) headers: Vec<Header>,
    pub(super) body: Option<BodyTemplate>,
    /// JSON pointers (RFC 6901) into an answer.
    pub(super) places: BTreeMap<Place, String>,
    /// States that are waited for.
    pub(super) is: Vec<String>,
}

impl Ask {
    pub(super) const ALL: [Self; 7] = [
        Self::Invitation,
        Self::Connection,
        Self::Ready,
        Self::Message,
        Self::Ping,
        Self::Menu,
        Self::Live,
    ];

    pub(super) fn spec(self) -> Spec {
        use Slot::{ConnectionId, Content, InvitationId, Label, Menu};
        let spec = Spec { name: "", slots: &[], needed: &[], useful: &[], is: &[] };
        match self {
            Self::Invitation => Spec {
                name: "invitation",
                slots: &[Label],
                needed: &[Place::Invitation],
                useful: &[Place::ConnectionId, Place::InvitationId],
                ..spec
            },
            Self::Connection => Spec {
                name: "connection",
                slots: &[InvitationId],
                needed: &[Place::ConnectionId],
                ..spec
            },
            Self::Ready => Spec {
                name: "ready",
                slots: &[ConnectionId],
                needed: &[Place::State],
                is: &["active", "completed"],
                ..spec
            },
            Self::Message => Spec { name: "message", slots: &[ConnectionId, Content], ..spec },
            Self::Ping => Spec { name: "ping", slots: &[ConnectionId], ..spec },
            Self::Menu => Spec { name: "menu", slots: &[ConnectionId, Menu], ..spec },
            Self::Live => Spec { name: "live", ..spec },
        }
    }
}

impl Place {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::ConnectionId => "connection_id",
            Self::InvitationId => "invitation_id",
            Self::State => "state",
        }
    }
}

impl Action {
    pub(super) fn question(&self, filled: Filled<'_>) -> Question {
        Question {
            method: self.method,
            place: self.url.url(filled),
            headers: self.headers.clone(),
            body: self.body.as_ref().map(|body| body.fill(filled)),
        }
    }

    /// Where an answer has what it must hold.
    pub(super) fn place(&self, place: Place) -> &str {
        self.places.get(&place).map(String::as_str).unwrap_or_default()
    }

    /// The identifier that an answer has at a place.
    pub(super) fn id(&self, place: Place, answer: &Answered) -> Option<String> {
        self.places.get(&place).and_then(|pointer| answer.id(pointer))
    }

    pub(super) fn invited(&self, mut answer: Answered) -> Result<Invited, ControllerError> {
        let connection_id = self.id(Place::ConnectionId, &answer);
        let invitation_id = self.id(Place::InvitationId, &answer);
        let invitation = answer.invitation(&[self.place(Place::Invitation)])?;
        Ok(Invited { invitation, connection_id, invitation_id })
    }
}

impl Custom {
    /// How something is asked, or that the scenario does not say.
    pub(super) fn action(&self, ask: Ask) -> Result<&Action, ControllerError> {
        self.0.get(&ask).ok_or(ControllerError::NotOffered { action: ask.spec().name })
    }

    pub(super) fn question(
        &self,
        ask: Ask,
        filled: Filled<'_>,
    ) -> Result<Question, ControllerError> {
        Ok(self.action(ask)?.question(filled))
    }
}
