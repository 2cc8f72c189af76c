//! Revocation notification (RFC 0183, 0721): which credential is no longer good.

use super::{
    ProtocolError,
    turn::{due, quoted, sentence, wrong},
};
use crate::aries::didcomm::{Kind, Message};

/// Names the credential by a thread (1.0).
pub const REVOKE_1: Kind = Kind::new("revocation_notification", 1, 0, "revoke");
/// Names it by its place in a registry (2.0).
pub const REVOKE_2: Kind = Kind::new("revocation_notification", 2, 0, "revoke");

/// The notifications of all versions: what a holder must expect at any time.
pub const REVOKES: &[Kind] = &[REVOKE_1, REVOKE_2];

/// Longest name of a credential that is read, in bytes.
const NAME_MAX: usize = 1024;
/// What a thread of version 1.0 begins with if it names a place in a registry.
const INDY: &str = "indy::";
/// The formats of 2.0 in which a name is `<registry>::<index>`; the first is written.
const FORMATS: [&str; 2] = ["indy-anoncreds", "anoncreds"];

/// A credential is revoked.
///
/// The ack that a notification may ask for is that of
/// [`notification::ack_asked_for`](super::notification::ack_asked_for).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Which.
    pub by: Revocable,
    /// Why, for a person; may be empty.
    pub comment: String,
}

/// What a credential that is revoked is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Revocable {
    /// The thread that the issuer says, as a rule the one on which it issued it.
    Thread(String),
    /// Its place in a revocation registry.
    Credential {
        /// The registry's id.
        registry: String,
        /// Its index there.
        index: u32,
    },
}

impl Revoked {
    /// Reads a notification of either version.
    ///
    /// # Errors
    /// It is another message, or names no credential.
    pub fn read(message: &Message) -> Result<Self, ProtocolError> {
        let by = if message.kind.is(&REVOKE_1) {
            let thread = name(message, "thread_id")?;
            let place = thread.strip_prefix(INDY).and_then(place);
            place.unwrap_or_else(|| Revocable::Thread(thread.to_owned()))
        } else {
            due(message, &REVOKE_2, "revoke")?;
            let format = name(message, "revocation_format")?;
            if !FORMATS.contains(&format) {
                let format = quoted(format);
                let why = format!("is of the format `{format}`, not `{}`", FORMATS.join("` or `"));
                return Err(wrong(message, why));
            }
            let id = name(message, "credential_id")?;
            let why =
                || format!("has no `<registry>::<index>` as `credential_id`: `{}`", quoted(id));
            place(id).ok_or_else(|| wrong(message, why()))?
        };
        let comment = message.text("comment").map(sentence).unwrap_or_default();
        Ok(Self { by, comment })
    }

    /// The notification of version 1.0, which can name any credential.
    #[must_use]
    pub fn message_1(&self) -> Message {
        let thread = match &self.by {
            Revocable::Thread(thread) => thread.clone(),
            Revocable::Credential { registry, index } => format!("{INDY}{registry}::{index}"),
        };
        self.commented(Message::new(REVOKE_1).with("thread_id", thread))
    }

    /// The notification of version 2.0, or `None` if the credential is known by a thread only.
    #[must_use]
    pub fn message_2(&self) -> Option<Message> {
        let Revocable::Credential { registry, index } = &self.by else { return None };
        let message = Message::new(REVOKE_2)
            .with("revocation_format", FORMATS[0])
            .with("credential_id", format!("{registry}::{index}"));
        Some(self.commented(message))
    }

    fn commented(&self, message: Message) -> Message {
        if self.comment.is_empty() { message } else { message.with("comment", &*self.comment) }
    }
}

fn name<'a>(message: &'a Message, field: &str) -> Result<&'a str, ProtocolError> {
    let text = message.text(field).filter(|text| (1..=NAME_MAX).contains(&text.len()));
    text.ok_or_else(|| wrong(message, format!("has no text of 1 to {NAME_MAX} bytes as `{field}`")))
}

fn place(text: &str) -> Option<Revocable> {
    let (registry, index) = text.rsplit_once("::")?;
    // A sign would be read as well, and the same credential have two names.
    let index = index.bytes().all(|it| it.is_ascii_digit()).then(|| index.parse().ok())??;
    (!registry.is_empty()).then(|| Revocable::Credential { registry: registry.to_owned(), index })
}
