//! What is proposed, asked for and found.

use serde_json::Value;

use crate::aries::{
    didcomm::Message,
    protocol::{
        Format, ProtocolError,
        format::{Attached, Part},
        turn::wrong,
    },
};

/// Where version 1 has what a prover proposes.
const PROPOSAL: &str = "presentation_proposal";
/// Where an ack has the verdict.
const RESULT: &str = "verification_result";

/// What a verifier asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Of the formats that it asks in, the first that is known.
    pub format: Format,
    /// The proof request in that format: JSON.
    pub payload: Vec<u8>,
    /// Whether it promises an ack; in version 1, where an ack always follows, if it does not say no.
    pub will_confirm: bool,
}

/// What a prover would like to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// In which format.
    pub format: Format,
    /// A proof request without a nonce, or in version 1 the attributes and predicates of a
    /// `presentation-preview`.
    pub payload: Value,
}

/// What a verifier found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The proof holds: `verification_result` is `"true"`.
    Verified,
    /// It does not, as with a credential that is revoked: `"false"`.
    NotVerified,
}

impl Request {
    pub(super) fn write(&self, message: Message) -> Message {
        let message = message.with("will_confirm", self.will_confirm);
        self.format.attach(Part::ProofRequest, message, &self.payload)
    }

    pub(super) fn read(message: &Message, known: &[Format]) -> Result<Self, ProtocolError> {
        let Attached { format, attachment } = Part::ProofRequest.read(message, known)?;
        let will_confirm = message.fields.get("will_confirm").and_then(Value::as_bool);
        Ok(Self {
            format,
            payload: attachment.bytes().into_owned(),
            will_confirm: will_confirm.unwrap_or(format == Format::LibIndy),
        })
    }
}

impl Proposal {
    pub(super) fn write(&self, message: Message) -> Message {
        match self.format {
            Format::LibIndy => message.with(PROPOSAL, self.payload.clone()),
            Format::Indy | Format::AnonCreds => {
                let payload = self.payload.to_string();
                self.format.attach(Part::ProofProposal, message, payload.as_bytes())
            }
        }
    }

    pub(super) fn read(message: &Message) -> Result<Self, ProtocolError> {
        if message.kind.major == Format::LibIndy.major() {
            let payload = message.fields.get(PROPOSAL).filter(|it| it.is_object());
            let payload = payload.ok_or_else(|| wrong(message, format!("has no `{PROPOSAL}`")))?;
            return Ok(Self { format: Format::LibIndy, payload: payload.clone() });
        }
        let Attached { format, attachment } = Part::ProofProposal.read(message, &Format::ALL)?;
        let payload = attachment.json().map_err(|error| wrong(message, error.to_string()))?;
        Ok(Self { format, payload: payload.into_owned() })
    }
}

impl Verdict {
    pub(super) fn write(verdict: Option<Self>, ack: Message) -> Message {
        let ack = ack.with("status", "OK");
        match verdict {
            Some(Self::Verified) => ack.with(RESULT, "true"),
            Some(Self::NotVerified) => ack.with(RESULT, "false"),
            None => ack,
        }
    }

    pub(super) fn read(ack: &Message) -> Result<Option<Self>, ProtocolError> {
        match ack.fields.get(RESULT) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(true)) => Ok(Some(Self::Verified)),
            Some(Value::Bool(false)) => Ok(Some(Self::NotVerified)),
            Some(Value::String(text)) if text == "true" => Ok(Some(Self::Verified)),
            Some(Value::String(text)) if text == "false" => Ok(Some(Self::NotVerified)),
            Some(_) => Err(wrong(ack, format!("has neither \"true\" nor \"false\" as `{RESULT}`"))),
        }
    }
}
