//! A controller of which the scenario says how each thing is asked.

use std::collections::BTreeMap;

use super::{
    answer::{Answered, Exchange, Invited},
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
    Issue,
    Issued,
    Revoke,
    Publish,
    RequestPresentation,
    PresentationInvitation,
    Verdict,
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
    ExchangeId,
    ThreadId,
    State,
    Verified,
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
    pub(super) const ALL: [Self; 14] = [
        Self::Invitation,
        Self::Connection,
        Self::Ready,
        Self::Message,
        Self::Ping,
        Self::Menu,
        Self::Live,
        Self::Issue,
        Self::Issued,
        Self::Revoke,
        Self::Publish,
        Self::RequestPresentation,
        Self::PresentationInvitation,
        Self::Verdict,
    ];

    pub(super) fn spec(self) -> Spec {
        use Slot::{
            Attributes, Comment, ConnectionId, Content, CredDefId, ExchangeId, Index, InvitationId,
            Label, Menu, RegistryId, Request,
        };
        match self {
            Self::Invitation => spec("invitation", &[Label])
                .needs(&[Place::Invitation])
                .uses(&[Place::ConnectionId, Place::InvitationId]),
            Self::Connection => spec("connection", &[InvitationId]).needs(&[Place::ConnectionId]),
            Self::Ready => spec("ready", &[ConnectionId])
                .needs(&[Place::State])
                .until(&["active", "completed"]),
            Self::Message => spec("message", &[ConnectionId, Content]),
            Self::Ping => spec("ping", &[ConnectionId]),
            Self::Menu => spec("menu", &[ConnectionId, Menu]),
            Self::Live => spec("live", &[]),
            Self::Issue => spec("issue", &[ConnectionId, CredDefId, Attributes, Comment])
                .needs(&[Place::ExchangeId])
                .uses(&[Place::ThreadId]),
            Self::Issued => spec("issued", &[ExchangeId]).needs(&[Place::State]).until(&["done"]),
            Self::Revoke => spec("revoke", &[ExchangeId, RegistryId, Index, ConnectionId, Comment]),
            Self::Publish => spec("publish", &[]),
            Self::RequestPresentation => spec("request_presentation", &[ConnectionId, Request])
                .needs(&[Place::ExchangeId])
                .uses(&[Place::ThreadId]),
            Self::PresentationInvitation => spec("presentation_invitation", &[Label, Request])
                .needs(&[Place::Invitation, Place::ExchangeId])
                .uses(&[Place::InvitationId]),
            Self::Verdict => spec("verdict", &[ExchangeId])
                .needs(&[Place::State, Place::Verified])
                .until(&["done"]),
        }
    }
}

/// What is known of `name` when it is asked, of which no answer is looked at.
fn spec(name: &'static str, slots: &'static [Slot]) -> Spec {
    Spec { name, slots, needed: &[], useful: &[], is: &[] }
}

impl Spec {
    fn needs(self, needed: &'static [Place]) -> Self {
        Self { needed, ..self }
    }

    fn uses(self, useful: &'static [Place]) -> Self {
        Self { useful, ..self }
    }

    fn until(self, is: &'static [&'static str]) -> Self {
        Self { is, ..self }
    }
}

impl Place {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::ConnectionId => "connection_id",
            Self::InvitationId => "invitation_id",
            Self::ExchangeId => "exchange_id",
            Self::ThreadId => "thread_id",
            Self::State => "state",
            Self::Verified => "verified",
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

    pub(super) fn exchange(&self, answer: &Answered) -> Result<Exchange, ControllerError> {
        let thread = self.places.get(&Place::ThreadId).map(String::as_str);
        answer.exchange(self.place(Place::ExchangeId), thread)
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
