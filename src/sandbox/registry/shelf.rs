//! What others than the sandbox's issuer have published, as it is served.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;

use super::{
    WriteError,
    list::{List, newest},
};
use crate::aries::{
    anoncreds::{RevocationRegistryDefinition, RevocationStatusList},
    ledger::Document,
};

/// Documents and tails files of others that there may be.
const DOCUMENTS_MAX: usize = 10_000;
/// Bytes that all of it may have, lists as they are kept in memory.
const BYTES_MAX: usize = 512 << 20;

/// What is on it never changes, but that registries get more lists.
#[derive(Default)]
pub(super) struct Shelf {
    documents: HashMap<(Document, String), Bytes>,
    registries: HashMap<String, Arc<Foreign>>,
    bytes: usize,
}

impl Shelf {
    pub(super) fn document(&self, document: Document, id: &str) -> Option<Bytes> {
        self.documents.get(&(document, id.to_owned())).cloned()
    }

    pub(super) fn registry(&self, id: &str) -> Option<Arc<Foreign>> {
        self.registries.get(id).cloned()
    }

    /// Refuses so many documents of so many bytes if there is no room for them; lists are none.
    pub(super) fn check_room(&self, documents: usize, bytes: usize) -> Result<(), WriteError> {
        let fits =
            self.documents.len() + documents <= DOCUMENTS_MAX && self.bytes + bytes <= BYTES_MAX;
        if fits {
            Ok(())
        } else {
            Err(WriteError::Full { documents: DOCUMENTS_MAX, bytes: BYTES_MAX })
        }
    }

    /// Puts a document where none is.
    pub(super) fn put(&mut self, document: Document, id: &str, bytes: Bytes) {
        if let Entry::Vacant(place) = self.documents.entry((document, id.to_owned())) {
            self.bytes += bytes.len();
            place.insert(bytes);
        }
    }

    /// Makes room for the lists of a registry.
    pub(super) fn begin(&mut self, id: &str, definition: Arc<RevocationRegistryDefinition>) {
        let foreign = || Arc::new(Foreign::new(definition));
        self.registries.entry(id.to_owned()).or_insert_with(foreign);
    }

    pub(super) fn weigh(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

/// The registry of another issuer.
pub(super) struct Foreign {
    pub(super) definition: Arc<RevocationRegistryDefinition>,
    /// In order of time.
    lists: Mutex<Vec<List>>,
    /// Whoever has it publishes a list.
    pub(super) press: tokio::sync::Mutex<()>,
}

impl Foreign {
    fn new(definition: Arc<RevocationRegistryDefinition>) -> Self {
        Self { definition, lists: Mutex::default(), press: tokio::sync::Mutex::default() }
    }

    /// The list that is the newest at a time, else the oldest; without a time the newest of all.
    pub(super) fn list(&self, to: Option<u64>) -> Option<RevocationStatusList> {
        let lists = self.lists();
        to.map_or(lists.last(), |to| newest(&lists, to)).map(List::whole)
    }

    /// Publishes a list that is newer than the others.
    pub(super) fn publish(&self, list: List) {
        self.lists().push(list);
    }

    fn lists(&self) -> MutexGuard<'_, Vec<List>> {
        // Nothing panics while it holds the lists.
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
