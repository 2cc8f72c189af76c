//! What controllers answer, and how it is read.

use serde_json::Value;

use super::error::{AnswerFault, Asked, ControllerError};

/// Characters of an identifier; longer ones are no identifiers.
const ID_CHARS_MAX: usize = 256;

/// An invitation that a controller gave out.
#[derive(Debug, Clone, PartialEq)]
pub struct Invited {
    /// The invitation.
    pub invitation: InvitationSource,
    /// The connection it will lead to, if the controller told.
    pub connection_id: Option<String>,
    /// What the controller knows the invitation by, if it told.
    pub invitation_id: Option<String>,
}

/// An exchange of a credential or a presentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What the controller knows it by.
    pub id: String,
    /// The thread of its messages, if the controller told.
    pub thread_id: Option<String>,
}

/// An invitation as it came.
#[derive(Debug, Clone, PartialEq)]
pub enum InvitationSource {
    /// A URL that holds it or leads to it, or JSON as text.
    Text(String),
    /// The invitation itself.
    Json(Value),
}

impl InvitationSource {
    /// Takes what stands in an answer, if it can be an invitation.
    pub(super) fn of(value: Value) -> Option<Self> {
        match value {
            Value::String(text) if !text.is_empty() => Some(Self::Text(text)),
            Value::Object(fields) if !fields.is_empty() => Some(Self::Json(fields.into())),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        }
    }
}

/// An answer in which something is looked for.
pub(super) struct Answered {
    pub(super) asked: Asked,
    pub(super) value: Value,
}

impl Answered {
    /// Takes the first of what is found at some places that is an invitation.
    pub(super) fn invitation(
        &mut self,
        places: &[&str],
    ) -> Result<InvitationSource, ControllerError> {
        let taken = |place: &&str| self.value.pointer_mut(place).map(Value::take);
        let found = places.iter().filter_map(taken).find_map(InvitationSource::of);
        found.ok_or_else(|| self.lacks("invitation"))
    }

    /// The identifier at a place: a text or a number that can stand in a URL.
    pub(super) fn id(&self, place: &str) -> Option<String> {
        let id = match self.value.pointer(place)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        let sound = id.chars().nth(ID_CHARS_MAX).is_none()
            && !["", ".", ".."].contains(&id.as_str())
            && !id.chars().any(char::is_control);
        sound.then_some(id)
    }

    /// The exchange whose identifier is at a place, and whose thread at another if there is one.
    pub(super) fn exchange(
        &self,
        id: &str,
        thread_id: Option<&str>,
    ) -> Result<Exchange, ControllerError> {
        let id = self.id(id).ok_or_else(|| self.lacks("exchange_id"))?;
        Ok(Exchange { id, thread_id: thread_id.and_then(|it| self.id(it)) })
    }

    /// Whether something is true, as JSON or as text.
    pub(super) fn truth(&self, place: &str) -> Option<bool> {
        match self.value.pointer(place)? {
            Value::Bool(truth) => Some(*truth),
            Value::String(text) => text.parse().ok(),
            Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    pub(super) fn text(&self, place: &str) -> Option<&str> {
        self.value.pointer(place)?.as_str()
    }

    pub(super) fn lacks(&self, what: &'static str) -> ControllerError {
        ControllerError::Answer { asked: self.asked.clone(), fault: AnswerFault::Lacks(what) }
    }
}
