//! Counts by name, of which there is room for so many.

use std::collections::BTreeMap;

/// What can be added up.
pub(crate) trait Merge: Default {
    /// Adds all that another one counted.
    fn merge(&mut self, other: &Self);
}

impl Merge for u64 {
    fn merge(&mut self, other: &Self) {
        *self += other;
    }
}

/// A map of at most `LIMIT` keys; what else there is gathers in one value for all others.
///
/// The keys that come first in order are kept, not those that came first in time: so what is kept,
/// and complete, does not depend on the order in which messages arrive or tallies are merged.
#[derive(Debug, Clone)]
pub(crate) struct Bounded<K, V, const LIMIT: usize> {
    kept: BTreeMap<K, V>,
    others: Option<V>,
}

impl<K, V, const LIMIT: usize> Default for Bounded<K, V, LIMIT> {
    fn default() -> Self {
        Self { kept: BTreeMap::new(), others: None }
    }
}

impl<K: Ord + Clone, V: Merge, const LIMIT: usize> Bounded<K, V, LIMIT> {
    /// Changes the value of a key.
    pub(crate) fn update(&mut self, key: &K, change: impl FnOnce(&mut V)) {
        if let Some(value) = self.kept.get_mut(key) {
            change(value);
        } else {
            let mut value = V::default();
            change(&mut value);
            self.insert(key.clone(), value);
        }
    }

    /// Adds all that another one counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (key, value) in &other.kept {
            self.update(key, |it| it.merge(value));
        }
        if let Some(value) = &other.others {
            self.others.get_or_insert_default().merge(value);
        }
    }

    /// Every key in order, and at last what all others come to, without a key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Option<&K>, &V)> {
        let kept = self.kept.iter().map(|(key, value)| (Some(key), value));
        kept.chain(self.others.iter().map(|value| (None, value)))
    }

    /// Whether there were more keys than there was room for.
    pub(crate) fn is_cut(&self) -> bool {
        self.others.is_some()
    }

    fn insert(&mut self, key: K, value: V) {
        self.kept.insert(key, value);
        if self.kept.len() > LIMIT
            && let Some((_, last)) = self.kept.pop_last()
        {
            self.others.get_or_insert_default().merge(&last);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Three = Bounded<u8, u64, 3>;

    fn of(keys: &[u8]) -> Three {
        let mut counts = Three::default();
        for key in keys {
            counts.update(key, |n| *n += 1);
        }
        counts
    }

    fn listed(counts: &Three) -> Vec<(Option<u8>, u64)> {
        counts.iter().map(|(key, n)| (key.copied(), *n)).collect()
    }

    #[test]
    fn the_first_in_order_are_kept_and_the_rest_added_up() {
        let counts = of(&[5, 4, 4, 3, 2, 1, 5]);
        assert_eq!(listed(&counts), [(Some(1), 1), (Some(2), 1), (Some(3), 1), (None, 4)]);
        assert!(counts.is_cut());
        assert!(!of(&[1, 2, 3, 3]).is_cut());
    }

    proptest! {
        #[test]
        fn order_and_merging_change_nothing(keys: Vec<u8>, at in 0_usize..100) {
            let whole = of(&keys);
            let backwards: Vec<u8> = keys.iter().rev().copied().collect();
            let (left, right) = keys.split_at(at.min(keys.len()));
            let mut merged = of(right);
            merged.merge(&of(left));
            prop_assert_eq!(listed(&whole), listed(&of(&backwards)));
            prop_assert_eq!(listed(&whole), listed(&merged));
        }
    }
}
