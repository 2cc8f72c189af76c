//! Attachments (RFC 0017): base64 or JSON, signed or not.

mod error;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

pub use error::AttachmentError;

use super::{
    KeyPair, Verkey, base64 as lenient,
    signature::{SignatureError, jws},
};

/// Longest base64 that is read, in bytes of text.
const BASE64_MAX: usize = 2 << 20;
/// Longest `@id`, `mime-type` or `description` that is read, in bytes.
const TEXT_MAX: usize = 4 << 10;

/// Something that a message carries along.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// `@id`: what the message calls it.
    pub id: Option<String>,
    /// `mime-type`.
    pub mime_type: Option<String>,
    /// `description`: what a person reads.
    pub description: Option<String>,
    /// `data`.
    pub content: Content,
    /// `data.jws`: a signature over the bytes of the content.
    pub jws: Option<Value>,
}

/// What is attached.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Bytes, sent as base64.
    Bytes(Vec<u8>),
    /// JSON, sent as it is.
    Json(Value),
}

impl Attachment {
    /// Attaches bytes.
    #[must_use]
    pub fn new(mime_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self::of(mime_type, Content::Bytes(bytes.into()))
    }

    /// Attaches JSON the way credentials and proofs are sent: as bytes.
    #[must_use]
    pub fn of_json(value: &Value) -> Self {
        Self::new("application/json", value.to_string())
    }

    /// Attaches content of this type.
    #[must_use]
    pub fn of(mime_type: &str, content: Content) -> Self {
        let mime_type = Some(mime_type.to_owned());
        Self { id: None, mime_type, description: None, content, jws: None }
    }

    /// Gives it the name that the message calls it by.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Signs it; JSON becomes bytes by that, because only bytes are signed.
    #[must_use]
    pub fn signed(mut self, key: &KeyPair) -> Self {
        let bytes = self.bytes().into_owned();
        self.jws = Some(jws::sign(key, &bytes));
        self.content = Content::Bytes(bytes);
        self
    }

    /// Who signed it, or `None` if nobody did.
    ///
    /// # Errors
    /// There is a signature and it does not hold.
    pub fn signer(&self) -> Result<Option<Verkey>, SignatureError> {
        self.jws.as_ref().map(|jws| jws::verify(jws, &self.bytes())).transpose()
    }

    /// The content as bytes.
    #[must_use]
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match &self.content {
            Content::Bytes(bytes) => bytes.into(),
            Content::Json(value) => value.to_string().into_bytes().into(),
        }
    }

    /// The content as JSON; a text that holds JSON is taken for what it holds.
    ///
    /// # Errors
    /// It is no JSON.
    pub fn json(&self) -> Result<Cow<'_, Value>, AttachmentError> {
        let text = match &self.content {
            Content::Bytes(bytes) => bytes.as_slice(),
            Content::Json(Value::String(text)) => text.as_bytes(),
            Content::Json(value) => return Ok(Cow::Borrowed(value)),
        };
        serde_json::from_slice(text).map(Cow::Owned).map_err(AttachmentError::NotJson)
    }

    /// Takes an attachment out of a message.
    ///
    /// # Errors
    /// It is none, too long, or has no content: links are not followed.
    pub fn from_value(value: &Value) -> Result<Self, AttachmentError> {
        let fields = value.as_object().ok_or(AttachmentError::NotAnObject)?;
        let data = fields.get("data").and_then(Value::as_object);
        let data = data.ok_or(AttachmentError::NoContent)?;
        Ok(Self {
            id: text(fields, "@id")?,
            mime_type: text(fields, "mime-type")?,
            description: text(fields, "description")?,
            content: content(data)?,
            jws: data.get("jws").filter(|jws| !jws.is_null()).cloned(),
        })
    }

    /// The attachment as a message carries it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let (field, content) = match &self.content {
            Content::Bytes(bytes) => ("base64", STANDARD.encode(bytes).into()),
            Content::Json(value) => ("json", value.clone()),
        };
        let mut data = Map::from_iter([(field.to_owned(), content)]);
        data.extend(self.jws.clone().map(|jws| ("jws".to_owned(), jws)));
        let texts =
            [("@id", &self.id), ("mime-type", &self.mime_type), ("description", &self.description)];
        let texts = texts
            .into_iter()
            .filter_map(|(field, text)| Some((field.to_owned(), text.clone()?.into())));
        texts.chain([("data".to_owned(), data.into())]).collect::<Map<_, _>>().into()
    }
}

fn content(data: &Map<String, Value>) -> Result<Content, AttachmentError> {
    match (data.get("base64"), data.get("json")) {
        (Some(Value::String(text)), _) if text.len() > BASE64_MAX => {
            Err(AttachmentError::TooLong { field: "data/base64", max: BASE64_MAX })
        }
        (Some(Value::String(text)), _) => {
            lenient::decode(text).map(Content::Bytes).ok_or(AttachmentError::NotBase64)
        }
        (None | Some(Value::Null), Some(value)) if !value.is_null() => {
            Ok(Content::Json(value.clone()))
        }
        (None | Some(Value::Null), _) => Err(AttachmentError::NoContent),
        (Some(_), _) => Err(AttachmentError::NotBase64),
    }
}

/// A field that may be left out or be null.
fn text(
    fields: &Map<String, Value>,
    field: &'static str,
) -> Result<Option<String>, AttachmentError> {
    match fields.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= TEXT_MAX => Ok(Some(text.clone())),
        Some(Value::String(_)) => Err(AttachmentError::TooLong { field, max: TEXT_MAX }),
        Some(_) => Err(AttachmentError::NotAText { field }),
    }
}
