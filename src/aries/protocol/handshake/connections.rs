//! connections 1.0 (RFC 0160): DIDs of Indy's days, and a signed field.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Claim, Party, is_of};
use crate::aries::{
    didcomm::{KeyPair, Kind, Message, Verkey, did::DidDoc, signature},
    protocol::{ProtocolError, trust_ping, turn::wrong},
};

pub(super) const REQUEST: Kind = Kind::new("connections", 1, 0, "request");
pub(super) const RESPONSE: Kind = Kind::new("connections", 1, 0, "response");
/// Where the response has what the request has in `connection`.
const SIGNED: &str = "connection~sig";

pub(super) fn request(me: &Party) -> Message {
    Message::new(REQUEST).with("label", me.label).with("connection", connection(me))
}

pub(super) fn response(invited: &KeyPair, me: &Party, epoch_seconds: u64) -> Message {
    Message::new(RESPONSE)
        .with(SIGNED, signature::field::sign(invited, &connection(me), epoch_seconds))
}

/// What tells the inviter that its response has arrived.
pub(super) fn arrived() -> Message {
    trust_ping::ping(false)
}

pub(super) fn read_request(message: &Message) -> Result<Claim, ProtocolError> {
    let connection = message.fields.get("connection");
    claim(message, connection.ok_or_else(|| wrong(message, "has no `connection`"))?)
}

pub(super) fn read_response(message: &Message, signers: &[Verkey]) -> Result<Claim, ProtocolError> {
    let field = message.fields.get(SIGNED);
    let field = field.ok_or_else(|| wrong(message, format!("has no `{SIGNED}`")))?;
    let (connection, signer) = signature::field::verify(field)
        .map_err(|error| wrong(message, format!("is not signed: {error}")))?;
    if !signers.contains(&signer) {
        return Err(wrong(message, format!("is signed by {signer}, who did not invite")));
    }
    claim(message, &connection)
}

fn connection(me: &Party) -> Value {
    let mut fields = Map::new();
    fields.insert("DID".to_owned(), me.did.did.clone().into());
    if let Some(document) = &me.did.document {
        fields.insert("DIDDoc".to_owned(), document.clone());
    }
    Value::Object(fields)
}

fn claim(message: &Message, connection: &Value) -> Result<Claim, ProtocolError> {
    #[derive(Deserialize)]
    struct Connection {
        #[serde(rename = "DID")]
        did: String,
        #[serde(rename = "DIDDoc")]
        document: Value,
    }

    let Connection { did, document } = Connection::deserialize(connection)
        .map_err(|error| wrong(message, format!("has no readable `connection`: {error}")))?;
    let doc = DidDoc::from_value(&document)
        .map_err(|error| wrong(message, format!("has no readable `DIDDoc`: {error}")))?;
    if did.is_empty() || !is_of(&doc, &did) {
        return Err(wrong(message, "has the document of another DID"));
    }
    Ok(Claim { did, doc: Some(doc) })
}
