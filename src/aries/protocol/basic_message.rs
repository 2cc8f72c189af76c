//! Basic messages (RFC 0095): text for a person.

use serde::Deserialize;

use super::{ProtocolError, turn::due};
use crate::aries::didcomm::{Kind, Message};

/// A text.
pub const MESSAGE: Kind = Kind::new("basicmessage", 1, 0, "message");

/// A text that was written at `sent_time`, such as `2026-11-21T00:51:22Z`.
#[must_use]
pub fn message(content: &str, sent_time: &str) -> Message {
    Message::new(MESSAGE).with("content", content).with("sent_time", sent_time)
}

/// The text of a basic message.
///
/// # Errors
/// It is another message, or one without a text.
pub fn content(message: &Message) -> Result<String, ProtocolError> {
    #[derive(Deserialize)]
    struct Fields {
        content: String,
    }

    due(message, &MESSAGE, "basic message")?;
    Ok(message.read::<Fields>()?.content)
}
