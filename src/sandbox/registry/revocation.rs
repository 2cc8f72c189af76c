//! A revocation registry: who has which place in it, and what was published of it.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::time::sleep;

use super::{
    LedgerError,
    list::{List, newest},
};
use crate::{
    aries::anoncreds::{
        Credential, CredentialOffer, CredentialRequest, Error, Issuer, Place, Registry,
        RegistryIssuer, RevocationRegistryDefinition, RevocationStatusList,
    },
    sandbox::{
        desk::since_1970,
        journal::{ListRow, RegistryRow},
    },
};

/// A registry; as many lists are kept of it as it can ever have, one for each place and one more.
pub(in super::super) struct RevocationRegistry {
    issuer: RegistryIssuer,
    published: RevocationRegistryDefinition,
    tails: Bytes,
    /// Parsed when it is first needed: most registries of a restart are full.
    with_tails: OnceLock<Registry>,
    state: Mutex<State>,
    /// Whoever has it publishes; the others' revocations are published along.
    press: tokio::sync::Mutex<()>,
}

struct State {
    /// Places that nobody has, the lowest last.
    free: Vec<u32>,
    /// In order of time; never empty.
    lists: Vec<List>,
    newest: Arc<RevocationStatusList>,
    /// What shall be revoked by the next list.
    asked: BTreeSet<u32>,
}

impl RevocationRegistry {
    /// A registry in which nobody has a place, as of a time in seconds since 1970; `url` is where
    /// the tails will be.
    pub(super) fn new(issuer: RegistryIssuer, tails: Bytes, timestamp: u64, url: &str) -> Self {
        let first = issuer.first_list(timestamp);
        let lists = vec![List::of(first.clone())];
        let size = issuer.published().value.max_cred_num;
        let free = (1..size).rev().collect();
        let state = State { free, lists, newest: Arc::new(first), asked: BTreeSet::new() };
        Self::with_state(issuer, tails, state, url)
    }

    /// A registry as kept, in which somebody has the places that are `taken`; `None` if it has no
    /// list.
    pub(super) fn kept(
        row: RegistryRow,
        lists: Vec<ListRow>,
        taken: &HashSet<u32>,
        url: &str,
    ) -> Result<Option<Self>, LedgerError> {
        let issuer = RegistryIssuer::from_json(&row.keys)?;
        let lists = lists.into_iter().map(List::kept).collect::<Result<Vec<_>, _>>()?;
        let size = issuer.published().value.max_cred_num;
        let free = (1..size).rev().filter(|index| !taken.contains(index)).collect();
        let Some(newest) = lists.last().map(List::whole) else { return Ok(None) };
        let state = State { free, lists, newest: Arc::new(newest), asked: BTreeSet::new() };
        Ok(Some(Self::with_state(issuer, row.tails, state, url)))
    }

    fn with_state(issuer: RegistryIssuer, tails: Bytes, state: State, url: &str) -> Self {
        let mut published = issuer.published().clone();
        // The sandbox may be at another address than when the registry was made.
        published.value.tails_location = tails_location(url, &published.value.tails_hash);
        let (state, press) = (Mutex::new(state), tokio::sync::Mutex::default());
        Self { issuer, published, tails, with_tails: OnceLock::new(), state, press }
    }

    pub(in super::super) fn id(&self) -> &str {
        self.issuer.id()
    }

    pub(super) fn published(&self) -> &RevocationRegistryDefinition {
        &self.published
    }

    pub(super) fn tails(&self) -> Bytes {
        self.tails.clone()
    }

    /// What is to be kept of a new registry.
    pub(super) fn rows(&self) -> (RegistryRow, ListRow) {
        let (id, keys) = (self.id().to_owned(), self.issuer.to_json());
        let list = self.state().lists[0].row(&id);
        (RegistryRow { id, keys, tails: self.tails() }, list)
    }

    /// Takes a place that nobody has.
    pub(super) fn take(&self) -> Option<u32> {
        self.state().free.pop()
    }

    /// Gives a place back that nobody got.
    pub(super) fn give_back(&self, index: u32) {
        self.state().free.push(index);
    }

    /// Whether more than four fifths of the places are taken.
    pub(super) fn is_short(&self) -> bool {
        self.state().free.len() * 5 < self.published.value.max_cred_num as usize
    }

    /// The list that is the newest at a time; by default of all.
    pub(super) fn list(&self, to: Option<u64>) -> RevocationStatusList {
        let state = self.state();
        let list = to.and_then(|to| newest(&state.lists, to));
        list.map_or_else(|| (*state.newest).clone(), List::whole)
    }

    /// What a verifier needs of the list of exactly this time.
    pub(super) fn head_of(&self, timestamp: u64) -> Option<RevocationStatusList> {
        let state = self.state();
        let list = newest(&state.lists, timestamp)?;
        (list.timestamp() == timestamp).then(|| list.head().clone())
    }

    /// Since when a time's list was the newest; the time itself if there was none.
    pub(super) fn newest_since(&self, time: u64) -> u64 {
        let state = self.state();
        newest(&state.lists, time).map_or(time, |list| list.timestamp().min(time))
    }

    /// Signs a credential for a place.
    pub(super) fn issue(
        &self,
        issuer: &Issuer,
        index: u32,
        (offer, request): (&CredentialOffer, &CredentialRequest),
        values: &BTreeMap<String, String>,
    ) -> Result<Credential, Error> {
        let list = Arc::clone(&self.state().newest);
        let registry = self.with_tails()?;
        let place = Place { issuer: &self.issuer, registry, list: &list, index };
        issuer.issue(offer, request, values, Some(place))
    }

    /// The next list, of all that was asked for since the last; not before a second after that.
    /// `None` if nothing was asked for: whoever waited has been served along.
    pub(super) async fn next(&self) -> Option<Next> {
        let due = {
            let mut state = self.state();
            state.forget_revoked();
            if state.asked.is_empty() {
                return None;
            }
            state.newest.timestamp.unwrap_or_default() + 1
        };
        // A clock that was put back is not waited for.
        let wait = Duration::from_secs(due).saturating_sub(since_1970());
        sleep(wait.min(Duration::from_secs(1))).await;
        let mut state = self.state();
        state.forget_revoked();
        let indices = std::mem::take(&mut state.asked).into_iter().collect();
        let timestamp = since_1970().as_secs().max(due);
        Some(Next { indices, timestamp, after: Arc::clone(&state.newest) })
    }

    /// Computes the next list.
    pub(super) fn revoke(&self, next: &Next) -> Result<RevocationStatusList, Error> {
        self.issuer.revoke(self.with_tails()?, &next.after, &next.indices, next.timestamp)
    }

    /// Publishes the next list.
    pub(super) fn publish(&self, list: RevocationStatusList) {
        let mut state = self.state();
        state.lists.push(List::of(list.clone()));
        state.newest = Arc::new(list);
    }

    /// Asks that places be revoked by the next list.
    pub(super) fn ask(&self, indices: impl IntoIterator<Item = u32>) {
        self.state().asked.extend(indices);
    }

    pub(in super::super) fn revokes(&self, index: u32) -> bool {
        self.state().newest.revokes(index)
    }

    pub(super) async fn press(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.press.lock().await
    }

    fn with_tails(&self) -> Result<&Registry, Error> {
        if let Some(registry) = self.with_tails.get() {
            return Ok(registry);
        }
        let registry = Registry::new(self.id(), self.issuer.published(), &self.tails)?;
        Ok(self.with_tails.get_or_init(|| registry))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Passes over what was asked for and has been published meanwhile.
    fn forget_revoked(&mut self) {
        let newest = &self.newest;
        self.asked.retain(|index| !newest.revokes(*index));
    }
}

/// A list that is to be published.
pub(super) struct Next {
    pub(super) indices: Vec<u32>,
    timestamp: u64,
    after: Arc<RevocationStatusList>,
}

/// Where a tails file is, below the registry's URL.
pub(super) fn tails_location(url: &str, hash: &str) -> String {
    format!("{url}/tails/{hash}")
}
