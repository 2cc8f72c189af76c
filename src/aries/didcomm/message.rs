//! A plaintext message: type, id, thread and whatever fields its protocol gives it.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{Kind, KindError, unique_id};

/// Longest `@id` or thread id that is read, in bytes.
const ID_MAX: usize = 512;

/// A plaintext message (RFC 0003, 0008, 0011).
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// `@type`.
    pub kind: Kind,
    /// `@id`.
    pub id: String,
    /// `~thread`.
    pub thread: Thread,
    /// All other fields and decorators.
    pub fields: Map<String, Value>,
}

/// What a message belongs to: `~thread` (RFC 0008); empty texts count as none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Thread {
    /// The thread; a message without one begins a thread of its own id.
    pub thid: Option<String>,
    /// The thread that the thread grew from, such as an invitation.
    pub pthid: Option<String>,
}

/// Why bytes are no message.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// They are no JSON object.
    #[error(
        "the message is no JSON object, which begins like {{\"@type\": \"https://didcomm.org/…\""
    )]
    NotAnObject(#[source] serde_json::Error),
    /// `@type` or `@id` is missing or is no text.
    #[error("the message has no `{field}`, or one that is no text of 1 to 512 bytes")]
    Field {
        /// Which.
        field: &'static str,
    },
    /// `@type` is none.
    #[error(transparent)]
    Kind(#[from] KindError),
    /// The fields are not those of this kind of message.
    #[error("a {kind} that cannot be read")]
    Fields {
        /// The kind.
        kind: Kind,
        /// What is wrong with them.
        source: serde_json::Error,
    },
}

impl Message {
    /// Begins a message of this kind, with an id of its own.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, id: unique_id(), thread: Thread::default(), fields: Map::new() }
    }

    /// Begins an answer to `asked`: a message on its thread.
    #[must_use]
    pub fn answer(kind: Kind, asked: &Self) -> Self {
        Self::new(kind).on_thread(asked.thread_id())
    }

    /// Puts it on a thread.
    #[must_use]
    pub fn on_thread(mut self, thid: impl Into<String>) -> Self {
        self.thread.thid = Some(thid.into());
        self
    }

    /// Says which thread its thread grew from.
    #[must_use]
    pub fn with_parent(mut self, pthid: impl Into<String>) -> Self {
        self.thread.pthid = Some(pthid.into());
        self
    }

    /// Sets a field or a decorator.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// Asks that whatever is for the sender comes back the way this message goes: `~transport`
    /// with `return_route: all` (RFC 0092). It holds for this message alone.
    #[must_use]
    pub fn with_return_route(self) -> Self {
        self.with("~transport", json!({ "return_route": "all" }))
    }

    /// The thread it is on: its own id if it is on no other.
    #[must_use]
    pub fn thread_id(&self) -> &str {
        self.thread.thid.as_deref().unwrap_or(&self.id)
    }

    /// Whether it asks for answers the way it came (RFC 0092).
    #[must_use]
    pub fn wants_return_route(&self) -> bool {
        let route = self.fields.get("~transport").and_then(|it| it.get("return_route"));
        matches!(route.and_then(Value::as_str), Some("all" | "thread"))
    }

    /// Whether its sender wants an ack (`~please_ack`, RFC 0317).
    #[must_use]
    pub fn wants_ack(&self) -> bool {
        self.fields.get("~please_ack").is_some_and(|it| !it.is_null() && it != &json!(false))
    }

    /// A field that is a text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    /// Reads the fields as a type.
    ///
    /// # Errors
    /// They are not of that type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, MessageError> {
        T::deserialize(&self.fields)
            .map_err(|source| MessageError::Fields { kind: self.kind.clone(), source })
    }

    /// Reads a message.
    ///
    /// # Errors
    /// They are no JSON object with a type; a missing `@id` is one too, because nothing could be
    /// answered.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageError> {
        let fields = serde_json::from_slice(bytes).map_err(MessageError::NotAnObject)?;
        Self::from_fields(fields)
    }

    /// Takes a message out of a JSON object, such as one attached to an invitation.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse).
    pub fn from_fields(mut fields: Map<String, Value>) -> Result<Self, MessageError> {
        let mut take = |field| match fields.remove(field) {
            Some(Value::String(text)) if (1..=ID_MAX).contains(&text.len()) => Ok(text),
            _ => Err(MessageError::Field { field }),
        };
        let (kind, id) = (take("@type")?.parse()?, take("@id")?);
        let thread = fields.remove("~thread").map(Thread::read).unwrap_or_default();
        Ok(Self { kind, id, thread, fields })
    }

    /// The message as JSON text.
    ///
    /// # Panics
    /// Never: its fields are JSON already.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.to_value()).expect("a JSON value can be written")
    }

    /// The message as a JSON object.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut all = Map::with_capacity(self.fields.len() + 3);
        all.insert("@type".into(), self.kind.to_string().into());
        all.insert("@id".into(), self.id.clone().into());
        if let Some(thread) = self.thread.to_value() {
            all.insert("~thread".into(), thread);
        }
        all.extend(self.fields.iter().map(|(field, value)| (field.clone(), value.clone())));
        Value::Object(all)
    }
}

impl Thread {
    /// Agents leave it out, send it empty, or with nulls in it: all of these mean no thread.
    fn read(value: Value) -> Self {
        let Value::Object(mut fields) = value else { return Self::default() };
        let mut take = |field| match fields.remove(field) {
            Some(Value::String(text)) if (1..=ID_MAX).contains(&text.len()) => Some(text),
            _ => None,
        };
        Self { thid: take("thid"), pthid: take("pthid") }
    }

    fn to_value(&self) -> Option<Value> {
        let both = [("thid", &self.thid), ("pthid", &self.pthid)];
        let fields: Map<_, _> = both
            .into_iter()
            .filter_map(|(field, id)| Some((field.to_owned(), Value::from(id.clone()?))))
            .collect();
        (!fields.is_empty()).then_some(Value::Object(fields))
    }
}
