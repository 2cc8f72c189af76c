//! Publishing for others: whatever is published once is kept, and never anything else by its id.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::Value;
use tokio::time::sleep;

use super::{
    Ledger, LedgerError, WriteError, issuer,
    list::List,
    shelf::{Foreign, Shelf},
};
use crate::{
    aries::{
        anoncreds::{RevocationRegistryDefinition, RevocationStatusList},
        ledger::{Document, publishing},
    },
    sandbox::{
        desk::since_1970,
        journal::{ListRow, PublishedRow, Write},
    },
};

/// Largest registry of others, as ACA-Py has it.
const SIZE_MAX: u32 = 32_768;
/// Bytes of the tails file of the largest registry.
pub(super) const TAILS_BYTES_MAX: usize = publishing::tails_bytes(SIZE_MAX);
/// Seconds by which the clock of whoever publishes may be ahead of ours.
const AHEAD_SECONDS_MAX: u64 = 10;

/// What is published by now, as it is served.
#[derive(Debug, PartialEq)]
pub(super) enum Publication {
    /// It was not there before.
    New(Bytes),
    /// The very same was there.
    Known(Bytes),
}

/// A document that may be published.
struct Sound {
    bytes: Bytes,
    /// What it says, if it is a revocation registry.
    registry: Option<Arc<RevocationRegistryDefinition>>,
}

impl Ledger {
    /// Publishes a schema, a credential definition, a revocation registry or its tails.
    pub(super) async fn put(
        &self,
        document: Document,
        id: String,
        body: Bytes,
    ) -> Result<Publication, WriteError> {
        self.check_open()?;
        let named = id.clone();
        let read = self.bench.run(move || sound(document, &named, &body));
        let Sound { bytes, registry } = read.await??;
        // Of two that come together one is first.
        let _turn = self.shelving.lock().await;
        match self.published(document, &id) {
            Some(known) if known == bytes => return Ok(Publication::Known(bytes)),
            Some(_) => return Err(WriteError::Differs { document, id }),
            None => self.shelf().check_room(1, bytes.len())?,
        }
        let row =
            PublishedRow { kind: document.to_string(), id: id.clone(), document: bytes.clone() };
        self.journal.commit(vec![Write::Published(row)]).await?;
        self.shelf().put(document, &id, bytes.clone());
        if let Some(registry) = registry {
            self.shelf().begin(&id, registry);
        }
        Ok(Publication::New(bytes))
    }

    /// Publishes a list that is newer than all others of its registry; one that says no time is of
    /// now, and of no second that has one.
    pub(super) async fn put_list(
        &self,
        id: String,
        body: Bytes,
    ) -> Result<Publication, WriteError> {
        self.check_open()?;
        if self.registry(&id).is_some() {
            return Err(WriteError::Own { id });
        }
        let registry = self.shelf().registry(&id);
        let registry = registry.ok_or_else(|| WriteError::NoRegistry { id: id.clone() })?;
        let (named, of) = (id.clone(), Arc::clone(&registry.definition));
        let read = self.bench.run(move || sound_list(&named, &of, &body));
        let list = read.await??;
        let _press = registry.press.lock().await;
        if let Some(known) = known(&registry, &list) {
            return Ok(Publication::Known(json(&known)));
        }
        let list = RevocationStatusList { timestamp: Some(dated(&registry, &list).await?), ..list };
        let (bytes, list) = (json(&list), List::of(list));
        let row = list.row(&id);
        let weight = weight(&row);
        self.shelf().check_room(0, weight)?;
        self.journal.commit(vec![Write::List(row, Vec::new())]).await?;
        registry.publish(list);
        self.shelf().weigh(weight);
        Ok(Publication::New(bytes))
    }

    /// What is published by an id, by the sandbox's issuer or by another.
    pub(super) fn published(&self, document: Document, id: &str) -> Option<Bytes> {
        let own = issuer();
        match document {
            Document::Schema if id == own.published().schema_id => {
                return Some(json(own.definition().schema()));
            }
            Document::Definition if id == own.definition().id() => {
                return Some(json(own.published()));
            }
            Document::Registry => {
                if let Some(registry) = self.registry(id) {
                    return Some(json(registry.published()));
                }
            }
            Document::Tails => {
                if let Some(tails) = self.registries().tails.get(id) {
                    return Some(tails.clone());
                }
            }
            Document::Schema | Document::Definition | Document::List => {}
        }
        self.shelf().document(document, id)
    }

    fn check_open(&self) -> Result<(), WriteError> {
        if self.is_open { Ok(()) } else { Err(WriteError::Closed) }
    }
}

impl Shelf {
    /// What others had published; `lists` are those of all registries that are not the sandbox's.
    pub(super) fn kept(
        rows: Vec<PublishedRow>,
        lists: impl Iterator<Item = ListRow>,
    ) -> Result<Self, LedgerError> {
        let mut shelf = Self::default();
        for PublishedRow { kind, id, document: bytes } in rows {
            let Some(document) = of_kind(&kind) else { continue };
            if document == Document::Registry {
                shelf.begin(&id, serde_json::from_slice(&bytes)?);
            }
            shelf.put(document, &id, bytes);
        }
        for row in lists {
            shelf.weigh(weight(&row));
            if let Some(registry) = shelf.registry(&row.registry) {
                registry.publish(List::kept(row)?);
            }
        }
        Ok(shelf)
    }
}

/// What is published of a document: what AnonCreds has of it.
fn sound(document: Document, id: &str, body: &Bytes) -> Result<Sound, WriteError> {
    let unsound = |reason| WriteError::Unsound { document, id: id.to_owned(), reason };
    if !publishing::is_id(id) {
        return Err(WriteError::NoId);
    }
    let read = || serde_json::from_slice::<Value>(body).map_err(|error| unsound(error.to_string()));
    let mut registry = None;
    let bytes = match document {
        Document::Schema => json(&publishing::schema(id, read()?).map_err(unsound)?),
        Document::Definition => json(&publishing::definition(id, read()?).map_err(unsound)?),
        Document::Registry => {
            let found = publishing::registry(id, read()?).map_err(unsound)?;
            let size = found.value.max_cred_num;
            if size > SIZE_MAX {
                return Err(unsound(format!("`maxCredNum` is {size}, and not 1 to {SIZE_MAX}")));
            }
            json(&registry.insert(found))
        }
        Document::Tails => {
            publishing::tails(id, body).map_err(unsound)?;
            body.clone()
        }
        Document::List => return Err(unsound("a list is published below /status-lists".into())),
    };
    Ok(Sound { bytes, registry })
}

fn sound_list(
    id: &str,
    registry: &RevocationRegistryDefinition,
    body: &Bytes,
) -> Result<RevocationStatusList, WriteError> {
    let document = Document::List;
    let unsound = |reason| WriteError::Unsound { document, id: id.to_owned(), reason };
    let read = serde_json::from_slice(body).map_err(|error| unsound(error.to_string()))?;
    publishing::list(id, registry, read).map_err(unsound)
}

/// The published list that says the same: the newest, or the one of the time that it says.
fn known(registry: &Foreign, list: &RevocationStatusList) -> Option<RevocationStatusList> {
    let known = registry.list(list.timestamp)?;
    let of_then =
        RevocationStatusList { timestamp: list.timestamp.or(known.timestamp), ..list.clone() };
    (known == of_then).then_some(known)
}

/// The time of a new list; one that says none waits until the second of the newest is over.
async fn dated(registry: &Foreign, list: &RevocationStatusList) -> Result<u64, WriteError> {
    let newest = registry.list(None).and_then(|list| list.timestamp);
    let due = newest.map_or(0, |newest| newest.saturating_add(1));
    let Some(timestamp) = list.timestamp else {
        // A clock that was put back is not waited for.
        let wait = Duration::from_secs(due).saturating_sub(since_1970());
        sleep(wait.min(Duration::from_secs(1))).await;
        return Ok(since_1970().as_secs().max(due));
    };
    let now = since_1970().as_secs();
    if timestamp < due {
        return Err(WriteError::Older { timestamp, newest: due - 1 });
    }
    if timestamp > now.saturating_add(AHEAD_SECONDS_MAX) {
        return Err(WriteError::Future { timestamp, now });
    }
    Ok(timestamp)
}

fn of_kind(kind: &str) -> Option<Document> {
    use Document::{Definition, Registry, Schema, Tails};
    [Schema, Definition, Registry, Tails].into_iter().find(|it| it.to_string() == kind)
}

/// Bytes that a list is counted as.
fn weight(row: &ListRow) -> usize {
    row.bits.len() + row.head.len()
}

/// A document as it is served; the same is the same whatever the order of its fields was.
fn json(document: &impl serde::Serialize) -> Bytes {
    let sorted = serde_json::to_value(document).expect("a document can be written as JSON");
    sorted.to_string().into()
}
