//! The failures of a run: what, where, how often, and what the first one said.

use std::{collections::BTreeMap, time::Duration};

use super::{
    fold::{ErrorGroup, Merge},
    scope::{Lane, OTHERS, named},
};

/// Failures of one kind, in one place.
#[derive(Debug)]
pub(crate) struct Failures {
    pub(crate) kind: String,
    pub(crate) journey: String,
    /// `None` where it happened outside of any.
    pub(crate) transaction: Option<String>,
    pub(crate) count: u64,
    pub(crate) first: Duration,
    pub(crate) last: Duration,
    /// What the first one said.
    pub(crate) sample: String,
}

/// Lists all failures, the most frequent first.
pub(crate) fn failures(lanes: &[Lane<'_>]) -> Vec<Failures> {
    let mut groups: BTreeMap<(String, String, Option<String>), ErrorGroup> = BTreeMap::new();
    for lane in lanes {
        for (key, group) in lane.tally.errors.iter() {
            let (kind, transaction) = match key {
                Some((kind, transaction)) => {
                    (kind.to_string(), transaction.as_ref().map(|it| named(Some(it))))
                }
                None => (OTHERS.to_owned(), None),
            };
            let key = (kind, lane.journey().to_owned(), transaction);
            groups.entry(key).or_default().merge(group);
        }
    }
    let mut failures: Vec<_> = groups.into_iter().map(listed).collect();
    failures.sort_by_key(|it| std::cmp::Reverse(it.count));
    failures
}

fn listed(
    ((kind, journey, transaction), group): ((String, String, Option<String>), ErrorGroup),
) -> Failures {
    let (first, sample) =
        group.first.map_or((group.last, String::new()), |(at, message)| (at, message.to_string()));
    Failures { kind, journey, transaction, count: group.count, first, last: group.last, sample }
}
