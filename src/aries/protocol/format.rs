//! Formats: what credentials, proofs and all that leads to them are called when they are attached.

use serde_json::{Value, json};

use super::{
    ProtocolError,
    turn::{quoted, wrong},
};
use crate::aries::didcomm::{Message, attachment::Attachment};

/// Most formats or attachments of one message that are looked at.
const ENTRIES_MAX: usize = 100;
/// Most formats that an error names.
const NAMED_MAX: usize = 5;

/// How what is attached is labelled; what it holds is the same JSON in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// As version 1 of the protocols does (RFC 0036, 0037): by attachment ids such as
    /// `libindy-cred-offer-0`.
    LibIndy,
    /// `hlindy/…` in version 2 (RFC 0592).
    Indy,
    /// `anoncreds/…` in version 2 (RFC 0771).
    AnonCreds,
}

/// What is attached to which message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Filter,
    Offer,
    Request,
    Credential,
    ProofProposal,
    ProofRequest,
    Proof,
}

/// What somebody attached.
pub(super) struct Attached {
    pub(super) format: Format,
    pub(super) attachment: Attachment,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::LibIndy, Self::Indy, Self::AnonCreds];

    /// The major version of the protocols that it belongs to.
    #[must_use]
    pub const fn major(self) -> u16 {
        match self {
            Self::LibIndy => 1,
            Self::Indy | Self::AnonCreds => 2,
        }
    }

    /// Attaches bytes, which are JSON.
    pub(super) fn attach(self, part: Part, message: Message, payload: &[u8]) -> Message {
        let id = self.attach_id(part);
        let attachment = Attachment::new("application/json", payload).with_id(id).to_value();
        let message = message.with(part.field(), vec![attachment]);
        match self.names(part).first() {
            Some(name) => message.with("formats", json!([{ "attach_id": id, "format": name }])),
            None => message,
        }
    }

    fn attach_id(self, part: Part) -> &'static str {
        match (self, part) {
            (Self::Indy, _) => "indy",
            (Self::AnonCreds, _) => "anoncreds",
            (Self::LibIndy, Part::Offer) => "libindy-cred-offer-0",
            (Self::LibIndy, Part::Request) => "libindy-cred-request-0",
            (Self::LibIndy, Part::Credential) => "libindy-cred-0",
            (Self::LibIndy, Part::ProofRequest) => "libindy-request-presentation-0",
            (Self::LibIndy, Part::Proof) => "libindy-presentation-0",
            // Proposals of version 1 attach nothing.
            (Self::LibIndy, Part::Filter | Part::ProofProposal) => "",
        }
    }

    /// What stands in `formats`: the first is written, all are read.
    const fn names(self, part: Part) -> &'static [&'static str] {
        match (self, part) {
            (Self::LibIndy, _) => &[],
            (Self::Indy, Part::Filter) => &["hlindy/cred-filter@v2.0"],
            (Self::Indy, Part::Offer) => &["hlindy/cred-abstract@v2.0"],
            (Self::Indy, Part::Request) => &["hlindy/cred-req@v2.0"],
            (Self::Indy, Part::Credential) => &["hlindy/cred@v2.0"],
            (Self::Indy, Part::ProofProposal | Part::ProofRequest) => &["hlindy/proof-req@v2.0"],
            (Self::Indy, Part::Proof) => &["hlindy/proof@v2.0"],
            (Self::AnonCreds, Part::Filter) => &["anoncreds/credential-filter@v1.0"],
            (Self::AnonCreds, Part::Offer) => &["anoncreds/credential-offer@v1.0"],
            (Self::AnonCreds, Part::Request) => &["anoncreds/credential-request@v1.0"],
            (Self::AnonCreds, Part::Credential) => &["anoncreds/credential@v1.0"],
            // ACA-Py writes the first, the RFC the second.
            (Self::AnonCreds, Part::ProofProposal) => {
                &["anoncreds/proof-proposal@v1.0", "anoncreds/proof-request@v1.0"]
            }
            (Self::AnonCreds, Part::ProofRequest) => &["anoncreds/proof-request@v1.0"],
            (Self::AnonCreds, Part::Proof) => &["anoncreds/proof@v1.0"],
        }
    }
}

impl Part {
    const fn field(self) -> &'static str {
        match self {
            Self::Filter => "filters~attach",
            Self::Offer => "offers~attach",
            Self::Request => "requests~attach",
            Self::Credential => "credentials~attach",
            Self::ProofProposal => "proposals~attach",
            Self::ProofRequest => "request_presentations~attach",
            Self::Proof => "presentations~attach",
        }
    }

    /// Reads what is attached in the first format that is one of `known`.
    pub(super) fn read(
        self,
        message: &Message,
        known: &[Format],
    ) -> Result<Attached, ProtocolError> {
        let (format, value) = if message.kind.major == Format::LibIndy.major() {
            (Format::LibIndy, self.in_first_version(message)?)
        } else {
            self.in_second_version(message, known)?
        };
        let attachment = Attachment::from_value(value).map_err(|error| {
            wrong(message, format!("has nothing readable in `{}`: {error}", self.field()))
        })?;
        Ok(Attached { format, attachment })
    }

    /// Reads the bytes of what is attached in one format.
    pub(super) fn payload(
        self,
        message: &Message,
        format: Format,
    ) -> Result<Vec<u8>, ProtocolError> {
        Ok(self.read(message, &[format])?.attachment.bytes().into_owned())
    }

    /// Whoever calls it otherwise than the RFC attaches it alone.
    fn in_first_version(self, message: &Message) -> Result<&Value, ProtocolError> {
        let attached = list(message, self.field())?;
        let named = with_id(attached, Format::LibIndy.attach_id(self)).or_else(|| attached.first());
        named.ok_or_else(|| wrong(message, format!("has nothing in `{}`", self.field())))
    }

    fn in_second_version<'a>(
        self,
        message: &'a Message,
        known: &[Format],
    ) -> Result<(Format, &'a Value), ProtocolError> {
        let formats = list(message, "formats")?;
        let text = |entry: &'a Value, field| entry.get(field).and_then(Value::as_str);
        let found = formats.iter().find_map(|entry| {
            let name = text(entry, "format")?;
            let format = known.iter().find(|it| it.names(self).contains(&name))?;
            Some((*format, text(entry, "attach_id").unwrap_or_default()))
        });
        let Some((format, id)) = found else {
            let theirs = formats.iter().filter_map(|entry| text(entry, "format"));
            let theirs: Vec<_> =
                theirs.take(NAMED_MAX).map(|it| format!("`{}`", quoted(it))).collect();
            let ours = known.iter().filter_map(|it| it.names(self).first());
            let ours: Vec<_> = ours.map(|it| format!("`{it}`")).collect();
            let (theirs, ours) = (theirs.join(", "), ours.join(" or "));
            let why = format!("is in none of the formats {ours}, only in [{theirs}]");
            return Err(wrong(message, why));
        };
        let attached = with_id(list(message, self.field())?, id);
        let missing = || {
            let why = format!("has no attachment `{}` in `{}`", quoted(id), self.field());
            wrong(message, why)
        };
        Ok((format, attached.ok_or_else(missing)?))
    }
}

fn with_id<'a>(attached: &'a [Value], id: &str) -> Option<&'a Value> {
    attached.iter().find(|it| it.get("@id").and_then(Value::as_str) == Some(id))
}

fn list<'a>(message: &'a Message, field: &str) -> Result<&'a [Value], ProtocolError> {
    match message.fields.get(field) {
        Some(Value::Array(entries)) if entries.len() <= ENTRIES_MAX => Ok(entries),
        Some(Value::Array(_)) => {
            Err(wrong(message, format!("has more than {ENTRIES_MAX} entries in `{field}`")))
        }
        None | Some(Value::Null) => Ok(&[]),
        Some(_) => Err(wrong(message, format!("has a `{field}` that is no list"))),
    }
}
