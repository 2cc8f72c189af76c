//! Idle connections, kept for the next request to the same server.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{connection::Connection, settings::Settings};

/// Origins that are kept before those without connections are looked for.
const ORIGINS_MIN: usize = 1024;

/// How often all origins may be gone through.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Idle connections by origin (`http://host:port`); the one used last is the first to be taken.
pub(super) struct Pool {
    idle_timeout: Duration,
    per_origin_max: usize,
    max: usize,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    origins: HashMap<Box<str>, VecDeque<Resting>>,
    count: usize,
    swept: Option<Instant>,
}

struct Resting {
    connection: Connection,
    since: Instant,
}

impl Pool {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            idle_timeout: settings.idle_timeout,
            per_origin_max: settings.idle_per_origin_max,
            max: settings.idle_max,
            idle: Mutex::default(),
        }
    }

    /// Takes the connection to `origin` that has been idle for the shortest time.
    pub(super) fn take(&self, origin: &str) -> Option<Connection> {
        let now = Instant::now();
        let mut guard = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = &mut *guard;
        let queue = idle.origins.get_mut(origin)?;
        let last = queue.pop_back()?;
        idle.count -= 1;
        if now - last.since < self.idle_timeout {
            return Some(last.connection);
        }
        // All others have been idle for longer still.
        idle.count -= queue.len();
        let expired = std::mem::take(queue);
        drop(guard);
        drop(expired);
        None
    }

    /// Keeps a connection for the next request to `origin`, unless there are enough.
    pub(super) fn give(&self, origin: &str, connection: Connection) {
        let now = Instant::now();
        let mut closed = Vec::new();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.count >= self.max || idle.origins.len() >= ORIGINS_MIN {
            idle.sweep(now, self.idle_timeout, &mut closed);
        }
        let resting = Resting { connection, since: now };
        if idle.count < self.max && self.per_origin_max > 0 {
            self.keep(&mut idle, origin, resting, &mut closed);
        } else {
            closed.push(resting);
        }
        drop(idle);
        // Closing is a system call: nobody should wait for it.
        drop(closed);
    }

    fn keep(&self, idle: &mut Idle, origin: &str, resting: Resting, closed: &mut Vec<Resting>) {
        idle.count += 1;
        let Some(queue) = idle.origins.get_mut(origin) else {
            idle.origins.insert(origin.into(), VecDeque::from([resting]));
            return;
        };
        // Whoever takes the last leaves the first to expire: one in, two out.
        let expired = |it: &Resting| resting.since - it.since >= self.idle_timeout;
        let surplus = usize::from(queue.len() >= self.per_origin_max);
        let leaving = surplus.max(queue.iter().take(2).filter(|it| expired(it)).count());
        closed.extend(queue.drain(..leaving));
        idle.count -= leaving;
        queue.push_back(resting);
    }
}

impl Idle {
    /// Takes out what has expired, and origins without connections; not too often, as it is slow.
    fn sweep(&mut self, now: Instant, timeout: Duration, closed: &mut Vec<Resting>) {
        if self.swept.is_some_and(|swept| now - swept < SWEEP_EVERY) {
            return;
        }
        self.swept = Some(now);
        self.origins.retain(|_, queue| {
            let expired = queue.partition_point(|it| now - it.since >= timeout);
            closed.extend(queue.drain(..expired));
            !queue.is_empty()
        });
        self.count -= closed.len();
    }
}
