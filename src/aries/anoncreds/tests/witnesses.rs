//! Claims about witnesses: sums and differences that holders share make the library's own.

use std::{collections::HashSet, sync::Arc};

use anoncreds_clsignatures as cl;

use super::{
    receiving::{SIZE, desk},
    *,
};

fn list(revoked: &HashSet<u32>) -> Arc<RevocationStatusList> {
    let mut list = (*desk().list).clone();
    // The registry's last index has no bit.
    list.revocation_list = (0..SIZE).map(|index| revoked.contains(&index)).collect();
    list.accumulator = Some(Numbers(desk().accumulator(revoked)));
    list.timestamp = Some(20 + revoked.len() as u64);
    Arc::new(list)
}

/// The witness as the library makes it, of those revoked or, if these are few, of those issued.
fn expected(index: u32, revoked: &HashSet<u32>, by_default: bool) -> cl::Witness {
    let issued = (1..=SIZE).filter(|it| !revoked.contains(it)).collect();
    let accumulator = desk().list.accumulator.as_ref().unwrap().0.into();
    let delta = cl::RevocationRegistryDelta::from_parts(None, &accumulator, &issued, revoked);
    cl::Witness::new(index, SIZE, by_default, &delta, desk().registry.tails()).unwrap()
}

fn index() -> impl Strategy<Value = u32> {
    prop_oneof![Just(1), Just(SIZE - 1), Just(SIZE), 1..=SIZE]
}

fn revoked() -> impl Strategy<Value = HashSet<u32>> {
    let some = proptest::collection::hash_set(1..SIZE, 0..SIZE as usize);
    prop_oneof![Just(HashSet::new()), Just((1..SIZE).collect()), some]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_witness_is_the_one_that_the_library_makes(
        index in index(),
        revoked in revoked(),
        by_default: bool,
    ) {
        let state = desk().registry.state(index, &list(&revoked)).unwrap();
        prop_assert_eq!(&state.witness, &expected(index, &revoked, by_default));
        prop_assert_eq!(state.is_revoked(), revoked.contains(&index));
    }

    #[test]
    fn a_witness_that_was_brought_along_is_the_one_made_there(
        index in index(),
        steps in proptest::collection::vec(revoked(), 2..5),
    ) {
        let lists: Vec<_> = steps.iter().map(list).collect();
        let mut state = desk().registry.state(index, &lists[0]).unwrap();
        for (list, revoked) in lists.iter().zip(&steps) {
            desk().registry.update(&mut state, list).unwrap();
            prop_assert_eq!(&state.witness, &expected(index, revoked, true));
            prop_assert_eq!(state.timestamp(), list.timestamp.unwrap());
        }
    }
}

#[test]
fn a_witness_is_refused_for_no_index_of_the_registry() {
    for index in [0, SIZE + 1, u32::MAX] {
        let refused = desk().registry.state(index, &desk().list);
        assert!(matches!(refused, Err(Error::Index { max: SIZE, .. })), "{index}");
    }
}

#[test]
fn a_witness_proves_that_one_is_not_revoked_and_nothing_else() {
    let (desk, secret) = (desk(), LinkSecret::random().unwrap());
    let credential = desk.issue(&secret, 5);
    let mut state = desk.registry.state(5, &desk.list).unwrap();
    for (revoked, proves) in [(vec![1, 7], true), (vec![5, 7], false), (vec![2], true)] {
        let list = list(&revoked.into_iter().collect());
        let before = state.clone();
        desk.registry.update(&mut state, &list).unwrap();
        for (state, proves) in [(before, false), (state.clone(), proves)] {
            assert_eq!(desk.proves(credential.clone(), &secret, state, &list), proves);
        }
    }
}
