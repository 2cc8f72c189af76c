//! What the issuer publishes: a registry of AnonCreds objects over HTTP, shared with issuer and
//! verifier in the process.
//!
//! | below `/registry` | answers |
//! |---|---|
//! | `GET /schemas/{id}`, `/credential-definitions/{id}`, `/revocation-registries/{id}` | the document |
//! | `GET /status-lists/{registry}?to={seconds}` | the newest list that is not after it, else the oldest |
//! | `GET /tails/{hash}` | the tails file |
//!
//! Others may publish by a `PUT` of the same, if the sandbox was told to let them.

mod error;
mod keys;
mod list;
mod publish;
mod revocation;
mod seat;
mod shelf;
#[cfg(test)]
mod tests;
mod web;
mod writing;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::task::spawn_blocking;

use super::{
    bench::Bench,
    counts::Counts,
    desk::since_1970,
    journal::{IssuedRow, Journal, ListRow, PublishedRow, RegistryRow, Write},
};
use crate::aries::{
    anoncreds::{Interval, Presentation, PresentationRequest, Published, RegistryIssuer},
    didcomm::unique_id,
};

pub(super) use self::{
    error::LedgerError, keys::issuer, revocation::RevocationRegistry, seat::Seat,
};
use self::{error::WriteError, shelf::Shelf};

/// Revocation registries that there may be; one for 1,000 credentials takes a megabyte.
const REGISTRIES_MAX: usize = 1_000;
/// Credentials of one presentation that are looked up.
const PARTS_MAX: usize = 64;

/// All that is published.
pub(super) struct Ledger {
    /// Where it is reached, without a slash at its end.
    url: String,
    /// How many credentials a revocation registry is for.
    size: u32,
    /// Whether others may publish.
    is_open: bool,
    journal: Journal,
    counts: Arc<Counts>,
    bench: Bench,
    registries: Mutex<Registries>,
    /// Whoever has it makes a revocation registry.
    making: Arc<tokio::sync::Mutex<()>>,
    shelf: Mutex<Shelf>,
    /// Whoever has it puts something on the shelf.
    shelving: tokio::sync::Mutex<()>,
}

/// How a ledger is to be.
pub(super) struct Terms<'a> {
    /// Where the sandbox is reached.
    pub(super) url: &'a str,
    /// How many credentials a revocation registry is for.
    pub(super) size: u32,
    /// Whether others may publish.
    pub(super) is_open: bool,
}

#[derive(Default)]
struct Registries {
    /// In the order in which they were made.
    all: Vec<Arc<RevocationRegistry>>,
    by_id: HashMap<String, Arc<RevocationRegistry>>,
    tails: HashMap<String, Bytes>,
}

impl Registries {
    fn add(&mut self, registry: Arc<RevocationRegistry>) {
        let hash = registry.published().value.tails_hash.clone();
        self.tails.insert(hash, registry.tails());
        self.by_id.insert(registry.id().to_owned(), Arc::clone(&registry));
        self.all.push(registry);
    }
}

impl Ledger {
    /// A ledger with what was kept.
    pub(super) fn open(
        Terms { url, size, is_open }: Terms<'_>,
        journal: Journal,
        counts: Arc<Counts>,
        kept: KeptRegistries<'_>,
    ) -> Result<Self, LedgerError> {
        let url = format!("{url}/registry");
        let mut taken = HashMap::<_, HashSet<_>>::new();
        for row in kept.issued {
            taken.entry(row.registry.as_str()).or_default().insert(row.index);
        }
        let mut lists = HashMap::<_, Vec<_>>::new();
        for row in kept.lists {
            lists.entry(row.registry.clone()).or_default().push(row);
        }
        let mut registries = Registries::default();
        for row in kept.registries {
            let taken = taken.remove(row.id.as_str()).unwrap_or_default();
            let lists = lists.remove(&row.id).unwrap_or_default();
            if let Some(registry) = RevocationRegistry::kept(row, lists, &taken, &url)? {
                registries.add(Arc::new(registry));
            }
        }
        let mut of_others: Vec<_> = lists.into_values().flatten().collect();
        of_others.sort_by_key(|row| row.timestamp);
        let shelf = Mutex::new(Shelf::kept(kept.published, of_others.into_iter())?);
        Ok(Self {
            url,
            size,
            is_open,
            journal,
            counts,
            bench: Bench::new(),
            registries: Mutex::new(registries),
            making: Arc::default(),
            shelf,
            shelving: tokio::sync::Mutex::default(),
        })
    }

    /// A revocation registry.
    pub(super) fn registry(&self, id: &str) -> Option<Arc<RevocationRegistry>> {
        self.registries().by_id.get(id).cloned()
    }

    /// A place for a credential, once there is one.
    pub(super) async fn seat(self: &Arc<Self>) -> Result<Seat, LedgerError> {
        loop {
            if let Some(seat) = self.free_seat() {
                if let Ok(making) = Arc::clone(&self.making).try_lock_owned()
                    && self.is_short()
                {
                    let ledger = Arc::clone(self);
                    tokio::spawn(async move {
                        if let Err(error) = ledger.make().await {
                            tracing::warn!(%error, "no revocation registry is made ahead");
                        }
                        drop(making);
                    });
                }
                return Ok(seat);
            }
            let _making = self.making.lock().await;
            // Whoever had the lock before may have made one.
            if self.has_none() {
                self.make().await?;
            }
        }
    }

    /// Makes a revocation registry, which takes half a second for each 1,000 credentials.
    async fn make(&self) -> Result<(), LedgerError> {
        let count = self.registries().all.len();
        if count >= REGISTRIES_MAX {
            return Err(LedgerError::Full(count));
        }
        let (url, size, tag) = (self.url.clone(), self.size, unique_id());
        let made = spawn_blocking(move || {
            let publisher = &issuer().published().issuer_id;
            let id = format!("{publisher}/anoncreds/v0/REV_REG_DEF/test/{tag}");
            let location = |hash: &str| revocation::tails_location(&url, hash);
            let (keys, tails) = RegistryIssuer::create(issuer(), &id, &tag, size, location)?;
            let now = since_1970().as_secs();
            Ok::<_, LedgerError>(RevocationRegistry::new(keys, tails.into(), now, &url))
        });
        let registry = made.await.map_err(|_| LedgerError::Panicked)??;
        let (row, list) = registry.rows();
        let writes = vec![Write::Registry(row), Write::List(list, Vec::new())];
        self.journal.commit(writes).await?;
        self.registries().add(Arc::new(registry));
        Ok(())
    }

    fn free_seat(&self) -> Option<Seat> {
        let registries = self.registries();
        registries.all.iter().find_map(Seat::take)
    }

    fn has_none(&self) -> bool {
        self.free_seat().is_none()
    }

    /// Whether the last registry is nearly full.
    fn is_short(&self) -> bool {
        self.registries().all.last().is_none_or(|it| it.is_short())
    }

    /// What a verifier needs to know for a presentation.
    pub(super) fn known_for(&self, presentation: &Presentation) -> Published {
        let mut known =
            Published { definitions: vec![issuer().definition().clone()], ..Published::default() };
        let mut times = BTreeSet::new();
        for identifier in presentation.identifiers.iter().take(PARTS_MAX) {
            let Some(id) = &identifier.rev_reg_id else { continue };
            let Some(registry) = self.registry(id) else { continue };
            if let Some(time) = identifier.timestamp
                && times.insert((id, time))
            {
                known.lists.extend(registry.head_of(time));
            }
            known.registries.insert(id.clone(), registry.published().clone());
        }
        known
    }

    /// A question that a list from before an interval answers as well if nothing was published in
    /// between, as agents take it.
    pub(super) fn widened(
        &self,
        request: &PresentationRequest,
        presentation: &Presentation,
    ) -> PresentationRequest {
        let ids = presentation.identifiers.iter().filter_map(|it| it.rev_reg_id.as_deref());
        let ids: BTreeSet<_> = ids.take(PARTS_MAX).collect();
        let registries: Vec<_> = ids.into_iter().filter_map(|id| self.registry(id)).collect();
        let since = |from| registries.iter().map(|it| it.newest_since(from)).min().unwrap_or(from);
        let widen = |interval: &mut Option<Interval>| {
            if let Some(Interval { from: Some(from), .. }) = interval {
                *from = since(*from);
            }
        };
        let mut request = request.clone();
        widen(&mut request.non_revoked);
        request.requested_attributes.values_mut().for_each(|it| widen(&mut it.non_revoked));
        request.requested_predicates.values_mut().for_each(|it| widen(&mut it.non_revoked));
        request
    }

    fn registries(&self) -> MutexGuard<'_, Registries> {
        // Nothing panics while it holds the registries.
        self.registries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Nothing panics while it holds the shelf.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the journal has kept of registries.
pub(super) struct KeptRegistries<'a> {
    pub(super) registries: Vec<RegistryRow>,
    pub(super) lists: Vec<ListRow>,
    pub(super) issued: &'a [IssuedRow],
    /// What others published.
    pub(super) published: Vec<PublishedRow>,
}
