//! Pickup 2.0 (RFC 0685): messages are asked for, and kept until they are acknowledged.

use serde::Deserialize;
use serde_json::Value;

use super::{DELIVERED_MAX, Delivered, read_attached};
use crate::aries::{
    didcomm::{Kind, Message, Verkey, attachment::Attachment},
    protocol::{
        ProtocolError,
        turn::{due, key, wrong},
    },
};

/// Asks how many messages there are.
pub const STATUS_REQUEST: Kind = kind("status-request");
/// Says how many.
pub const STATUS: Kind = kind("status");
/// Asks for messages.
pub const DELIVERY_REQUEST: Kind = kind("delivery-request");
/// Hands them over.
pub const DELIVERY: Kind = kind("delivery");
/// Says which have arrived: they can be forgotten.
pub const MESSAGES_RECEIVED: Kind = kind("messages-received");
/// Asks that messages come by themselves, or no longer.
pub const LIVE_DELIVERY_CHANGE: Kind = kind("live-delivery-change");

const fn kind(name: &'static str) -> Kind {
    Kind::new("messagepickup", 2, 0, name)
}

/// Asks how many messages there are, for all keys or for one.
#[must_use]
pub fn status_request(recipient: Option<&Verkey>) -> Message {
    for_recipient(Message::new(STATUS_REQUEST), recipient)
}

/// What a mediator keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// How many messages.
    pub message_count: u64,
    /// Whether messages come by themselves.
    pub live_delivery: bool,
    /// For which key; for all of them if it says none.
    pub recipient: Option<Verkey>,
}

impl Status {
    /// Says what is kept.
    #[must_use]
    pub fn message(&self, asked: &Message) -> Message {
        let message = Message::answer(STATUS, asked)
            .with("message_count", self.message_count)
            .with("live_delivery", self.live_delivery);
        for_recipient(message, self.recipient.as_ref())
    }

    /// Reads what is kept.
    ///
    /// # Errors
    /// A problem report, another message, or one without a number.
    pub fn read(message: &Message) -> Result<Self, ProtocolError> {
        #[derive(Deserialize)]
        struct Fields {
            message_count: u64,
            live_delivery: Option<bool>,
        }

        due(message, &STATUS, "status")?;
        let Fields { message_count, live_delivery } = message.read()?;
        let recipient = recipient(message)?;
        Ok(Self { message_count, live_delivery: live_delivery.unwrap_or_default(), recipient })
    }
}

/// Reads for which key a status is asked for; `None` means for all.
///
/// # Errors
/// It is another message, or names what is no key.
pub fn read_status_request(message: &Message) -> Result<Option<Verkey>, ProtocolError> {
    due(message, &STATUS_REQUEST, "status-request")?;
    recipient(message)
}

/// Asks for up to `limit` messages.
#[must_use]
pub fn delivery_request(limit: u16) -> Message {
    Message::new(DELIVERY_REQUEST).with("limit", limit)
}

/// Which messages are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryRequest {
    /// How many, [`DELIVERED_MAX`] at most.
    pub limit: usize,
    /// For which key; for all if it says none.
    pub recipient: Option<Verkey>,
}

/// Reads which messages are asked for.
///
/// # Errors
/// It is another message, has no limit, or names what is no key.
pub fn read_delivery_request(message: &Message) -> Result<DeliveryRequest, ProtocolError> {
    due(message, &DELIVERY_REQUEST, "delivery-request")?;
    let limit = message.fields.get("limit").and_then(Value::as_u64);
    let limit = limit.ok_or_else(|| wrong(message, "has no number as `limit`"))?;
    let limit = usize::try_from(limit).unwrap_or(DELIVERED_MAX).min(DELIVERED_MAX);
    Ok(DeliveryRequest { limit, recipient: recipient(message)? })
}

/// Hands messages over: those that were asked for, or live ones that nobody asked for.
#[must_use]
pub fn delivery(asked: Option<&Message>, items: &[Delivered]) -> Message {
    let attach = |it: &Delivered| {
        Attachment::new("application/json", &*it.packed).with_id(&*it.id).to_value()
    };
    let message = match asked {
        Some(asked) => Message::answer(DELIVERY, asked),
        None => Message::new(DELIVERY),
    };
    message.with("~attach", items.iter().map(attach).collect::<Vec<_>>())
}

/// Takes messages over.
///
/// # Errors
/// A problem report, another message, or one with attachments that cannot be read or that are more
/// than [`DELIVERED_MAX`].
pub fn read_delivery(message: &Message) -> Result<Vec<Delivered>, ProtocolError> {
    due(message, &DELIVERY, "delivery")?;
    read_attached(message, "~attach")
}

/// Says which messages have arrived.
#[must_use]
pub fn messages_received<'a>(ids: impl IntoIterator<Item = &'a str>) -> Message {
    let ids: Vec<_> = ids.into_iter().collect();
    Message::new(MESSAGES_RECEIVED).with("message_id_list", ids)
}

/// Reads which messages have arrived.
///
/// # Errors
/// It is another message, has no list of texts, or one of more than [`DELIVERED_MAX`].
pub fn read_received(message: &Message) -> Result<Vec<String>, ProtocolError> {
    #[derive(Deserialize)]
    struct Fields {
        message_id_list: Vec<String>,
    }

    due(message, &MESSAGES_RECEIVED, "messages-received")?;
    let Fields { message_id_list } = message.read()?;
    if message_id_list.len() > DELIVERED_MAX {
        return Err(wrong(message, format!("names more than {DELIVERED_MAX} messages")));
    }
    Ok(message_id_list)
}

/// Asks that messages come by themselves, or no longer.
#[must_use]
pub fn live_delivery_change(live: bool) -> Message {
    Message::new(LIVE_DELIVERY_CHANGE).with("live_delivery", live)
}

/// Reads whether messages are to come by themselves.
///
/// # Errors
/// It is another message, or does not say.
pub fn read_live_delivery_change(message: &Message) -> Result<bool, ProtocolError> {
    due(message, &LIVE_DELIVERY_CHANGE, "live-delivery-change")?;
    let live = message.fields.get("live_delivery").and_then(Value::as_bool);
    live.ok_or_else(|| wrong(message, "has neither true nor false as `live_delivery`"))
}

fn for_recipient(message: Message, recipient: Option<&Verkey>) -> Message {
    match recipient {
        Some(key) => message.with("recipient_key", key.did_key()),
        None => message,
    }
}

fn recipient(message: &Message) -> Result<Option<Verkey>, ProtocolError> {
    message.text("recipient_key").map(|text| key(message, "recipient_key", text)).transpose()
}
