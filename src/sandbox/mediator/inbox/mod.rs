//! What waits for one holder, and the line over which it flows if one is open.

#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use tokio::sync::Notify;

use crate::{
    aries::{didcomm::Verkey, protocol::pickup::Delivered},
    sandbox::counts::Counts,
};

/// Messages that may wait for one holder.
const PARCELS_MAX: usize = 1_000;
/// Bytes that may wait for one holder.
const BYTES_MAX: usize = 10 << 20;
/// Bytes that may wait for all holders.
const ALL_BYTES_MAX: u64 = 1 << 30;

/// A message for a holder, still packed.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    pub(super) number: i64,
    pub(super) to: Verkey,
    pub(super) message: Bytes,
    /// Whether the journal has it.
    pub(super) kept: bool,
}

/// How messages go over a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// As they came, and gone once sent (RFC 0092).
    AsTheyCame,
    /// As deliveries, to be acknowledged (RFC 0685).
    Delivered,
}

/// A WebSocket over which messages for a holder flow.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) way: Way,
    /// Told when something is there for it, or when nothing will be any more.
    pub(super) wake: Notify,
    slow: AtomicBool,
}

impl Line {
    pub(super) fn new(way: Way) -> Arc<Self> {
        Arc::new(Self { way, wake: Notify::new(), slow: AtomicBool::new(false) })
    }

    /// Whether it was cut because its reader was too slow.
    pub(super) fn is_slow(&self) -> bool {
        self.slow.load(Ordering::Relaxed)
    }
}

/// What became of a parcel that was put in.
#[derive(Default)]
pub(super) struct Put {
    /// Whether it is about to go.
    pub(super) flows: bool,
    /// Those that it took the place of, or itself.
    pub(super) overflowed: Vec<Parcel>,
}

/// What waits for one holder.
pub(super) struct Inbox {
    contents: Mutex<Contents>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Contents {
    parcels: VecDeque<Parcel>,
    bytes: usize,
    line: Option<Arc<Line>>,
    /// The first so many were delivered over the line, and are not acknowledged.
    delivered: usize,
}

impl Inbox {
    pub(super) fn new(counts: Arc<Counts>) -> Self {
        Self { contents: Mutex::default(), counts }
    }

    /// Puts a parcel in; the oldest make room for it. A line whose reader is so slow that this
    /// happens is cut.
    pub(super) fn put(&self, parcel: Parcel) -> Put {
        let mut contents = self.lock();
        let size = parcel.message.len();
        if size > BYTES_MAX || self.counts.queued_bytes.read() + size as u64 > ALL_BYTES_MAX {
            self.counts.overflowed.one();
            return Put { flows: false, overflowed: vec![parcel] };
        }
        let mut overflowed = Vec::new();
        while contents.parcels.len() >= PARCELS_MAX || contents.bytes + size > BYTES_MAX {
            let Some(oldest) = self.remove(&mut contents, 0) else { break };
            overflowed.push(oldest);
        }
        self.counts.overflowed.add(overflowed.len() as u64);
        contents.bytes += size;
        contents.parcels.push_back(parcel);
        self.counts.queued.one();
        self.counts.queued_bytes.add(size as u64);
        if !overflowed.is_empty()
            && let Some(slow) = contents.hang_up()
        {
            self.counts.sockets_dropped.one();
            slow.slow.store(true, Ordering::Relaxed);
            slow.wake.notify_one();
        }
        let line = contents.line.as_ref().inspect(|line| line.wake.notify_one());
        // What is delivered stays until it is acknowledged.
        Put { flows: line.is_some_and(|line| line.way == Way::AsTheyCame), overflowed }
    }

    /// Puts back what could not be sent after all.
    pub(super) fn put_back(&self, parcel: Parcel) {
        let mut contents = self.lock();
        self.counts.queued.one();
        self.counts.queued_bytes.add(parcel.message.len() as u64);
        contents.bytes += parcel.message.len();
        contents.parcels.push_front(parcel);
    }

    /// Lets messages flow over this line from now on, and over no other.
    pub(super) fn open(&self, line: &Arc<Line>) {
        let mut contents = self.lock();
        let before = contents.hang_up();
        contents.line = Some(Arc::clone(line));
        drop(contents);
        line.wake.notify_one();
        if let Some(before) = before {
            before.wake.notify_one();
        }
    }

    /// Lets nothing flow over this line any more, if anything did.
    pub(super) fn close(&self, line: &Arc<Line>) {
        let mut contents = self.lock();
        if contents.is_open(line) {
            contents.hang_up();
        }
    }

    /// Whether messages flow over this line.
    pub(super) fn is_open(&self, line: &Arc<Line>) -> bool {
        self.lock().is_open(line)
    }

    /// What is to be sent over this line next, as it came.
    pub(super) fn next(&self, line: &Arc<Line>) -> Option<Parcel> {
        let mut contents = self.lock();
        if contents.is_open(line) { self.remove(&mut contents, 0) } else { None }
    }

    /// What is to be delivered over this line next.
    pub(super) fn deliver(&self, line: &Arc<Line>, limit: usize) -> Vec<Delivered> {
        let mut contents = self.lock();
        if !contents.is_open(line) {
            return Vec::new();
        }
        let from = contents.delivered.min(contents.parcels.len());
        let next: Vec<_> = contents.parcels.iter().skip(from).take(limit).map(delivered).collect();
        contents.delivered = from + next.len();
        next
    }

    /// Takes up to `limit` parcels out.
    pub(super) fn take(&self, limit: usize) -> Vec<Parcel> {
        let mut contents = self.lock();
        (0..limit).map_while(|_| self.remove(&mut contents, 0)).collect()
    }

    /// Shows up to `limit` parcels, of all keys or of one; they stay until they are acknowledged.
    pub(super) fn show(&self, limit: usize, of: Option<Verkey>) -> Vec<Delivered> {
        let contents = self.lock();
        let wanted = contents.parcels.iter().filter(|it| of.is_none_or(|key| key == it.to));
        wanted.take(limit).map(delivered).collect()
    }

    /// How many parcels there are, of all keys or of one.
    pub(super) fn count(&self, of: Option<Verkey>) -> u64 {
        let contents = self.lock();
        contents.parcels.iter().filter(|it| of.is_none_or(|key| key == it.to)).count() as u64
    }

    /// Takes out those that have arrived.
    pub(super) fn acknowledge(&self, ids: &[String]) -> Vec<Parcel> {
        let mut contents = self.lock();
        let numbers = ids.iter().filter_map(|id| id.parse::<i64>().ok());
        numbers
            .filter_map(|number| {
                let at = contents.parcels.iter().position(|it| it.number == number)?;
                self.remove(&mut contents, at)
            })
            .collect()
    }

    /// Those that the journal does not have.
    pub(super) fn unkept(&self) -> Vec<Parcel> {
        self.lock().parcels.iter().filter(|it| !it.kept).cloned().collect()
    }

    /// Notes that the journal has it; says whether it is still there.
    pub(super) fn is_kept(&self, number: i64) -> bool {
        let mut contents = self.lock();
        let parcel = contents.parcels.iter_mut().find(|it| it.number == number);
        parcel.map(|it| it.kept = true).is_some()
    }

    fn remove(&self, contents: &mut Contents, at: usize) -> Option<Parcel> {
        let parcel = contents.parcels.remove(at)?;
        contents.bytes -= parcel.message.len();
        contents.delivered -= usize::from(at < contents.delivered);
        self.counts.queued.less(1);
        self.counts.queued_bytes.less(parcel.message.len() as u64);
        Some(parcel)
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        // Nothing panics while it holds the contents.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        let contents = self.contents.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.counts.queued.less(contents.parcels.len() as u64);
        self.counts.queued_bytes.less(contents.bytes as u64);
    }
}

impl Contents {
    fn is_open(&self, line: &Arc<Line>) -> bool {
        self.line.as_ref().is_some_and(|it| Arc::ptr_eq(it, line))
    }

    fn hang_up(&mut self) -> Option<Arc<Line>> {
        self.delivered = 0;
        self.line.take()
    }
}

fn delivered(parcel: &Parcel) -> Delivered {
    Delivered { id: parcel.number.to_string(), packed: parcel.message.to_vec() }
}
