//! Places and lists, with a clock that runs by itself.

mod writing;

use std::{collections::BTreeSet, path::Path};

use super::*;
use crate::{
    aries::anoncreds::RevocationStatusList,
    sandbox::{
        Store,
        journal::{Clerk, Kept},
    },
};

const SIZE: u32 = 10;

struct Opened {
    ledger: Arc<Ledger>,
    clerk: Option<Clerk>,
}

fn open(store: &Store) -> Opened {
    let (journal, kept, clerk) = Journal::open(store).unwrap();
    let Kept { registries, lists, issued, published, .. } = kept;
    let kept = KeptRegistries { registries, lists, issued: &issued, published };
    let terms = Terms { url: "http://sandbox", size: SIZE, is_open: true };
    let ledger = Ledger::open(terms, journal, Arc::default(), kept).unwrap();
    Opened { ledger: Arc::new(ledger), clerk }
}

fn kept_in(directory: &Path) -> Store {
    Store::Directory(directory.to_owned())
}

impl Opened {
    /// Takes places for good.
    async fn places(&self, count: usize) -> Vec<(String, u32)> {
        let mut places = Vec::new();
        for _ in 0..count {
            let seat = self.ledger.seat().await.unwrap();
            places.push((seat.registry.id().to_owned(), seat.index));
            seat.keep();
        }
        places
    }

    async fn close(self) {
        drop(self.ledger);
        if let Some(clerk) = self.clerk {
            spawn_blocking(|| clerk.join().unwrap().unwrap()).await.unwrap();
        }
    }

    fn published(&self) -> u64 {
        self.ledger.counts.lists_published.read()
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_is_given_once_and_one_that_nobody_got_again() {
    let opened = open(&Store::Memory);
    let given_back = opened.ledger.seat().await.unwrap();
    let (registry, index) = (given_back.registry.id().to_owned(), given_back.index);
    drop(given_back);
    let places = opened.places(3 * SIZE as usize).await;
    assert_eq!(places[0], (registry, index));
    let unique: BTreeSet<_> = places.iter().collect();
    assert_eq!(unique.len(), places.len());
    assert!(places.iter().all(|(_, index)| (1..SIZE).contains(index)));
}

#[tokio::test(start_paused = true)]
async fn a_registry_is_made_before_the_one_in_use_is_full() {
    let opened = open(&Store::Memory);
    let made = || opened.ledger.registries().all.len();
    opened.places(8).await;
    assert_eq!(made(), 1);
    drop(opened.ledger.making.lock().await);
    // The last of nine is still free.
    assert_eq!((made(), opened.ledger.has_none()), (2, false));
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_together_is_published_in_one_list_and_never_two_in_a_second() {
    let opened = open(&Store::Memory);
    let places = opened.places(6).await;
    let registry = opened.ledger.registry(&places[0].0).unwrap();
    let first = registry.list(None);
    let revoke = |index| opened.ledger.revoke(Arc::clone(&registry), vec![index]);
    let (one, two, again, three) = tokio::join!(revoke(1), revoke(2), revoke(2), revoke(3));
    assert!([one, two, again, three].iter().all(Result::is_ok));
    assert_eq!(opened.published(), 1);
    let second = registry.list(None);
    revoke(4).await.unwrap();
    revoke(4).await.unwrap();
    let third = registry.list(None);
    assert_eq!(opened.published(), 2);
    assert_eq!(opened.ledger.counts.revocations.read(), 4);
    let revoked = |list: &RevocationStatusList| -> Vec<_> {
        (1..SIZE).filter(|index| list.revokes(*index)).collect()
    };
    assert_eq!([&first, &second, &third].map(revoked), [vec![], vec![1, 2, 3], vec![1, 2, 3, 4]]);
    assert!(first.timestamp < second.timestamp && second.timestamp < third.timestamp);
    assert_eq!(registry.list(second.timestamp), second);
    assert_eq!(registry.list(Some(0)), first);
}

#[tokio::test(start_paused = true)]
async fn registries_and_lists_are_as_they_were_when_they_are_opened_again() {
    let home = tempfile::tempdir().unwrap();
    let opened = open(&kept_in(home.path()));
    let id = opened.places(1).await[0].0.clone();
    let registry = opened.ledger.registry(&id).unwrap();
    opened.ledger.revoke(Arc::clone(&registry), vec![1, 9]).await.unwrap();
    let lists = [Some(0), None].map(|to| registry.list(to));
    let (definition, tails) = (registry.published().clone(), registry.tails());
    drop(registry);
    opened.close().await;

    let opened = open(&kept_in(home.path()));
    let registry = opened.ledger.registry(&id).unwrap();
    assert_eq!([Some(0), None].map(|to| registry.list(to)), lists);
    assert_eq!((registry.published(), registry.tails()), (&definition, tails));
    opened.ledger.revoke(Arc::clone(&registry), vec![2]).await.unwrap();
    let list = registry.list(None);
    assert!([1, 2, 9].iter().all(|index| list.revokes(*index)) && !list.revokes(3));
    assert!(list.timestamp > lists[1].timestamp);
    drop(registry);
    opened.close().await;
}
