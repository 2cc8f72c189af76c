//! A connection of one of the sandbox's parties.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use serde::{Deserialize, Serialize};

use crate::{
    aries::didcomm::{KeyError, KeyPair, Verkey, did::Service, envelope::Channel},
    sandbox::journal::ConnectionRow,
};

/// A connection; what of it changes is that the other side gets to know that it is one.
pub(in super::super) struct Connection {
    pub(in super::super) number: i64,
    pub(in super::super) id: String,
    pub(in super::super) mine: Verkey,
    pub(in super::super) theirs: Verkey,
    pub(in super::super) details: Details,
    seed: [u8; 32],
    /// Made when they are first needed: most connections of a restart are not.
    keys: OnceLock<Box<Keys>>,
    complete: AtomicBool,
}

/// What the two have agreed on, beside their keys.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in super::super) struct Details {
    /// How they met, such as `didexchange/1.1`.
    pub(in super::super) protocol: String,
    pub(in super::super) my_did: String,
    pub(in super::super) their_did: String,
    pub(in super::super) their_label: Option<String>,
    pub(in super::super) alias: Option<String>,
    pub(in super::super) invitation: String,
    pub(in super::super) invitation_key: String,
    /// The `@id` of the request.
    pub(in super::super) request: String,
    pub(in super::super) created_at: String,
    /// Where they are reached; holders without an endpoint are reached the way that they come.
    pub(in super::super) reach: Option<Reach>,
}

/// Where somebody is reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in super::super) struct Reach {
    pub(in super::super) endpoint: String,
    /// The keys that it is forwarded through, the nearest to the recipient first, in base58.
    routing: Vec<String>,
}

impl Reach {
    pub(in super::super) fn of(service: &Service) -> Self {
        let routing = service.routing.iter().map(Verkey::to_string).collect();
        Self { endpoint: service.endpoint.clone(), routing }
    }

    /// The keys that it is forwarded through.
    pub(in super::super) fn routing(&self) -> Vec<Verkey> {
        self.routing.iter().filter_map(|key| key.parse().ok()).collect()
    }
}

/// What opens and packs messages.
pub(in super::super) struct Keys {
    pub(in super::super) pair: KeyPair,
    pub(in super::super) channel: Channel,
}

impl Connection {
    pub(in super::super) fn new(
        (number, id): (i64, String),
        pair: KeyPair,
        theirs: Verkey,
        details: Details,
    ) -> Result<Self, KeyError> {
        let (seed, mine) = (*pair.seed(), *pair.verkey());
        let channel = Channel::new(&pair, &theirs)?;
        let keys = OnceLock::from(Box::new(Keys { pair, channel }));
        let complete = AtomicBool::new(false);
        Ok(Self { number, id, mine, theirs, details, seed, keys, complete })
    }

    pub(in super::super) fn keys(&self) -> Result<&Keys, KeyError> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let pair = KeyPair::from_seed(self.seed);
        let channel = Channel::new(&pair, &self.theirs)?;
        Ok(self.keys.get_or_init(|| Box::new(Keys { pair, channel })))
    }

    pub(in super::super) fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Relaxed)
    }

    /// Marks it complete; says whether it was not before.
    pub(super) fn completes(&self) -> bool {
        !self.complete.swap(true, Ordering::Relaxed)
    }

    pub(in super::super) fn row(&self, desk: &str) -> ConnectionRow {
        ConnectionRow {
            desk: desk.to_owned(),
            id: self.id.clone(),
            number: self.number,
            seed: self.seed,
            mine: self.mine,
            theirs: self.theirs,
            complete: self.is_complete(),
            details: serde_json::to_string(&self.details).expect("text can be written as JSON"),
        }
    }

    /// A connection as kept.
    pub(super) fn of(row: ConnectionRow) -> serde_json::Result<Self> {
        Ok(Self {
            details: serde_json::from_str(&row.details)?,
            number: row.number,
            id: row.id,
            mine: row.mine,
            theirs: row.theirs,
            seed: row.seed,
            keys: OnceLock::new(),
            complete: AtomicBool::new(row.complete),
        })
    }
}
