//! What is known of a registry's revocation status lists, and which of them answers a question.
//!
//! Lists are published one after the other, so that one is the newest for a span of time: from its
//! timestamp until shortly before it was read, or until the time it was asked for by. For the time
//! that is not over, the newest of all counts for as long as the settings allow.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::time::Instant;

use super::known::Turn;
use crate::aries::anoncreds::RevocationStatusList;

/// Lists of a registry that are kept; of more, the one that was read first is read anew.
const KEPT_MAX: usize = 16;
/// Seconds by which the clock of a registry may be behind ours: what it published with a timestamp
/// in that time may not have been there when it was asked.
pub(super) const SETTLING_SECONDS: u64 = 10;

/// What is known of a registry's lists.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) turn: Turn,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How often credentials of the registry have been revoked, as far as we were told.
    revocations: u64,
    newest: Option<(Listed, Moment)>,
    spans: VecDeque<Span>,
    /// Every list that somebody still holds, by its timestamp: there are never two copies.
    held: HashMap<u64, Weak<RevocationStatusList>>,
}

/// When somebody asked, or began to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    at: Instant,
    revocations: u64,
}

/// A list with its timestamp, in seconds since the epoch.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) timestamp: u64,
    pub(super) list: Arc<RevocationStatusList>,
}

/// A list that is the newest of any time in a span, whose ends are in it.
struct Span {
    from: u64,
    until: u64,
    of: Listed,
    read: Moment,
}

impl Lists {
    /// The present moment, at which somebody asks or begins to read.
    pub(super) fn now(&self) -> Moment {
        Moment { at: Instant::now(), revocations: self.state().revocations }
    }

    /// Lets nothing that was read before now answer who asks from now on.
    pub(super) fn has_revoked(&self) {
        self.state().revocations += 1;
    }

    /// The list that answers who asked at a moment for the newest by a time, if it is known.
    pub(super) fn settle(
        &self,
        to: Option<u64>,
        asked: Moment,
        refresh: Duration,
    ) -> Option<Arc<RevocationStatusList>> {
        let newest = self.newest(asked, refresh);
        if let Some(newest) = newest.filter(|it| to.is_none_or(|to| to >= it.timestamp)) {
            return Some(newest.list);
        }
        let (to, state) = (to?, self.state());
        let spans = state.spans.iter().filter(|it| it.read.revocations >= asked.revocations);
        let mut found = spans.filter(|it| (it.from..=it.until).contains(&to));
        found.next().map(|it| Arc::clone(&it.of.list))
    }

    /// The newest list of all, for who asked at a moment, if it is known.
    pub(super) fn newest(&self, asked: Moment, refresh: Duration) -> Option<Listed> {
        let state = self.state();
        let (newest, read) = state.newest.as_ref()?;
        // Who asked first and waited for its turn is content with what was read meanwhile.
        let age = asked.at.saturating_duration_since(read.at);
        let is_new = age.is_zero() || age < refresh;
        (is_new && read.revocations >= asked.revocations).then(|| newest.clone())
    }

    /// Keeps what was the newest list of all when reading it began; `now` is that in seconds since
    /// the epoch.
    pub(super) fn keep_newest(&self, list: Listed, read: Moment, now: u64) -> Listed {
        let mut state = self.state();
        let list = state.shared(list);
        state.newest = Some((list.clone(), read));
        let until = now.saturating_sub(SETTLING_SECONDS);
        if until >= list.timestamp {
            state.span(Span { from: list.timestamp, until, of: list.clone(), read });
        }
        list
    }

    /// Keeps what is the newest list by a time that is over, or the oldest if all are later.
    pub(super) fn keep_past(&self, list: Listed, read: Moment, to: u64) -> Listed {
        let mut state = self.state();
        let list = state.shared(list);
        let from = if list.timestamp > to { 0 } else { list.timestamp };
        let until = to.max(list.timestamp);
        state.span(Span { from, until, of: list.clone(), read });
        list
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The copy that somebody holds already, or this one.
    fn shared(&mut self, new: Listed) -> Listed {
        let held = self.held.get(&new.timestamp).and_then(Weak::upgrade);
        if let Some(list) = held.filter(|held| **held == *new.list) {
            return Listed { list, ..new };
        }
        self.held.retain(|_, list| list.strong_count() > 0);
        self.held.insert(new.timestamp, Arc::downgrade(&new.list));
        new
    }

    fn span(&mut self, mut new: Span) {
        let same = |it: &Span| Arc::ptr_eq(&it.of.list, &new.of.list);
        if let Some(known) = self.spans.iter().position(same).and_then(|at| self.spans.remove(at))
            && known.read.revocations == new.read.revocations
        {
            new.from = new.from.min(known.from);
            new.until = new.until.max(known.until);
        }
        if self.spans.len() >= KEPT_MAX {
            self.spans.pop_front();
        }
        self.spans.push_back(new);
    }
}
