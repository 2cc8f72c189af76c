//! A state of a revocation registry, as compact as many of them are kept.

use crate::{aries::anoncreds::RevocationStatusList, sandbox::journal::ListRow};

/// A list that was published: a bit an index, and the accumulator.
pub(super) struct List {
    length: u32,
    /// Eight indices a byte, the lowest bit first.
    bits: Box<[u8]>,
    /// The list without its bits.
    head: RevocationStatusList,
}

impl List {
    pub(super) fn of(mut list: RevocationStatusList) -> Self {
        let revoked: Vec<_> = std::mem::take(&mut list.revocation_list).iter().collect();
        let byte = |bits: &[bool]| {
            bits.iter().rev().fold(0_u8, |byte, revoked| byte << 1 | u8::from(*revoked))
        };
        let length = u32::try_from(revoked.len()).unwrap_or(u32::MAX);
        Self { length, bits: revoked.chunks(8).map(byte).collect(), head: list }
    }

    /// In seconds since 1970.
    pub(super) fn timestamp(&self) -> u64 {
        self.head.timestamp.unwrap_or_default()
    }

    /// What a verifier looks at: all but the bits.
    pub(super) fn head(&self) -> &RevocationStatusList {
        &self.head
    }

    /// The list as it was published.
    pub(super) fn whole(&self) -> RevocationStatusList {
        let bit = |index: u32| {
            self.bits.get((index / 8) as usize).is_some_and(|byte| byte >> (index % 8) & 1 == 1)
        };
        let revocation_list = (0..self.length).map(bit).collect();
        RevocationStatusList { revocation_list, ..self.head.clone() }
    }

    pub(super) fn row(&self, registry: &str) -> ListRow {
        ListRow {
            registry: registry.to_owned(),
            timestamp: self.timestamp(),
            length: self.length,
            bits: self.bits.to_vec(),
            head: serde_json::to_string(&self.head).expect("a list can be written as JSON"),
        }
    }

    /// A list as kept.
    pub(super) fn kept(row: ListRow) -> serde_json::Result<Self> {
        let head = serde_json::from_str(&row.head)?;
        Ok(Self { length: row.length, bits: row.bits.into(), head })
    }
}

/// The newest of some lists, in order of time, that is not after a time; else the oldest.
pub(super) fn newest(lists: &[List], to: u64) -> Option<&List> {
    let after = lists.partition_point(|list| list.timestamp() <= to);
    lists.get(after.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(revocation_list: Vec<bool>, timestamp: u64) -> RevocationStatusList {
        let (rev_reg_def_id, issuer_id) = (Some("registry".into()), "issuer".into());
        let timestamp = Some(timestamp);
        RevocationStatusList {
            rev_reg_def_id,
            issuer_id,
            revocation_list: revocation_list.into_iter().collect(),
            accumulator: None,
            timestamp,
        }
    }

    proptest! {
        #[test]
        fn a_list_is_the_same_when_it_was_kept(bits: Vec<bool>, timestamp in 0_u64..1 << 40) {
            let published = list(bits, timestamp);
            let packed = List::of(published.clone());
            prop_assert_eq!(packed.whole(), published.clone());
            let kept = List::kept(packed.row("registry")).unwrap();
            prop_assert_eq!(kept.whole(), published);
        }
    }

    #[test]
    fn the_newest_list_that_is_not_after_a_time_counts_and_else_the_oldest() {
        let lists = [10, 20, 21].map(|time| List::of(list(vec![], time)));
        let found = [0, 9, 10, 19, 20, 21, 99].map(|to| newest(&lists, to).map(List::timestamp));
        assert_eq!(found, [10, 10, 10, 10, 20, 21, 21].map(Some));
        assert!(newest(&[], 7).is_none());
    }
}
