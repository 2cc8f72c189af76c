//! What was issued, for as long as it may have to be revoked.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::exchanges::Exchange,
    issuance::{Issuance, State, detailed},
};
use crate::{aries::protocol::Format, sandbox::journal::IssuedRow};

/// A credential.
pub(super) struct Credential {
    /// The exchange that it was issued in.
    id: String,
    pub(super) registry: String,
    pub(super) index: u32,
    details: Details,
}

#[derive(Serialize, Deserialize)]
struct Details {
    format: Written,
    connection_id: Option<String>,
    thread_id: String,
}

/// A [`Format`] as it is kept.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Written {
    LibIndy,
    Indy,
    AnonCreds,
}

impl Credential {
    pub(super) fn new(exchange: &Exchange<Issuance>, registry: &str, index: u32) -> Self {
        let format = match exchange.format {
            Format::LibIndy => Written::LibIndy,
            Format::Indy => Written::Indy,
            Format::AnonCreds => Written::AnonCreds,
        };
        let (connection_id, thread_id) = (exchange.connection_id.clone(), exchange.thread.clone());
        let details = Details { format, connection_id, thread_id };
        Self { id: exchange.id.clone(), registry: registry.to_owned(), index, details }
    }

    pub(super) fn row(&self) -> IssuedRow {
        IssuedRow {
            id: self.id.clone(),
            registry: self.registry.clone(),
            index: self.index,
            details: serde_json::to_string(&self.details).expect("text can be written as JSON"),
        }
    }

    /// What is known of its exchange when that is over.
    pub(super) fn record(&self) -> Value {
        let Details { format, connection_id, thread_id } = &self.details;
        let format = match format {
            Written::LibIndy => Format::LibIndy,
            Written::Indy => Format::Indy,
            Written::AnonCreds => Format::AnonCreds,
        };
        let mut record = json!({
            "connection_id": connection_id,
            "thread_id": thread_id,
            "state": State::Done.name(format),
            "role": "issuer",
        });
        if format == Format::LibIndy {
            record["credential_exchange_id"] = json!(self.id);
            record["revoc_reg_id"] = json!(self.registry);
            record["revocation_id"] = json!(self.index.to_string());
        } else {
            record["cred_ex_id"] = json!(self.id);
        }
        detailed(format, record, Some((&self.registry, self.index)))
    }
}

/// All that was issued: as many credentials as the registries have places.
pub(super) struct Issued(Mutex<Book>);

#[derive(Default)]
struct Book {
    by_id: HashMap<String, Arc<Credential>>,
    places: HashMap<String, HashSet<u32>>,
}

impl Book {
    fn add(&mut self, credential: Credential) {
        self.places.entry(credential.registry.clone()).or_default().insert(credential.index);
        self.by_id.insert(credential.id.clone(), Arc::new(credential));
    }
}

impl Issued {
    pub(super) fn kept(rows: Vec<IssuedRow>) -> serde_json::Result<Self> {
        let mut book = Book::default();
        for row in rows {
            let IssuedRow { id, registry, index, details } = row;
            let details = serde_json::from_str(&details)?;
            book.add(Credential { id, registry, index, details });
        }
        Ok(Self(Mutex::new(book)))
    }

    pub(super) fn add(&self, credential: Credential) {
        self.book().add(credential);
    }

    pub(super) fn of_exchange(&self, id: &str) -> Option<Arc<Credential>> {
        self.book().by_id.get(id).cloned()
    }

    /// Whether somebody has this place.
    pub(super) fn has(&self, registry: &str, index: u32) -> bool {
        self.book().places.get(registry).is_some_and(|places| places.contains(&index))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Nothing panics while it holds the book.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
