//! didexchange 1.0 and 1.1 (RFC 0023): DIDs that say themselves what they stand for, or that come
//! with a signed document.

use serde_json::Value;

use super::{Claim, Party, is_of, requester::Known};
use crate::aries::{
    didcomm::{
        KeyPair, Kind, Message, Verkey,
        attachment::Attachment,
        did::{self, DidDoc},
        unique_id,
    },
    protocol::{
        ProtocolError,
        turn::{quoted, wrong},
    },
};

pub(super) const REQUEST: Kind = kind(0, "request");
pub(super) const RESPONSE: Kind = kind(0, "response");
pub(super) const COMPLETE: Kind = kind(0, "complete");
/// The document of a DID that does not carry it.
const DOCUMENT: &str = "did_doc~attach";
/// The DID that takes the place of the invitation's.
const ROTATION: &str = "did_rotate~attach";

const fn kind(minor: u16, name: &'static str) -> Kind {
    Kind::new("didexchange", 1, minor, name)
}

pub(super) fn request(minor: u16, me: &Party) -> Message {
    let message =
        Message::new(kind(minor, "request")).with("label", me.label).with("did", &*me.did.did);
    match &me.did.document {
        Some(document) => message.with(DOCUMENT, signed_document(document, me.key)),
        None => message,
    }
}

pub(super) fn response(minor: u16, invited: &KeyPair, me: &Party) -> Message {
    let message = Message::new(kind(minor, "response")).with("did", &*me.did.did);
    if let Some(document) = &me.did.document {
        return message.with(DOCUMENT, signed_document(document, invited));
    }
    let rotation = Attachment::new("text/string", me.did.did.as_bytes());
    message.with(ROTATION, signed(rotation, invited))
}

pub(super) fn complete(minor: u16) -> Message {
    Message::new(kind(minor, "complete"))
}

/// Whoever asks signs with a key of the DID that it names.
pub(super) fn read_request(message: &Message) -> Result<Claim, ProtocolError> {
    let did = named_did(message)?;
    let Some((document, signer)) = attached_document(message, &did)? else {
        let doc = carried(message, &did)?;
        return Ok(Claim { did, doc });
    };
    if !document.keys.contains(&signer) {
        return Err(wrong(message, format!("is signed by {signer}, which is no key of `did`")));
    }
    Ok(Claim { did, doc: Some(document) })
}

/// Whoever answers signs with a key of the invitation, or has the DID of the invitation.
pub(super) fn read_response(message: &Message, inviter: &Known) -> Result<Claim, ProtocolError> {
    let did = named_did(message)?;
    let rotation = rotation(message, &did)?;
    let document = attached_document(message, &did)?;
    let signers = [rotation, document.as_ref().map(|(_, signer)| *signer)];
    if let Some(signer) = signers.iter().flatten().find(|it| !inviter.keys.contains(it)) {
        return Err(wrong(message, format!("is signed by {signer}, who did not invite")));
    }
    let same = |known: &String| did::short_form(known) == did::short_form(&did);
    if signers == [None, None] && !inviter.did.as_ref().is_some_and(same) {
        return Err(wrong(message, "has another DID than the inviter's, and no signature for it"));
    }
    let doc = match document {
        Some((document, _)) => Some(document),
        None => carried(message, &did)?,
    };
    Ok(Claim { did, doc })
}

fn named_did(message: &Message) -> Result<String, ProtocolError> {
    let did = message.text("did").filter(|did| !did.is_empty());
    did.map(str::to_owned).ok_or_else(|| wrong(message, "has no `did`"))
}

/// The document that a DID carries itself.
fn carried(message: &Message, did: &str) -> Result<Option<DidDoc>, ProtocolError> {
    did::read(did).map_err(|error| wrong(message, format!("has no readable `did`: {error}")))
}

/// The document that is attached, and who signed it.
fn attached_document(
    message: &Message,
    did: &str,
) -> Result<Option<(DidDoc, Verkey)>, ProtocolError> {
    let Some((bytes, signer)) = verified(message, DOCUMENT)? else { return Ok(None) };
    let unreadable = |error: String| {
        wrong(message, format!("has no readable document in `{DOCUMENT}`: {error}"))
    };
    let document: Value =
        serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
    let document = DidDoc::from_value(&document).map_err(|error| unreadable(error.to_string()))?;
    if !is_of(&document, did) {
        return Err(wrong(message, "has the document of another DID"));
    }
    Ok(Some((document, signer)))
}

/// Who signed the DID that takes the place of the invitation's.
fn rotation(message: &Message, did: &str) -> Result<Option<Verkey>, ProtocolError> {
    match verified(message, ROTATION)? {
        Some((bytes, signer)) if bytes == did.as_bytes() => Ok(Some(signer)),
        Some((bytes, _)) => {
            let other = quoted(&String::from_utf8_lossy(&bytes));
            Err(wrong(message, format!("has another DID signed than its own: `{other}`")))
        }
        None => Ok(None),
    }
}

/// The bytes of an attachment, and who signed them.
fn verified(message: &Message, field: &str) -> Result<Option<(Vec<u8>, Verkey)>, ProtocolError> {
    let Some(value) = message.fields.get(field).filter(|it| !it.is_null()) else {
        return Ok(None);
    };
    let attachment = Attachment::from_value(value)
        .map_err(|error| wrong(message, format!("has nothing readable in `{field}`: {error}")))?;
    let signer = attachment
        .signer()
        .map_err(|error| wrong(message, format!("has no signature in `{field}`: {error}")))?;
    let signer = signer.ok_or_else(|| wrong(message, format!("has no `jws` in `{field}`")))?;
    Ok(Some((attachment.bytes().into_owned(), signer)))
}

fn signed_document(document: &Value, key: &KeyPair) -> Value {
    signed(Attachment::of_json(document), key)
}

fn signed(attachment: Attachment, key: &KeyPair) -> Value {
    attachment.with_id(unique_id()).signed(key).to_value()
}
