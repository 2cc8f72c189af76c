//! Where documents are asked for, and how what comes is read on a thread.

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use serde_json::Value;
use url::Url;

use super::{
    Asked, Document, LedgerError,
    file::{Book, read_at_most},
    indy::{self, Reply},
    known::Slot,
    lists::Listed,
    plain::{self, PublishedRegistry, PublishedSchema},
    settings::Place,
    web::{Bounds, Web},
};
use crate::{
    aries::{
        anoncreds::{CredentialDefinition, RevocationRegistryDefinition},
        compute::{Compute, Urgency},
        transport::{Http, text::percent},
    },
    quantity::shortened,
};

/// Bytes that a document may have; a list of the largest registry has a third of it.
const DOCUMENT_BYTES_MAX: usize = 1 << 20;

/// Where documents are asked for.
pub(super) struct Source {
    place: Place,
    name: Arc<str>,
    book: Slot<Arc<Book>>,
    compute: Arc<Compute>,
}

/// A document as it came.
enum Raw {
    Bytes(Bytes),
    Json(Value),
}

/// How a document is read: from AnonCreds' own words, or from a reply of an Indy ledger.
struct Readers<P, I> {
    plain: P,
    indy: I,
}

impl Source {
    pub(super) fn new(place: Place, name: &str, compute: Arc<Compute>) -> Self {
        Self { place, name: name.into(), book: Slot::default(), compute }
    }

    /// A question by an id, if that can be one.
    pub(super) fn question(&self, document: Document, id: &str) -> Result<Asked, LedgerError> {
        if plain::is_id(id) {
            return Ok(self.asked(document, id));
        }
        let asked = self.asked(document, &shortened(id).escape_debug().to_string());
        Err(LedgerError::Unsound { asked, reason: "this is no id".into() })
    }

    fn asked(&self, document: Document, id: &str) -> Asked {
        Asked { document, id: id.to_owned(), place: Arc::clone(&self.name) }
    }

    pub(super) async fn schema(
        &self,
        http: &dyn Http,
        id: &str,
    ) -> Result<PublishedSchema, LedgerError> {
        let readers = Readers { plain: plain::schema, indy: indy::schema };
        self.document(http, self.asked(Document::Schema, id), None, readers).await
    }

    pub(super) async fn definition(
        &self,
        http: &dyn Http,
        id: &str,
    ) -> Result<CredentialDefinition, LedgerError> {
        let readers = Readers { plain: plain::definition, indy: indy::definition };
        self.document(http, self.asked(Document::Definition, id), None, readers).await
    }

    pub(super) async fn registry(
        &self,
        http: &dyn Http,
        id: &str,
    ) -> Result<PublishedRegistry, LedgerError> {
        let readers = Readers { plain: plain::registry, indy: indy::registry };
        self.document(http, self.asked(Document::Registry, id), None, readers).await
    }

    /// The newest list by a time, or the oldest if all are later; without a time the newest of all.
    pub(super) async fn list(
        &self,
        http: &dyn Http,
        id: &str,
        registry: &Arc<PublishedRegistry>,
        to: Option<u64>,
    ) -> Result<Listed, LedgerError> {
        let (of_plain, of_indy) = (Arc::clone(registry), Arc::clone(registry));
        let readers = Readers {
            plain: move |id: &str, json| plain::list(id, &of_plain, json),
            indy: move |id: &str, reply| indy::list(id, &of_indy, reply),
        };
        self.document(http, self.asked(Document::List, id), to, readers).await
    }

    /// The tails file of a registry, which is as long as it should be.
    pub(super) async fn tails(
        &self,
        http: &dyn Http,
        id: &str,
        registry: &RevocationRegistryDefinition,
    ) -> Result<Bytes, LedgerError> {
        let value = &registry.value;
        let length = plain::tails_bytes(value.max_cred_num);
        let asked = self.asked(Document::Tails, id);
        let url = Url::parse(&value.tails_location).ok();
        let url = url.filter(|url| ["http", "https"].contains(&url.scheme()));
        let bytes = match (&self.place, url) {
            (Place::File(path), None) => {
                let path = path.with_file_name(&value.tails_location);
                let read = move || read_at_most(&path, length as u64);
                let bytes = self.compute.run(Urgency::Awaited, read).await.value?;
                bytes.ok_or(LedgerError::TooLong { asked: asked.clone(), max: length })?.into()
            }
            (Place::File(_), Some(url)) => {
                let bounds = Bounds { asked: &asked, max: length };
                Web::new(&url, Vec::new()).get(http, url.into(), bounds).await?
            }
            (Place::Registry(web) | Place::Indy(web), url) => {
                // Some issuers write where the file is on a disk of theirs.
                let own = || web.url(&format!("/tails/{}", percent(&value.tails_hash)));
                let bounds = Bounds { asked: &asked, max: length };
                web.get(http, url.map_or_else(own, String::from), bounds).await?
            }
        };
        if bytes.len() < length {
            let reason = format!("it has {} bytes, and the registry needs {length}", bytes.len());
            return Err(LedgerError::Unsound { asked, reason });
        }
        Ok(bytes)
    }

    async fn document<T: Send + 'static>(
        &self,
        http: &dyn Http,
        asked: Asked,
        to: Option<u64>,
        readers: Readers<
            impl FnOnce(&str, Value) -> Result<T, String> + Send + 'static,
            impl FnOnce(&str, Reply) -> Result<T, String> + Send + 'static,
        >,
    ) -> Result<T, LedgerError> {
        let raw = self.raw(http, &asked, to).await?;
        let is_indy = matches!(self.place, Place::Indy(_));
        let read = move || {
            let unsound = |reason| LedgerError::Unsound { asked: asked.clone(), reason };
            let json = match raw {
                Raw::Json(json) => json,
                Raw::Bytes(bytes) => serde_json::from_slice(&bytes)
                    .map_err(|_| unsound("the answer is not JSON".into()))?,
            };
            if !is_indy {
                return (readers.plain)(&asked.id, json).map_err(unsound);
            }
            let reply = Reply::of(json);
            let reply = reply.ok_or_else(|| LedgerError::Unpublished { asked: asked.clone() })?;
            (readers.indy)(&asked.id, reply).map_err(unsound)
        };
        self.compute.run(Urgency::Awaited, read).await.value
    }

    async fn raw(
        &self,
        http: &dyn Http,
        asked: &Asked,
        to: Option<u64>,
    ) -> Result<Raw, LedgerError> {
        let bounds = Bounds { asked, max: DOCUMENT_BYTES_MAX };
        let id = percent(&asked.id);
        let bytes = match &self.place {
            Place::Registry(web) => {
                let kind = match asked.document {
                    Document::Schema => "schemas",
                    Document::Definition => "credential-definitions",
                    Document::Registry => "revocation-registries",
                    Document::Tails => "tails",
                    Document::List => "status-lists",
                };
                let to = to.map(|to| format!("?to={to}")).unwrap_or_default();
                web.get(http, web.url(&format!("/{kind}/{id}{to}")), bounds).await?
            }
            Place::Indy(web) => match (asked.document, to) {
                (Document::List, Some(to)) => {
                    let request = indy::delta_until(&asked.id, to);
                    web.post(http, web.url("/submit"), request, bounds).await?
                }
                (document, _) => {
                    let kind = match document {
                        Document::Schema => "schema",
                        Document::Definition => "cred_def",
                        Document::Registry => "rev_reg_def",
                        Document::Tails => "tails",
                        Document::List => "rev_reg_delta",
                    };
                    web.get(http, web.url(&format!("/{kind}/{id}")), bounds).await?
                }
            },
            Place::File(path) => {
                let found = self.book(path).await?.document(asked.document, &asked.id, to);
                let unpublished = || LedgerError::Unpublished { asked: asked.clone() };
                return found.map(Raw::Json).ok_or_else(unpublished);
            }
        };
        Ok(Raw::Bytes(bytes))
    }

    /// The file's documents; it is read once.
    async fn book(&self, path: &Path) -> Result<Arc<Book>, LedgerError> {
        let path = path.to_owned();
        let read = || async {
            let read = move || Book::read(&path).map(Arc::new);
            self.compute.run(Urgency::Awaited, read).await.value
        };
        self.book.get(read).await
    }
}
