//! What is proposed and offered.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::aries::{
    didcomm::{Kind, Message},
    protocol::{
        Format, ProtocolError,
        format::{Attached, Part},
        turn::wrong,
    },
};

/// Most attributes of a preview.
const ATTRIBUTES_MAX: usize = 1_000;
/// What a proposal of version 1 names itself, as a filter of version 2 does.
const FILTERS: [&str; 6] = [
    "schema_issuer_did",
    "schema_name",
    "schema_version",
    "schema_id",
    "issuer_did",
    "cred_def_id",
];

/// What a credential would say of its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// What it is called.
    pub name: String,
    /// Of what type the value is, which is base64 then; plain text if it does not say.
    #[serde(rename = "mime-type", default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Its value.
    pub value: String,
}

/// What an issuer offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Of the formats that it is offered in, the first that is known.
    pub format: Format,
    /// The offer in that format: JSON.
    pub payload: Vec<u8>,
    /// What the credential would say.
    pub preview: Vec<Attribute>,
}

/// What a holder would like to be offered.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// In which format.
    pub format: Format,
    /// Of which schema or credential definition, such as `{"cred_def_id": "…"}`.
    pub filter: Map<String, Value>,
    /// What the credential is to say; empty if the issuer knows.
    pub preview: Vec<Attribute>,
}

impl Attribute {
    /// An attribute that is plain text.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), mime_type: None, value: value.into() }
    }
}

impl Offer {
    pub(super) fn write(&self, message: Message) -> Message {
        let preview = preview(&message.kind, &self.preview);
        let message = message.with("credential_preview", preview);
        self.format.attach(Part::Offer, message, &self.payload)
    }

    pub(super) fn read(message: &Message, known: &[Format]) -> Result<Self, ProtocolError> {
        let Attached { format, attachment } = Part::Offer.read(message, known)?;
        let preview = read_preview(message, "credential_preview")?;
        Ok(Self { format, payload: attachment.bytes().into_owned(), preview })
    }
}

impl Proposal {
    pub(super) fn write(&self, message: Message) -> Message {
        let preview = (!self.preview.is_empty()).then(|| preview(&message.kind, &self.preview));
        let field = preview_field(&message.kind);
        let message = match preview {
            Some(preview) => message.with(field, preview),
            None => message,
        };
        match self.format {
            Format::LibIndy => self
                .filter
                .iter()
                .fold(message, |message, (name, it)| message.with(name, it.clone())),
            Format::Indy | Format::AnonCreds => {
                let filter = Value::from(self.filter.clone()).to_string();
                self.format.attach(Part::Filter, message, filter.as_bytes())
            }
        }
    }

    pub(super) fn read(message: &Message) -> Result<Self, ProtocolError> {
        let preview = read_preview(message, preview_field(&message.kind))?;
        if message.kind.major == Format::LibIndy.major() {
            let named = FILTERS.iter().filter_map(|name| message.fields.get_key_value(*name));
            let filter = named.map(|(name, it)| (name.clone(), it.clone())).collect();
            return Ok(Self { format: Format::LibIndy, filter, preview });
        }
        let Attached { format, attachment } = Part::Filter.read(message, &Format::ALL)?;
        let filter = attachment.json().ok().and_then(|it| it.as_object().cloned());
        let filter = filter.ok_or_else(|| wrong(message, "has a filter that is no JSON object"))?;
        Ok(Self { format, filter, preview })
    }
}

/// Where a proposal has its preview.
fn preview_field(kind: &Kind) -> &'static str {
    if kind.major == Format::LibIndy.major() { "credential_proposal" } else { "credential_preview" }
}

fn preview(kind: &Kind, attributes: &[Attribute]) -> Value {
    let kind = Kind { name: "credential-preview".into(), ..kind.clone() };
    json!({ "@type": kind.to_string(), "attributes": attributes })
}

fn read_preview(message: &Message, field: &str) -> Result<Vec<Attribute>, ProtocolError> {
    let Some(preview) = message.fields.get(field).filter(|it| !it.is_null()) else {
        return Ok(Vec::new());
    };
    let attributes = preview.get("attributes").and_then(Value::as_array);
    let attributes =
        attributes.ok_or_else(|| wrong(message, format!("has no `attributes` in `{field}`")))?;
    if attributes.len() > ATTRIBUTES_MAX {
        return Err(wrong(message, format!("has more than {ATTRIBUTES_MAX} attributes")));
    }
    let read = attributes.iter().map(Attribute::deserialize).collect::<Result<_, _>>();
    read.map_err(|error| wrong(message, format!("has no readable `{field}`: {error}")))
}
