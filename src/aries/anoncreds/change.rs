//! What differs between lists of a registry, found out once for all its holders.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anoncreds_clsignatures as cl;

use super::RevocationStatusList;

/// Most differences that are remembered; holders need those between the newest lists.
const CHANGES_MAX: usize = 8;

/// The differences that were asked for last.
#[derive(Default)]
pub(super) struct Changes(Mutex<VecDeque<Arc<Change>>>);

/// What differs between two lists.
pub(super) struct Change {
    /// None is the list in which nothing is revoked.
    from: Option<Arc<RevocationStatusList>>,
    to: Arc<RevocationStatusList>,
    /// As a witness is brought from one to the other.
    pub(super) delta: cl::RevocationRegistryDelta,
}

impl Changes {
    /// What differs between lists of a registry for `size` credentials; the accumulator is the later's.
    pub(super) fn between(
        &self,
        from: Option<&Arc<RevocationStatusList>>,
        to: &Arc<RevocationStatusList>,
        accumulator: &cl::Accumulator,
        size: u32,
    ) -> Arc<Change> {
        let same = |it: &&Arc<Change>| {
            let from_same = match (&it.from, from) {
                (None, None) => true,
                (Some(known), Some(from)) => Arc::ptr_eq(known, from),
                (None, Some(_)) | (Some(_), None) => false,
            };
            from_same && Arc::ptr_eq(&it.to, to)
        };
        if let Some(known) = self.lock().iter().find(same) {
            return Arc::clone(known);
        }
        let change = Arc::new(Change::new(from, to, accumulator, size));
        let mut changes = self.lock();
        changes.truncate(CHANGES_MAX - 1);
        changes.push_front(Arc::clone(&change));
        change
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Change>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Change {
    fn new(
        from: Option<&Arc<RevocationStatusList>>,
        to: &Arc<RevocationStatusList>,
        accumulator: &cl::Accumulator,
        size: u32,
    ) -> Self {
        let (mut issued, mut revoked) = (HashSet::new(), HashSet::new());
        for index in 1..=size {
            match (from.is_some_and(|from| from.revokes(index)), to.revokes(index)) {
                (false, true) => revoked.insert(index),
                (true, false) => issued.insert(index),
                (false, false) | (true, true) => continue,
            };
        }
        let delta = cl::RevocationRegistryDelta::from_parts(
            None,
            &(*accumulator).into(),
            &issued,
            &revoked,
        );
        Self { from: from.cloned(), to: Arc::clone(to), delta }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(revoked: u32) -> Arc<RevocationStatusList> {
        Arc::new(RevocationStatusList {
            rev_reg_def_id: None,
            issuer_id: "issuer".into(),
            revocation_list: (0..10).map(|index| index == revoked).collect(),
            accumulator: None,
            timestamp: None,
        })
    }

    #[test]
    fn a_difference_is_found_out_once_and_few_are_remembered() {
        let (changes, accumulator) = (Changes::default(), cl::Accumulator::new_inf().unwrap());
        let lists = [1, 2, 3].map(list);
        let between = |from: Option<&_>, to: &_| changes.between(from, to, &accumulator, 10);
        let first = between(Some(&lists[0]), &lists[1]);
        assert!(Arc::ptr_eq(&first, &between(Some(&lists[0]), &lists[1])));
        for (from, to) in
            [(None, &lists[1]), (Some(&lists[1]), &lists[0]), (Some(&lists[0]), &lists[2])]
        {
            assert!(!Arc::ptr_eq(&first, &between(from, to)));
        }
        for _ in 0..20 {
            between(None, &list(4));
        }
        assert_eq!(changes.lock().len(), CHANGES_MAX);
        assert!(!Arc::ptr_eq(&first, &between(Some(&lists[0]), &lists[1])));
    }
}
