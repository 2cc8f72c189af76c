//! Messages for holders that nobody can reach: each takes one along when it comes by (RFC 0092), as
//! with ACA-Py's undelivered queue. They are gone with the sandbox.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Messages that wait for all holders, and for one.
const ALL_MAX: usize = 10_000;
const EACH_MAX: usize = 100;

/// Messages that wait, by the numbers of connections.
#[derive(Default)]
pub(super) struct Waiting(Mutex<Queues>);

#[derive(Default)]
struct Queues {
    of: HashMap<i64, VecDeque<Vec<u8>>>,
    count: usize,
}

impl Waiting {
    /// Leaves a packed message; says whether there was room.
    pub(super) fn leave(&self, connection: i64, packed: Vec<u8>) -> bool {
        let mut queues = self.queues();
        let waiting = queues.of.get(&connection).map_or(0, VecDeque::len);
        let has_room = queues.count < ALL_MAX && waiting < EACH_MAX;
        if has_room {
            queues.of.entry(connection).or_default().push_back(packed);
            queues.count += 1;
        }
        has_room
    }

    /// Takes the message that has waited longest.
    pub(super) fn take(&self, connection: i64) -> Option<Vec<u8>> {
        let mut queues = self.queues();
        let queue = queues.of.get_mut(&connection)?;
        let packed = queue.pop_front();
        if queue.is_empty() {
            queues.of.remove(&connection);
        }
        queues.count -= usize::from(packed.is_some());
        packed
    }

    /// Forgets all that waits for a connection that is gone.
    pub(super) fn forget(&self, connection: i64) {
        let mut queues = self.queues();
        let gone = queues.of.remove(&connection).map_or(0, |queue| queue.len());
        queues.count -= gone;
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        // Nothing panics while it holds the queues.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many_and_again_when_they_are_gone() {
        let waiting = Waiting::default();
        let left = |of| (0..=EACH_MAX).filter(|_| waiting.leave(of, vec![0])).count();
        let holders = i64::try_from(ALL_MAX / EACH_MAX).unwrap();
        assert!((0..holders).all(|of| left(of) == EACH_MAX));
        assert_eq!(left(holders), 0);
        waiting.forget(0);
        assert!(waiting.take(1).is_some());
        assert_eq!((left(holders), left(1)), (EACH_MAX, 1));
        assert_eq!(waiting.take(0), None);
    }
}
