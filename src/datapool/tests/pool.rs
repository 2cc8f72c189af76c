//! Claims about who gets which row.

use std::{
    collections::VecDeque,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::datapool::{DataPool, Mode, RawLease, Torn};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Numbered {
    number: usize,
}

fn pool(rows: usize, mode: Mode) -> Arc<DataPool> {
    let rows: Vec<_> = (0..rows).map(|number| Numbered { number }).collect();
    Arc::new(DataPool::from_rows("numbers", mode, &rows).unwrap())
}

fn number(lease: &RawLease) -> usize {
    lease.row().decode::<Numbered>().unwrap().number
}

#[test]
fn a_row_comes_back_when_its_lease_drops() {
    let pool = pool(1, Mode::Recycle);
    let lease = pool.checkout().unwrap();
    assert!(pool.checkout().is_none());
    assert_eq!((pool.len(), pool.free(), pool.lent()), (1, 0, 1));
    drop(lease);
    assert_eq!((pool.len(), pool.free(), pool.lent()), (1, 1, 0));
    assert_eq!(pool.checkout().unwrap().typed::<Numbered>().unwrap().number, 0);
    assert!(!pool.is_exhausted());
}

#[test]
fn a_row_that_is_used_once_never_comes_back() {
    let pool = pool(2, Mode::Once);
    drop(pool.checkout().unwrap());
    assert!(!pool.is_exhausted());
    let last = pool.checkout().unwrap();
    assert!(pool.is_exhausted());
    assert_eq!((pool.len(), pool.free(), pool.lent()), (2, 0, 1));
    drop(last);
    assert!(pool.checkout().is_none());
    assert_eq!((pool.len(), pool.free(), pool.lent()), (2, 0, 0));
}

#[test]
fn a_row_survives_the_panic_of_its_user() {
    let pool = pool(1, Mode::Recycle);
    let lease = pool.checkout().unwrap().typed::<Numbered>().unwrap();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _on_loan = lease;
        std::panic::resume_unwind(Box::new("a journey panicked"));
    }));
    assert!(panicked.is_err());
    assert_eq!((pool.free(), pool.lent()), (1, 0));
}

#[test]
fn a_row_that_does_not_fit_goes_back() {
    let pool = pool(1, Mode::Recycle);
    let error = pool.checkout().unwrap().typed::<String>().unwrap_err();
    insta::assert_snapshot!(error, @"datapool `numbers`: row 1 (in memory): invalid type: map, expected a string; the row has `number`");
    assert_eq!(pool.free(), 1);
}

#[test]
fn the_first_row_that_does_not_fit_is_told_before_the_run() {
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only whether it decodes matters")]
    struct Invited {
        name: String,
        invitation: u32,
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("people.csv");
    fs::write(&path, "name,invitation\nann,1\nbob,2\ncho,\ndan,x\n").unwrap();
    let pool = Arc::new(DataPool::open("people", &path, Mode::Recycle).unwrap());
    let error = pool.check::<Invited>().unwrap_err().to_string();
    let error = error.replace(folder.path().to_str().unwrap(), "datapools");
    insta::assert_snapshot!(error, @"cannot read rows from datapools/people.csv: record 3 (line 4): field `invitation`: cannot parse integer from empty string");
    // Rows that were lent and came back stand elsewhere in the queue, not in the file.
    for _ in 0..3 {
        drop(pool.checkout());
    }
    let error = pool.check::<Invited>().unwrap_err().to_string();
    assert!(error.contains("record 3 (line 4)"), "{error}");
}

#[test]
fn a_pool_says_where_its_rows_come_from_and_go_to() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("holders.msgpack");
    fs::write(&path, b"\x81\xa2id\x01\x81\xa2id\x01\x81\xa2i").unwrap();
    let pool = DataPool::open("wallets", &path, Mode::Once).unwrap().recorded("holders");
    assert_eq!((pool.name(), pool.mode()), ("wallets", Mode::Once));
    assert_eq!(pool.source(), Some(&*path));
    assert_eq!(pool.recorded_as(), Some("holders"));
    assert_eq!(pool.torn(), Some(Torn { offset: 10, bytes: 3 }));
    assert_eq!((pool.len(), pool.superseded()), (1, 1));
    assert_eq!(format!("{pool:?}"), r#"DataPool { name: "wallets", mode: Once, len: 1, .. }"#);
}

#[test]
fn rows_that_encode_as_no_map_make_no_pool() {
    let error = DataPool::from_rows("pairs", Mode::Once, &[(1, 2)]).unwrap_err();
    insta::assert_snapshot!(error, @"datapool `pairs`: a row must be a struct with named fields, which is encoded as a map, not as an array");
}

/// What a borrower does next.
#[derive(Debug, Clone, Copy)]
enum Step {
    Borrow,
    /// Gives back the lease at this place among those held.
    Return(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![Just(Step::Borrow), any::<usize>().prop_map(Step::Return)];
    prop::collection::vec(step, 0..200)
}

proptest! {
    #[test]
    fn the_row_that_has_been_free_longest_is_lent(rows in 0_usize..8, steps in steps()) {
        let pool = pool(rows, Mode::Recycle);
        let mut free: VecDeque<usize> = (0..rows).collect();
        let mut held = Vec::new();
        for step in steps {
            match step {
                Step::Borrow => {
                    let lease = pool.checkout();
                    prop_assert_eq!(lease.as_ref().map(number), free.pop_front());
                    held.extend(lease);
                }
                Step::Return(place) if !held.is_empty() => {
                    let lease = held.swap_remove(place % held.len());
                    free.push_back(number(&lease));
                }
                Step::Return(_) => {}
            }
            prop_assert_eq!((pool.free(), pool.lent()), (free.len(), held.len()));
        }
    }

    #[test]
    fn no_row_is_lent_twice_at_a_time(
        rows in 1_usize..6,
        threads in prop::collection::vec(steps(), 2..5),
        once in any::<bool>(),
    ) {
        let mode = if once { Mode::Once } else { Mode::Recycle };
        let pool = pool(rows, mode);
        let out: Vec<_> = (0..rows).map(|_| AtomicBool::new(false)).collect();
        let lent: usize = thread::scope(|scope| {
            let borrowers: Vec<_> =
                threads.iter().map(|steps| scope.spawn(|| borrow(&pool, &out, steps))).collect();
            borrowers.into_iter().map(|borrower| borrower.join().unwrap()).sum()
        });
        prop_assert_eq!(pool.lent(), 0);
        match mode {
            Mode::Recycle => prop_assert_eq!(pool.free(), rows),
            Mode::Once => prop_assert_eq!(pool.free() + lent, rows),
        }
    }
}

/// Takes the steps, counts the loans, and panics if a row was out already.
fn borrow(pool: &Arc<DataPool>, out: &[AtomicBool], steps: &[Step]) -> usize {
    let mut held = Vec::new();
    let mut loans = 0;
    let give_back = |lease: RawLease| {
        assert!(out[number(&lease)].swap(false, Ordering::SeqCst), "it was out");
        drop(lease);
    };
    for step in steps {
        match *step {
            Step::Borrow => {
                let Some(lease) = pool.checkout() else { continue };
                assert!(!out[number(&lease)].swap(true, Ordering::SeqCst), "it was in");
                loans += 1;
                held.push(lease);
            }
            Step::Return(place) if !held.is_empty() => {
                give_back(held.swap_remove(place % held.len()));
            }
            Step::Return(_) => {}
        }
    }
    held.into_iter().for_each(give_back);
    loans
}
