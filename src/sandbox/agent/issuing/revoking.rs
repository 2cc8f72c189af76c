//! Revoking: at once or all that was put off, and telling the holders.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Issuing, refused};
use crate::{
    aries::protocol::revocation::{Revocable, Revoked},
    quantity::shortened,
    sandbox::{
        agent::admin::Denied,
        desk::Refused,
        journal::{PendingRow, Write},
        registry::RevocationRegistry,
    },
};

/// Longest comment that holders are told, in bytes.
const COMMENT_MAX: usize = 1_000;

/// What is to be revoked.
#[derive(Deserialize)]
pub(super) struct Order {
    cred_ex_id: Option<String>,
    rev_reg_id: Option<String>,
    cred_rev_id: Option<Index>,
    #[serde(default)]
    publish: bool,
    #[serde(default)]
    notify: bool,
    #[serde(default)]
    notify_version: Version,
    connection_id: Option<String>,
    thread_id: Option<String>,
    comment: Option<String>,
}

/// ACA-Py says an index as a text, and reads it either way.
#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(super) enum Index {
    Number(u32),
    Text(String),
}

/// Which notification is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
enum Version {
    #[default]
    #[serde(rename = "v1_0")]
    One,
    #[serde(rename = "v2_0")]
    Two,
}

/// Which put-off revocations are to be published; all if it names none.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Batch {
    rrid2crid: HashMap<String, Vec<Index>>,
}

/// Whom to tell of a revocation.
#[derive(Serialize, Deserialize)]
pub(super) struct Notice {
    version: Version,
    connection_id: String,
    thread_id: Option<String>,
    comment: String,
}

/// Revocations that are put off, by registry and index.
pub(super) struct Pending(Mutex<BTreeMap<String, Puts>>);

type Puts = BTreeMap<u32, Option<Notice>>;

impl Pending {
    pub(super) fn kept(rows: Vec<PendingRow>) -> serde_json::Result<Self> {
        let mut pending = BTreeMap::<_, Puts>::new();
        for PendingRow { registry, index, notice } in rows {
            let notice = notice.map(|notice| serde_json::from_str(&notice)).transpose()?;
            pending.entry(registry).or_default().insert(index, notice);
        }
        Ok(Self(Mutex::new(pending)))
    }

    fn put_off(&self, registry: &str, index: u32, notice: Option<Notice>) {
        self.book().entry(registry.to_owned()).or_default().insert(index, notice);
    }

    fn of(&self, registry: &str) -> Vec<u32> {
        self.book().get(registry).map(|puts| puts.keys().copied().collect()).unwrap_or_default()
    }

    fn registries(&self) -> Vec<String> {
        self.book().keys().cloned().collect()
    }

    /// Takes what was put off; says whom to tell.
    fn take(&self, registry: &str, index: u32) -> Option<Notice> {
        let mut book = self.book();
        let puts = book.get_mut(registry)?;
        let notice = puts.remove(&index).flatten();
        if puts.is_empty() {
            book.remove(registry);
        }
        notice
    }

    fn book(&self) -> MutexGuard<'_, BTreeMap<String, Puts>> {
        // Nothing panics while it holds the book.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Issuing {
    /// Revokes a credential, at once or when it is published with others.
    pub(super) async fn revoke(&self, order: Order) -> Result<Value, Denied> {
        let (registry, index) = self.place(&order)?;
        let publish = order.publish;
        let notice = order.notice()?;
        if publish {
            let revoked = self.ledger.revoke(Arc::clone(&registry), vec![index]).await;
            revoked.map_err(refused)?;
            let put_off = self.pending.take(registry.id(), index);
            self.tell(registry.id(), index, notice.or(put_off).as_ref());
        } else if !registry.revokes(index) {
            let written = notice.as_ref().map(|it| json!(it).to_string());
            let row = PendingRow { registry: registry.id().to_owned(), index, notice: written };
            let journal = &self.agent.desk.office.journal;
            journal.commit(vec![Write::Pending(row)]).await.map_err(Refused::from)?;
            self.pending.put_off(registry.id(), index, notice);
        }
        Ok(json!({}))
    }

    /// Publishes what was put off.
    pub(super) async fn publish(&self, batch: Batch) -> Result<Value, Denied> {
        let named = batch.rrid2crid;
        let registries = if named.is_empty() {
            self.pending.registries()
        } else {
            named.keys().cloned().collect()
        };
        let mut published = BTreeMap::new();
        for id in registries {
            let registry = self.ledger.registry(&id).ok_or_else(|| unknown(&id))?;
            let wanted = named.get(&id).cloned().unwrap_or_default();
            let wanted = wanted.iter().map(Index::read).collect::<Result<Vec<_>, _>>()?;
            let mut indices = self.pending.of(&id);
            indices.retain(|index| wanted.is_empty() || wanted.contains(index));
            if indices.is_empty() {
                continue;
            }
            self.ledger.revoke(registry, indices.clone()).await.map_err(refused)?;
            for index in &indices {
                let notice = self.pending.take(&id, *index);
                self.tell(&id, *index, notice.as_ref());
            }
            published.insert(id, indices);
        }
        Ok(json!({ "rrid2crid": published }))
    }

    /// Where the credential is that is to be revoked.
    fn place(&self, order: &Order) -> Result<(Arc<RevocationRegistry>, u32), Denied> {
        let (registry, index) = match (&order.cred_ex_id, &order.rev_reg_id, &order.cred_rev_id) {
            (Some(id), None, None) => {
                let issued = self.issued.of_exchange(id);
                let issued = issued.ok_or_else(|| unknown(&format!("cred ex id {id}")))?;
                (issued.registry.clone(), issued.index)
            }
            (None, Some(registry), Some(index)) => (registry.clone(), index.read()?),
            (_, _, _) => {
                return Err(Denied::Unprocessable(json!({ "_schema": [
                    "Request must have either cred_ex_id or both rev_reg_id and cred_rev_id"
                ] })));
            }
        };
        let known = self.ledger.registry(&registry).filter(|_| self.issued.has(&registry, index));
        known.map(|known| (known, index)).ok_or_else(|| unknown(&format!("{registry}::{index}")))
    }

    /// Tells a holder that its credential is revoked; one that is gone is not told.
    fn tell(&self, registry: &str, index: u32, notice: Option<&Notice>) {
        let Some(Notice { version, connection_id, thread_id, comment }) = notice else { return };
        let place = Revocable::Credential { registry: registry.to_owned(), index };
        let message = match (version, thread_id) {
            (Version::One, Some(thread)) => {
                let by = Revocable::Thread(thread.clone());
                Some(Revoked { by, comment: comment.clone() }.message_1())
            }
            (Version::One, None) => {
                Some(Revoked { by: place, comment: comment.clone() }.message_1())
            }
            (Version::Two, _) => {
                let message = Revoked { by: place, comment: comment.clone() }.message_2();
                message.map(|it| it.with("~please_ack", json!({ "on": ["RECEIPT"] })))
            }
        };
        let Some(message) = message else { return };
        let sent = self
            .agent
            .ready(connection_id)
            .and_then(|connection| self.agent.send(&connection, &message).map_err(Denied::from));
        if let Err(error) = sent {
            tracing::debug!(%error, connection_id, "nobody is told of a revocation");
        }
    }
}

impl Order {
    fn notice(self) -> Result<Option<Notice>, Denied> {
        let Self { notify, notify_version: version, connection_id, thread_id, comment, .. } = self;
        if !notify {
            return Ok(None);
        }
        let connection_id = connection_id.ok_or_else(|| {
            Denied::Malformed("connection_id must be set when notify is true".into())
        })?;
        let comment = comment.unwrap_or_default();
        if comment.len() > COMMENT_MAX {
            return Err(Denied::Malformed(format!("a comment takes up to {COMMENT_MAX} bytes")));
        }
        Ok(Some(Notice { version, connection_id, thread_id, comment }))
    }
}

impl Index {
    fn read(&self) -> Result<u32, Denied> {
        match self {
            Self::Number(index) => Ok(*index),
            Self::Text(text) => text.parse().map_err(|_| {
                let said = format!("Value {} is not a valid number", shortened(text));
                Denied::Unprocessable(json!({ "cred_rev_id": [said] }))
            }),
        }
    }
}

fn unknown(what: &str) -> Denied {
    let what = shortened(what);
    Denied::Unknown(format!("No issuer credential revocation record found for {what}"))
}
