//! Exchanges under way and those that ended lately; they are gone with the sandbox.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use super::Other;
use crate::{
    aries::{
        didcomm::{Kind, Verkey},
        protocol::Format,
    },
    sandbox::desk::{Refused, now},
};

/// Exchanges of one agent; with one more the oldest is forgotten.
const EXCHANGES_MAX: usize = 20_000;

/// Where an exchange's messages come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Peer {
    /// The number of a connection.
    Connection(i64),
    /// The invitation that its first message was attached to.
    Invitation(String),
}

/// An exchange, with all that is particular to issuing or verifying.
pub(super) struct Exchange<T> {
    pub(super) id: String,
    pub(super) thread: String,
    pub(super) format: Format,
    pub(super) connection_id: Option<String>,
    /// Whether the other side began.
    pub(super) proposed: bool,
    /// Whether nobody wants to hear of it when it is done.
    pub(super) auto_remove: bool,
    pub(super) created_at: String,
    /// Who answered an invitation first; nobody else is heard.
    stranger: OnceLock<Verkey>,
    standing: Mutex<T>,
}

impl<T> Exchange<T> {
    pub(super) fn new(id: String, thread: &str, format: Format, standing: T) -> Self {
        Self {
            id,
            thread: thread.to_owned(),
            format,
            connection_id: None,
            proposed: false,
            auto_remove: false,
            created_at: now(),
            stranger: OnceLock::new(),
            standing: Mutex::new(standing),
        }
    }

    /// Where it stands.
    pub(super) fn standing(&self) -> MutexGuard<'_, T> {
        // What panics in the mathematics is caught there, and nothing else does.
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_with(&self, other: &Other) -> bool {
        match other {
            Other::Connection(_) => true,
            Other::Stranger(stranger) => {
                *self.stranger.get_or_init(|| stranger.key) == stranger.key
            }
        }
    }
}

/// The exchanges of an agent.
pub(super) struct Exchanges<T>(Mutex<Book<T>>);

struct Book<T> {
    entries: HashMap<String, Entry<T>>,
    /// By whom they are with and by their threads.
    ids: HashMap<(Peer, String), String>,
    /// The oldest first; some are forgotten already.
    ages: VecDeque<String>,
}

/// An exchange and whom it is with.
pub(super) struct Entry<T> {
    exchange: Arc<Exchange<T>>,
    /// Nobody knows yet of one whose first message is not attached.
    pub(super) peer: Option<Peer>,
}

impl<T> Default for Exchanges<T> {
    fn default() -> Self {
        let (entries, ids, ages) = Default::default();
        Self(Mutex::new(Book { entries, ids, ages }))
    }
}

impl<T> Exchanges<T> {
    /// Begins an exchange; says whom the one is with that has to be forgotten for it.
    pub(super) fn begin(
        &self,
        exchange: Exchange<T>,
        peer: Option<Peer>,
    ) -> Result<(Arc<Exchange<T>>, Option<Peer>), Refused> {
        let mut book = self.book();
        if let Some(peer) = peer.clone() {
            let place = (peer, exchange.thread.clone());
            if book.ids.contains_key(&place) {
                return Err(Refused::OutOfTurn("message that begins an exchange".into()));
            }
            book.ids.insert(place, exchange.id.clone());
        }
        let exchange = Arc::new(exchange);
        let entry = Entry { exchange: Arc::clone(&exchange), peer };
        book.entries.insert(exchange.id.clone(), entry);
        book.ages.push_back(exchange.id.clone());
        let oldest = (book.ages.len() > EXCHANGES_MAX).then(|| book.ages.pop_front()).flatten();
        let forgotten = oldest.and_then(|id| book.forget(&id));
        Ok((exchange, forgotten.and_then(|entry| entry.peer)))
    }

    /// Notes that the first message of an exchange is attached to an invitation; says whether it was
    /// to none before.
    pub(super) fn attach(&self, id: &str, invitation: &str) -> bool {
        let mut book = self.book();
        let peer = Peer::Invitation(invitation.to_owned());
        let Some(entry) = book.entries.get_mut(id).filter(|entry| entry.peer.is_none()) else {
            return false;
        };
        entry.peer = Some(peer.clone());
        let place = (peer, entry.exchange.thread.clone());
        book.ids.insert(place, id.to_owned());
        true
    }

    pub(super) fn get(&self, id: &str) -> Option<Arc<Exchange<T>>> {
        self.book().entries.get(id).map(|entry| Arc::clone(&entry.exchange))
    }

    /// The exchange with somebody that has this thread.
    pub(super) fn find(
        &self,
        other: &Other,
        thread: &str,
        kind: &Kind,
    ) -> Result<Arc<Exchange<T>>, Refused> {
        let book = self.book();
        let found = other.peers().into_iter().find_map(|peer| {
            let id = book.ids.get(&(peer, thread.to_owned()))?;
            book.entries.get(id)
        });
        let found = found.map(|entry| &entry.exchange).filter(|it| it.is_with(other));
        found.cloned().ok_or_else(|| Refused::OutOfTurn(kind.to_string()))
    }

    /// Forgets an exchange.
    pub(super) fn forget(&self, id: &str) -> Option<Entry<T>> {
        self.book().forget(id)
    }

    fn book(&self) -> MutexGuard<'_, Book<T>> {
        // Nothing panics while it holds the book.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Book<T> {
    fn forget(&mut self, id: &str) -> Option<Entry<T>> {
        let entry = self.entries.remove(id)?;
        if let Some(peer) = entry.peer.clone() {
            self.ids.remove(&(peer, entry.exchange.thread.clone()));
        }
        Some(entry)
    }
}
