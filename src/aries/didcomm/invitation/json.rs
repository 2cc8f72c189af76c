//! Invitations as JSON: out-of-band 1.x, connections 1.0, and any message with a `~service`.

use serde_json::{Map, Value};

use super::{Handshake, Invitation, InvitationError, Reach};
use crate::{
    aries::didcomm::{
        Kind, Message, MessageError, base64,
        did::{Reader, is_did},
    },
    quantity::shortened,
};

pub(super) const OUT_OF_BAND: Kind = Kind::new("out-of-band", 1, 1, "invitation");
pub(super) const CONNECTIONS: Kind = Kind::new("connections", 1, 0, "invitation");
/// Most handshakes, services or attachments.
const ENTRIES_MAX: usize = 16;

impl Invitation {
    /// Takes an invitation from JSON.
    ///
    /// # Errors
    /// It is none.
    pub fn from_value(value: Value) -> Result<Self, InvitationError> {
        let Value::Object(fields) = value else {
            return Err(InvitationError::NotJson { source: None });
        };
        let message = Message::from_fields(fields)?;
        if message.kind.is(&OUT_OF_BAND) {
            out_of_band(message)
        } else if message.kind.is(&CONNECTIONS) {
            connections(message)
        } else {
            connectionless(message)
        }
    }
}

fn out_of_band(message: Message) -> Result<Invitation, InvitationError> {
    let example = "[\"https://didcomm.org/didexchange/1.1\"]";
    let mut handshakes = Vec::new();
    for named in list(&message, "handshake_protocols", example)? {
        let handshake = named.as_str().and_then(Handshake::named);
        handshakes.extend(handshake.filter(|it| !handshakes.contains(it)));
    }
    let example = "[{\"@id\": \"request-0\", \"data\": {\"json\": {…}}}]";
    let attached = list(&message, "requests~attach", example)?.iter().zip(1..);
    let attached = attached.map(|(it, number)| unwrapped(it, number));
    let attached = attached.collect::<Result<Vec<_>, _>>()?;
    if handshakes.is_empty() && attached.is_empty() {
        return Err(InvitationError::NothingToDo);
    }
    let example = "[\"did:sov:WgWxqztrNooG92RXvxSTWv\"]";
    let services = reaches(list(&message, "services", example)?)?;
    let label = message.text("label").map(str::to_owned);
    Ok(Invitation { id: message.id, label, handshakes, services, attached, out_of_band: true })
}

fn connections(message: Message) -> Result<Invitation, InvitationError> {
    let services = match message.fields.get("did") {
        None | Some(Value::Null) => reaches(&[Value::Object(inline(&message.fields))])?,
        Some(did) => reaches(std::slice::from_ref(did))?,
    };
    Ok(Invitation {
        label: message.text("label").map(str::to_owned),
        id: message.id,
        handshakes: vec![Handshake::Connections1_0],
        services,
        attached: Vec::new(),
        out_of_band: false,
    })
}

/// A message that says with `~service` (RFC 0056) where the answer goes.
fn connectionless(message: Message) -> Result<Invitation, InvitationError> {
    let service = message.fields.get("~service").and_then(Value::as_object);
    let Some(service) = service else {
        return Err(InvitationError::Kind { kind: message.kind });
    };
    Ok(Invitation {
        services: reaches(&[Value::Object(inline(service))])?,
        id: message.id.clone(),
        label: None,
        handshakes: Vec::new(),
        attached: vec![message],
        out_of_band: false,
    })
}

/// The fields that make a service, without those of what they stand in.
fn inline(fields: &Map<String, Value>) -> Map<String, Value> {
    let names = ["recipientKeys", "routingKeys", "serviceEndpoint"];
    let found = names.into_iter().filter_map(|it| Some((it.to_owned(), fields.get(it)?.clone())));
    found.collect()
}

/// Broken services are passed over while there is one that is not.
fn reaches(services: &[Value]) -> Result<Vec<Reach>, InvitationError> {
    let (mut reaches, mut broken) = (Vec::new(), None);
    for service in services {
        match reach(service) {
            Ok(found) => reaches.extend(found),
            Err(error) => broken = broken.or(Some(error)),
        }
    }
    if reaches.is_empty() {
        return Err(broken.unwrap_or(InvitationError::NoService));
    }
    Ok(reaches)
}

fn reach(service: &Value) -> Result<Vec<Reach>, InvitationError> {
    match service {
        Value::Object(fields) => {
            let found = Reader::default().read(fields).map_err(InvitationError::Service)?;
            Ok(found.into_iter().map(Reach::Service).collect())
        }
        Value::String(did) if is_did(did) => Ok(vec![Reach::Did(did.clone())]),
        Value::String(text) if matches!(bs58::decode(text).onto([0; 16]), Ok(16)) => {
            Ok(vec![Reach::Did(format!("did:sov:{text}"))])
        }
        other => Err(InvitationError::NotAService { text: shortened(&other.to_string()) }),
    }
}

/// The message in an attachment (RFC 0017): JSON, or base64 of it.
fn unwrapped(attachment: &Value, number: usize) -> Result<Message, InvitationError> {
    let empty = || InvitationError::Attachment { number, source: None };
    let broken =
        |source: MessageError| InvitationError::Attachment { number, source: Some(source) };
    let data = attachment.get("data").ok_or_else(empty)?;
    match (data.get("json"), data.get("base64")) {
        (Some(Value::Object(fields)), _) => Message::from_fields(fields.clone()).map_err(broken),
        (_, Some(Value::String(text))) => {
            Message::parse(&base64::decode(text).ok_or_else(empty)?).map_err(broken)
        }
        _ => Err(empty()),
    }
}

/// A field that is a list; what is missing is an empty one.
fn list<'a>(
    message: &'a Message,
    field: &'static str,
    example: &'static str,
) -> Result<&'a [Value], InvitationError> {
    match message.fields.get(field) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(entries)) if entries.len() > ENTRIES_MAX => {
            Err(InvitationError::TooMany { field, max: ENTRIES_MAX })
        }
        Some(Value::Array(entries)) => Ok(entries),
        Some(_) => Err(InvitationError::NotAList { field, example }),
    }
}
