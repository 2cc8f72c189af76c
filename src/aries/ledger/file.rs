//! A file of published documents.

use std::{collections::HashMap, fs, io, io::Read, path::Path, sync::Arc};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Document, LedgerError};
use crate::quantity::shortened;

/// Bytes that a file of published documents may have.
const BYTES_MAX: u64 = 64 << 20;

/// The documents of a file, by their ids.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    #[serde(default)]
    schemas: HashMap<String, Value>,
    #[serde(default)]
    credential_definitions: HashMap<String, Value>,
    #[serde(default)]
    revocation_registries: HashMap<String, Value>,
    #[serde(default)]
    status_lists: HashMap<String, Vec<Value>>,
}

impl Book {
    pub(super) fn read(path: &Path) -> Result<Self, LedgerError> {
        let no_book = |reason| LedgerError::NoBook { path: path.to_owned(), reason };
        let Some(bytes) = read_at_most(path, BYTES_MAX)? else {
            return Err(no_book(format!("longer than {BYTES_MAX} bytes")));
        };
        // As a map first, because a list of nothing would be a book of nothing.
        serde_json::from_slice::<Map<String, Value>>(&bytes)
            .and_then(|tables| serde_json::from_value(tables.into()))
            .map_err(|error| no_book(shortened(&error.to_string())))
    }

    /// A document; of status lists the newest by a time, else the oldest, and without a time the
    /// newest.
    pub(super) fn document(&self, document: Document, id: &str, to: Option<u64>) -> Option<Value> {
        match document {
            Document::Schema => self.schemas.get(id).cloned(),
            Document::Definition => self.credential_definitions.get(id).cloned(),
            Document::Registry => self.revocation_registries.get(id).cloned(),
            Document::List => {
                let timestamp = |list: &&Value| list["timestamp"].as_u64();
                let lists = self.status_lists.get(id)?;
                let by = |list: &&Value| to.is_none_or(|to| timestamp(list) <= Some(to));
                let newest = lists.iter().filter(by).max_by_key(timestamp);
                newest.or_else(|| lists.iter().min_by_key(timestamp)).cloned()
            }
            Document::Tails => None,
        }
    }
}

/// What is in a file, or nothing if that is too long.
pub(super) fn read_at_most(path: &Path, max: u64) -> Result<Option<Vec<u8>>, LedgerError> {
    let read = || -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        // One more, so that a file of more is seen to be.
        fs::File::open(path)?.take(max + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= max).then_some(bytes))
    };
    let failed = |source| LedgerError::File { path: path.to_owned(), source: Arc::new(source) };
    read().map_err(failed)
}
