//! The side that has messages taken.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Action, DENY, GRANT, KEYLIST, Outcome, QUERY, REQUEST, UPDATE, UPDATE_RESPONSE, UPDATES_MAX,
    Update, keys::Written,
};
use crate::aries::{
    didcomm::{Message, Verkey},
    protocol::{
        Problem, ProtocolError,
        turn::{due, key, wrong},
    },
};

/// Most routing keys of one mediator: each wraps every message once more.
const ROUTING_MAX: usize = 16;

/// Asks for mediation.
#[must_use]
pub fn request() -> Message {
    Message::new(REQUEST)
}

/// Where messages for a recipient are to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The mediator's URL, or its DID.
    pub endpoint: String,
    /// Whom messages are forwarded through, the nearest to the recipient first.
    pub routing: Vec<Verkey>,
}

/// Takes the mediator's answer to a request.
///
/// # Errors
/// Mediation is denied, a problem report, another message, or a grant that names no endpoint or what
/// is no key.
pub fn granted(answer: &Message) -> Result<Granted, ProtocolError> {
    #[derive(Deserialize)]
    struct Fields {
        endpoint: String,
        routing_keys: Vec<String>,
    }

    if answer.kind.is(&DENY) {
        let code = "mediation denied".to_owned();
        return Err(ProtocolError::Problem(Problem { code, explanation: String::new() }));
    }
    due(answer, &GRANT, "mediate-grant")?;
    let Fields { endpoint, routing_keys } = answer.read()?;
    if endpoint.is_empty() {
        return Err(wrong(answer, "names no endpoint"));
    }
    if routing_keys.len() > ROUTING_MAX {
        return Err(wrong(answer, format!("has more than {ROUTING_MAX} routing keys")));
    }
    let routing = routing_keys.iter().map(|text| key(answer, "routing_keys", text));
    Ok(Granted { endpoint, routing: routing.collect::<Result<_, _>>()? })
}

/// Keys to be added to the list and removed from it; [`UPDATES_MAX`] at most in one message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeylistUpdate {
    /// Keys whose messages the mediator is to take from now on.
    pub add: Vec<Verkey>,
    /// Keys that are given up.
    pub remove: Vec<Verkey>,
}

impl KeylistUpdate {
    /// The update as a message.
    #[must_use]
    pub fn message(&self) -> Message {
        let updates: Vec<_> = self
            .updates()
            .map(|it| json!({ "recipient_key": it.key.did_key(), "action": it.action }))
            .collect();
        Message::new(UPDATE).with("updates", updates)
    }

    /// Takes the mediator's answer: every key must have become what it was to become, which includes
    /// those that were so before.
    ///
    /// # Errors
    /// A problem report, another message, or one by which a key has not; the error names it.
    pub fn confirmed(&self, answer: &Message) -> Result<(), ProtocolError> {
        #[derive(Deserialize)]
        struct Fields {
            updated: Vec<Written>,
        }

        due(answer, &UPDATE_RESPONSE, "keylist-update-response")?;
        let Fields { updated } = answer.read()?;
        if updated.len() > UPDATES_MAX {
            return Err(wrong(answer, format!("has more than {UPDATES_MAX} updates")));
        }
        let mut outcomes = HashMap::with_capacity(updated.len());
        for Written { recipient_key, action, result } in updated {
            let key = key(answer, "updated", &recipient_key)?;
            outcomes.insert(Update { key, action }, result);
        }
        for update in self.updates() {
            let why = match outcomes.get(&update).copied().flatten() {
                Some(Outcome::Success | Outcome::NoChange) => continue,
                Some(Outcome::ClientError) => "refuses",
                Some(Outcome::ServerError) => "fails",
                None => "does not say whether it managed",
            };
            let action = match update.action {
                Action::Add => "add",
                Action::Remove => "remove",
            };
            return Err(wrong(answer, format!("{why} to {action} the key {}", update.key)));
        }
        Ok(())
    }

    fn updates(&self) -> impl Iterator<Item = Update> {
        let add = self.add.iter().map(|key| Update { key: *key, action: Action::Add });
        add.chain(self.remove.iter().map(|key| Update { key: *key, action: Action::Remove }))
    }
}

/// Asks for the keys that the mediator takes messages for: `limit` of them, from the `offset`-th on.
#[must_use]
pub fn query(limit: u32, offset: u32) -> Message {
    Message::new(QUERY).with("paginate", json!({ "limit": limit, "offset": offset }))
}

/// A page of the key list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keylist {
    /// The keys.
    pub keys: Vec<Verkey>,
    /// How many come after these; 0 if the mediator does not say.
    pub remaining: u64,
}

/// Reads a key list.
///
/// # Errors
/// A problem report, another message, or one that lists what is no key.
pub fn keylist(answer: &Message) -> Result<Keylist, ProtocolError> {
    #[derive(Deserialize)]
    struct Fields {
        keys: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        recipient_key: String,
    }

    due(answer, &KEYLIST, "keylist")?;
    let Fields { keys } = answer.read()?;
    if keys.len() > UPDATES_MAX {
        return Err(wrong(answer, format!("has more than {UPDATES_MAX} keys")));
    }
    let keys = keys.iter().map(|entry| key(answer, "keys", &entry.recipient_key));
    let page = answer.fields.get("pagination").and_then(|it| it.get("remaining"));
    Ok(Keylist {
        keys: keys.collect::<Result<_, _>>()?,
        remaining: page.and_then(Value::as_u64).unwrap_or_default(),
    })
}
