//! A controller of which the scenario says how each thing is asked.

use serde_json::Value;

use super::{
    answer::{Answered, Invited},
    error::ControllerError,
    gate::{Header, Question},
    template::{BodyTemplate, Filled, Slot, Template},
};
use crate::aries::transport::Method;

/// What a custom controller can be asked.
#[derive(Clone)]
pub(super) struct Custom {
    pub(super) invitation: Action,
    pub(super) connection: Option<Action>,
    pub(super) ready: Option<Action>,
    pub(super) message: Option<Action>,
    pub(super) ping: Option<Action>,
    pub(super) menu: Option<Action>,
    pub(super) live: Option<Action>,
}

/// How one thing is asked, and where the answer has what.
#[derive(Clone)]
pub(super) struct Action {
    pub(super) method: Method,
    pub(super) url: Template,
    pub(super) headers: Vec<Header>,
    pub(super) body: Option<BodyTemplate>,
    pub(super) places: Places,
}

/// JSON pointers (RFC 6901) into an answer.
#[derive(Clone, Default)]
pub(super) struct Places {
    pub(super) invitation: Option<String>,
    pub(super) connection_id: Option<String>,
    pub(super) invitation_id: Option<String>,
    pub(super) state: Option<String>,
    /// States in which a connection is ready.
    pub(super) is: Vec<String>,
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
}

impl Custom {
    pub(super) fn invite(&self, label: &str) -> Question {
        self.invitation.question(&[(Slot::Label, &Value::from(label))])
    }

    pub(super) fn read(&self, mut answer: Answered) -> Result<Invited, ControllerError> {
        let places = &self.invitation.places;
        let id = |place: &Option<String>| place.as_ref().and_then(|place| answer.id(place));
        let (connection_id, invitation_id) = (id(&places.connection_id), id(&places.invitation_id));
        let place = places.invitation.as_deref().unwrap_or_default();
        let invitation = answer.invitation(&[place])?;
        Ok(Invited { invitation, connection_id, invitation_id })
    }
}

/// The action, or that the scenario does not say how.
pub(super) fn offered<'a>(
    action: Option<&'a Action>,
    name: &'static str,
) -> Result<&'a Action, ControllerError> {
    action.ok_or(ControllerError::NotOffered { action: name })
}
