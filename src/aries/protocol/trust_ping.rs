//! Trust ping (RFC 0048): whether the other side is there.

use serde_json::json;

use crate::aries::didcomm::{Kind, Message};

/// Asks whether somebody is there.
pub const PING: Kind = Kind::new("trust_ping", 1, 0, "ping");
/// Says so.
pub const PING_RESPONSE: Kind = Kind::new("trust_ping", 1, 0, "ping_response");

/// A ping; one without an answer only shows that we are here.
#[must_use]
pub fn ping(response_requested: bool) -> Message {
    Message::new(PING).with("response_requested", response_requested)
}

/// The answer to a ping, or `None` if it wants none or is no ping.
#[must_use]
pub fn answer(ping: &Message) -> Option<Message> {
    let wanted = ping.fields.get("response_requested") != Some(&json!(false));
    (ping.kind.is(&PING) && wanted).then(|| Message::answer(PING_RESPONSE, ping))
}
