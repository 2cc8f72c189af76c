//! What the Aries half must not forget: keys, invitations, connections, routes, queued messages, and
//! what was issued and revoked.
//!
//! One thread owns the database; what many write at a time it commits at a time, and whoever waits
//! is told after the commit.

mod credentials;
mod rows;
mod tables;

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
};

use tokio::sync::{mpsc, oneshot};

pub(super) use self::rows::{
    ConnectionRow, InvitationRow, IssuedRow, Kept, ListRow, ParcelRow, PendingRow, PublishedRow,
    RegistryRow, RouteRow, Write,
};
use self::tables::Tables;
use super::{SandboxError, Store};

/// Writes that may wait for the database; who has one more waits to hand it over.
const QUEUE: usize = 4_096;
/// Writes committed at a time.
const BATCH: usize = 512;

/// Why something is not kept.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum JournalError {
    #[error("the sandbox's state cannot be written: {0}")]
    Database(Arc<rusqlite::Error>),
    #[error("the sandbox is about to end")]
    Ending,
}

/// Writes that belong together, and who waits for them.
struct Entry {
    writes: Vec<Write>,
    done: Option<oneshot::Sender<Result<(), JournalError>>>,
}

/// A way to have things kept; without a directory nothing is.
#[derive(Clone)]
pub(super) struct Journal {
    entries: Option<mpsc::Sender<Entry>>,
}

/// The thread of the database; it ends when nobody can write any more.
pub(super) type Clerk = JoinHandle<Result<(), SandboxError>>;

impl Journal {
    /// Opens the journal of a store and reads what it has kept.
    pub(super) fn open(store: &Store) -> Result<(Self, Kept, Option<Clerk>), SandboxError> {
        let Store::Directory(directory) = store else {
            return Ok((Self { entries: None }, Kept::default(), None));
        };
        let mut tables = Tables::open(directory)?;
        let kept = tables.read()?;
        let (entries, written) = mpsc::channel(QUEUE);
        let clerk = thread::Builder::new()
            .name("sandbox-journal".into())
            .spawn(move || keep(tables, written))
            .map_err(SandboxError::Thread)?;
        Ok((Self { entries: Some(entries) }, kept, Some(clerk)))
    }

    /// Has writes kept; returns when they are.
    pub(super) async fn commit(&self, writes: Vec<Write>) -> Result<(), JournalError> {
        let Some(entries) = &self.entries else { return Ok(()) };
        let (done, told) = oneshot::channel();
        let entry = Entry { writes, done: Some(done) };
        entries.send(entry).await.map_err(|_| JournalError::Ending)?;
        told.await.map_err(|_| JournalError::Ending)?
    }

    /// Has writes kept some time: whoever would be told does not care.
    pub(super) async fn note(&self, writes: Vec<Write>) {
        if let Some(entries) = &self.entries
            && !writes.is_empty()
        {
            // When the sandbox ends nobody is left who would care.
            let _ = entries.send(Entry { writes, done: None }).await;
        }
    }

    /// Whether anything is kept at all.
    pub(super) fn keeps(&self) -> bool {
        self.entries.is_some()
    }
}

fn keep(mut tables: Tables, mut written: mpsc::Receiver<Entry>) -> Result<(), SandboxError> {
    let mut batch = Vec::with_capacity(BATCH);
    while written.blocking_recv_many(&mut batch, BATCH) > 0 {
        let kept = tables.write(batch.iter().flat_map(|entry: &Entry| &entry.writes));
        let kept = kept.map_err(|error| JournalError::Database(Arc::new(error)));
        for done in batch.drain(..).filter_map(|entry| entry.done) {
            // Whoever asked and went away does not need the answer.
            let _ = done.send(kept.clone());
        }
    }
    tables.close()
}
