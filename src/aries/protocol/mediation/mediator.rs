//! The side that takes messages for others.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    DENY, GRANT, KEYLIST, Outcome, QUERY, REQUEST, UPDATE, UPDATE_RESPONSE, UPDATES_MAX, Update,
    keys::Written,
};
use crate::aries::{
    didcomm::{Message, Verkey},
    protocol::{
        ProtocolError,
        turn::{due, key, wrong},
    },
};

/// Takes a request for mediation.
///
/// # Errors
/// It is another message.
pub fn read_request(message: &Message) -> Result<(), ProtocolError> {
    due(message, &REQUEST, "mediate-request")
}

/// Grants mediation: messages are to be sent to `endpoint`, through `routing`.
#[must_use]
pub fn grant(asked: &Message, endpoint: &str, routing: &[Verkey]) -> Message {
    let routing: Vec<_> = routing.iter().map(Verkey::did_key_url).collect();
    Message::answer(GRANT, asked).with("endpoint", endpoint).with("routing_keys", routing)
}

/// Denies it.
#[must_use]
pub fn deny(asked: &Message) -> Message {
    Message::answer(DENY, asked)
}

/// Reads which keys are to be added and removed, in the order in which that is to be done.
///
/// # Errors
/// It is another message, changes more than [`UPDATES_MAX`] keys, or names what is none.
pub fn read_update(message: &Message) -> Result<Vec<Update>, ProtocolError> {
    #[derive(Deserialize)]
    struct Fields {
        updates: Vec<Written>,
    }

    due(message, &UPDATE, "keylist-update")?;
    let Fields { updates } = message.read()?;
    if updates.len() > UPDATES_MAX {
        return Err(wrong(message, format!("has more than {UPDATES_MAX} updates")));
    }
    let update = |it: Written| {
        let key = key(message, "updates", &it.recipient_key)?;
        Ok(Update { key, action: it.action })
    };
    updates.into_iter().map(update).collect()
}

/// Says what came of each change.
#[must_use]
pub fn update_response(asked: &Message, results: &[(Update, Outcome)]) -> Message {
    let updated = results.iter().map(|(update, result)| {
        json!({
            "recipient_key": update.key.did_key(),
            "action": update.action,
            "result": result,
        })
    });
    Message::answer(UPDATE_RESPONSE, asked).with("updated", updated.collect::<Vec<_>>())
}

/// Which part of a key list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many keys at most; never more than [`UPDATES_MAX`].
    pub limit: usize,
    /// How many are passed over.
    pub offset: usize,
}

/// Reads which keys are asked for; who says nothing asks for the first [`UPDATES_MAX`].
///
/// # Errors
/// It is another message.
pub fn read_query(message: &Message) -> Result<Page, ProtocolError> {
    due(message, &QUERY, "keylist-query")?;
    let page = message.fields.get("paginate");
    let number = |field| {
        let number = page.and_then(|it| it.get(field)).and_then(Value::as_u64);
        number.map(|it| usize::try_from(it).unwrap_or(usize::MAX))
    };
    let limit = number("limit").unwrap_or(UPDATES_MAX).min(UPDATES_MAX);
    Ok(Page { limit, offset: number("offset").unwrap_or_default() })
}

/// Lists the page of `keys` that was asked for.
///
/// # Errors
/// `asked` is no query.
pub fn keylist(asked: &Message, keys: &[Verkey]) -> Result<Message, ProtocolError> {
    let Page { limit, offset } = read_query(asked)?;
    let offset = offset.min(keys.len());
    let listed = &keys[offset..keys.len().min(offset + limit)];
    let remaining = keys.len() - offset - listed.len();
    let entries: Vec<_> =
        listed.iter().map(|it| json!({ "recipient_key": it.did_key() })).collect();
    let pagination = json!({ "count": listed.len(), "offset": offset, "remaining": remaining });
    Ok(Message::answer(KEYLIST, asked).with("keys", entries).with("pagination", pagination))
}
