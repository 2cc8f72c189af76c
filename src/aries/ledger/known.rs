//! What has been read already, and who reads what has not: one, while the others wait.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Asked, LedgerError};

/// Documents of a kind that are kept; they never change, and no honest run has as many.
pub(super) const KEPT_MAX: usize = 10_000;

/// Documents of a kind, by their ids.
pub(super) struct Known<T> {
    slots: Mutex<HashMap<String, Arc<Slot<T>>>>,
}

/// The place of one document.
pub(super) struct Slot<T> {
    turn: Turn,
    value: OnceLock<T>,
}

/// Lets one ask at a time. A failure is told to all who waited while it came about, so that ten
/// thousand do not ask one after the other what does not answer; whoever comes later asks again. One
/// who gives up while asking leaves the turn to the next.
#[derive(Default)]
pub(super) struct Turn {
    last_failure: tokio::sync::Mutex<Option<LedgerError>>,
    failures: AtomicU64,
}

impl Turn {
    /// What is known by now, or what asking brings.
    pub(super) async fn take<T, Asking: Future<Output = Result<T, LedgerError>>>(
        &self,
        known: impl Fn() -> Option<T>,
        ask: impl FnOnce() -> Asking,
    ) -> Result<T, LedgerError> {
        if let Some(known) = known() {
            return Ok(known);
        }
        let before = self.failures.load(Ordering::Acquire);
        let mut last_failure = self.last_failure.lock().await;
        if let Some(known) = known() {
            return Ok(known);
        }
        let failed = self.failures.load(Ordering::Acquire) != before;
        if let Some(failure) = last_failure.as_ref().filter(|_| failed) {
            return Err(failure.clone());
        }
        // On the heap, because of ten thousand who may have to ask one does.
        let answer = Box::pin(ask()).await;
        if let Err(failure) = &answer {
            *last_failure = Some(failure.clone());
            self.failures.fetch_add(1, Ordering::Release);
        }
        answer
    }
}

impl<T: Clone> Slot<T> {
    /// The document; `find` reads it if nobody has.
    pub(super) async fn get<Finding: Future<Output = Result<T, LedgerError>>>(
        &self,
        find: impl FnOnce() -> Finding,
    ) -> Result<T, LedgerError> {
        let known = || self.value.get().cloned();
        let ask = || async {
            let value = find().await?;
            Ok(self.value.get_or_init(|| value).clone())
        };
        self.turn.take(known, ask).await
    }
}

impl<T: Clone> Known<T> {
    /// The document with this key; `find` reads it if nobody has.
    pub(super) async fn get<Finding: Future<Output = Result<T, LedgerError>>>(
        &self,
        key: &str,
        asked: &Asked,
        find: impl FnOnce() -> Finding,
    ) -> Result<T, LedgerError> {
        self.slot(key, asked)?.get(find).await
    }

    /// The document with this key if it has been read.
    pub(super) fn peek(&self, key: &str) -> Option<T> {
        self.slots().get(key)?.value.get().cloned()
    }

    fn slot(&self, key: &str, asked: &Asked) -> Result<Arc<Slot<T>>, LedgerError> {
        let mut slots = self.slots();
        if let Some(slot) = slots.get(key) {
            return Ok(Arc::clone(slot));
        }
        if slots.len() >= KEPT_MAX {
            // What was never found needs no place once nobody waits for it.
            slots.retain(|_, slot| slot.value.get().is_some() || Arc::strong_count(slot) > 1);
        }
        if slots.len() >= KEPT_MAX {
            let asked = asked.clone();
            return Err(LedgerError::Full { asked, max: KEPT_MAX, what: "documents of its kind" });
        }
        Ok(Arc::clone(slots.entry(key.to_owned()).or_default()))
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<String, Arc<Slot<T>>>> {
        // Nothing panics while it holds the slots.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self { slots: Mutex::default() }
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { turn: Turn::default(), value: OnceLock::new() }
    }
}
