use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::{advance, timeout};

use super::{super::Ledger, BASE, Fake, LISTS_PATH, NOW, REGISTRY, REGISTRY_PATH, ledger, list};
use crate::aries::anoncreds::{Interval, RevocationStatusList};

async fn read(http: &Fake, ledger: &Ledger, to: Option<u64>) -> Arc<RevocationStatusList> {
    ledger.list(http, REGISTRY, Interval { from: None, to }).await.unwrap()
}

/// The timestamp of the list that answers, and what the registry was asked for it.
async fn answer(http: &Fake, ledger: &Ledger, to: Option<u64>) -> (u64, Vec<String>) {
    let list = read(http, ledger, to).await;
    let asked = http.asked().into_iter().filter(|it| it != REGISTRY_PATH);
    let queries = asked.map(|it| it.strip_prefix(LISTS_PATH).unwrap().to_owned()).collect();
    (list.timestamp.unwrap(), queries)
}

fn queries(queries: &[&str]) -> Vec<String> {
    queries.iter().map(|&it| it.to_owned()).collect()
}

fn started(refresh: &str) -> (Fake, Ledger) {
    let http = Fake::registry();
    http.revoke_at(NOW - 100);
    http.revoke_at(NOW - 50);
    (http, ledger(json!({ "url": BASE, "refresh": refresh })))
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_who_want_a_list_at_once_are_one_question_and_share_one_copy() {
    for refresh in ["1s", "0s"] {
        let (http, ledger) = started(refresh);
        let tos = [None, Some(NOW), Some(NOW - 50), Some(NOW + 5)];
        let all = (0..10_000).map(|number| read(&http, &ledger, tos[number % 4]));
        let all = join_all(all).await;
        assert!(all.iter().all(|it| Arc::ptr_eq(it, &all[0])));
        assert!(all[0].revokes(2) && !all[0].revokes(3));
        assert_eq!(http.asked(), [REGISTRY_PATH, LISTS_PATH]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_newest_list_is_asked_for_again_once_it_is_older_than_allowed() {
    let (http, ledger) = started("1s");
    assert_eq!(answer(&http, &ledger, None).await, (NOW - 50, queries(&[""])));
    http.revoke_at(NOW);
    advance(Duration::from_millis(900)).await;
    for to in [None, Some(NOW), Some(NOW + 7)] {
        assert_eq!(answer(&http, &ledger, to).await, (NOW - 50, queries(&[])));
    }
    advance(Duration::from_millis(90)).await;
    assert_eq!(answer(&http, &ledger, Some(NOW + 1)).await, (NOW, queries(&[""])));
    assert_eq!(answer(&http, &ledger, None).await, (NOW, queries(&[])));
}

#[tokio::test(start_paused = true)]
async fn a_list_may_be_asked_for_every_time() {
    let (http, ledger) = started("0s");
    for _ in 0..3 {
        assert_eq!(answer(&http, &ledger, Some(NOW)).await, (NOW - 50, queries(&[""])));
    }
}

#[tokio::test(start_paused = true)]
async fn no_list_from_before_a_revocation_is_used_after_it() {
    let (http, ledger) = started("1h");
    let before = read(&http, &ledger, None).await;
    http.revoke_at(NOW);
    assert!(Arc::ptr_eq(&before, &read(&http, &ledger, None).await));
    http.asked();
    ledger.has_revoked("another registry");
    assert_eq!(answer(&http, &ledger, None).await, (NOW - 50, queries(&[])));
    ledger.has_revoked(REGISTRY);
    assert_eq!(answer(&http, &ledger, None).await, (NOW, queries(&[""])));
    assert_eq!(answer(&http, &ledger, None).await, (NOW, queries(&[])));
    // Nor for times that are over.
    assert_eq!(answer(&http, &ledger, Some(NOW - 60)).await.1, queries(&["?to=999940"]));
    assert_eq!(answer(&http, &ledger, Some(NOW - 60)).await.1, queries(&[]));
    ledger.has_revoked(REGISTRY);
    assert_eq!(answer(&http, &ledger, Some(NOW - 60)).await.1, queries(&["?to=999940"]));
}

#[tokio::test(start_paused = true)]
async fn a_list_whose_reading_began_before_a_revocation_is_none_for_who_asks_after_it() {
    let (http, ledger) = started("1h");
    ledger.registry_definition(&http, REGISTRY).await.unwrap();
    let after = async {
        http.revoke_at(NOW);
        ledger.has_revoked(REGISTRY);
        let many = join_all((0..1_000).map(|_| read(&http, &ledger, None))).await;
        assert!(many.iter().all(|it| it.timestamp == Some(NOW)));
    };
    let (before, ()) = tokio::join!(read(&http, &ledger, None), after);
    assert_eq!(before.timestamp, Some(NOW - 50));
    assert_eq!(http.asked(), [REGISTRY_PATH, LISTS_PATH, LISTS_PATH]);
}

#[tokio::test(start_paused = true)]
async fn times_that_are_over_are_asked_for_once_a_span() {
    let (http, ledger) = started("1s");
    assert_eq!(answer(&http, &ledger, Some(NOW - 60)).await, (NOW - 100, queries(&["?to=999940"])));
    advance(Duration::from_mins(1)).await;
    for known in [NOW - 60, NOW - 80, NOW - 100] {
        assert_eq!(answer(&http, &ledger, Some(known)).await, (NOW - 100, queries(&[])));
    }
    assert_eq!(answer(&http, &ledger, Some(NOW - 51)).await, (NOW - 100, queries(&["?to=999949"])));
    assert_eq!(answer(&http, &ledger, Some(NOW - 55)).await, (NOW - 100, queries(&[])));
    // All are later, and the oldest answers.
    assert_eq!(answer(&http, &ledger, Some(7)).await, (NOW - 100, queries(&["?to=7"])));
    for known in [0, 8, NOW - 101] {
        assert_eq!(answer(&http, &ledger, Some(known)).await, (NOW - 100, queries(&[])));
    }
}

#[tokio::test(start_paused = true)]
async fn the_newest_list_tells_of_times_that_are_well_over() {
    let (http, ledger) = started("1s");
    read(&http, &ledger, None).await;
    http.asked();
    advance(Duration::from_mins(1)).await;
    for known in [NOW - 50, NOW - 10] {
        assert_eq!(answer(&http, &ledger, Some(known)).await, (NOW - 50, queries(&[])));
    }
    // The registry's clock may have been behind when it said what was newest.
    assert_eq!(answer(&http, &ledger, Some(NOW - 9)).await, (NOW - 50, queries(&["?to=999991"])));
}

#[tokio::test(start_paused = true)]
async fn who_may_not_know_of_the_newest_list_yet_gets_the_one_before() {
    let (http, ledger) = started("1s");
    http.revoke_at(NOW);
    let second = Some(NOW - 1);
    assert_eq!(answer(&http, &ledger, second).await, (NOW - 50, queries(&["", "?to=999999"])));
    assert_eq!(answer(&http, &ledger, second).await, (NOW - 50, queries(&[])));
    assert_eq!(answer(&http, &ledger, Some(NOW)).await, (NOW, queries(&[])));
}

#[tokio::test(start_paused = true)]
async fn a_list_is_one_copy_however_often_it_is_read() {
    let (http, ledger) = started("0s");
    let first = read(&http, &ledger, None).await;
    let again = read(&http, &ledger, Some(NOW)).await;
    let past = read(&http, &ledger, Some(NOW - 50)).await;
    assert!(Arc::ptr_eq(&first, &again) && Arc::ptr_eq(&first, &past));
}

#[tokio::test(start_paused = true)]
async fn only_so_many_lists_are_kept_and_the_others_are_read_anew() {
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    for age in (1..=17).rev() {
        http.revoke_at(NOW - 100 * age);
    }
    for age in 1..=17 {
        read(&http, &ledger, Some(NOW - 100 * age)).await;
    }
    http.asked();
    assert_eq!(answer(&http, &ledger, Some(NOW - 200)).await.1, queries(&[]));
    assert_eq!(answer(&http, &ledger, Some(NOW - 100)).await.1, queries(&["?to=999900"]));
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_to_all_who_wait_for_a_list_and_to_nobody_after() {
    let (http, ledger) = started("1s");
    http.answer(LISTS_PATH, 503, b"");
    let interval = Interval { from: None, to: None };
    let all = (0..1_000).map(|_| ledger.list(&http, REGISTRY, interval));
    for error in join_all(all).await.into_iter().map(Result::unwrap_err) {
        assert_eq!(error.kind(), "status 503");
    }
    assert_eq!(http.asked(), [REGISTRY_PATH, LISTS_PATH]);
    http.publish(LISTS_PATH, &list(NOW, 1));
    assert_eq!(answer(&http, &ledger, None).await, (NOW, queries(&[""])));
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_on_a_list_leaves_the_question_to_the_next() {
    let (http, ledger) = started("1s");
    ledger.registry_definition(&http, REGISTRY).await.unwrap();
    let (first, second) = tokio::join!(
        timeout(Duration::from_millis(5), read(&http, &ledger, None)),
        read(&http, &ledger, None),
    );
    assert!(first.is_err());
    assert_eq!(second.timestamp, Some(NOW - 50));
}

#[tokio::test(start_paused = true)]
async fn lists_that_are_none_are_refused() {
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    let mut all = Vec::new();
    for (key, value) in [
        ("revRegDefId", json!("another")),
        ("currentAccumulator", json!(null)),
        ("timestamp", json!(null)),
        ("revocationList", json!([0, 0, 0])),
        ("revocationList", json!(vec![0; 10])),
        ("revocationList", json!([0, 2])),
    ] {
        let mut list = list(NOW, 0);
        list[key] = value;
        http.publish(LISTS_PATH, &list);
        let error = ledger.list(&http, REGISTRY, Interval { from: None, to: None }).await;
        all.push(error.unwrap_err().to_string().replace(REGISTRY, "it"));
    }
    insta::assert_snapshot!(all.join("\n"), @"
    revocation status list `it` at http://registry:80: its revocation registry is `another` and not `it`
    revocation status list `it` at http://registry:80: it has no `currentAccumulator`
    revocation status list `it` at http://registry:80: it has no `timestamp`
    revocation status list `it` at http://registry:80: its `revocationList` has 3 places and the registry 8
    revocation status list `it` at http://registry:80: its `revocationList` has 10 places and the registry 8
    revocation status list `it` at http://registry:80: `revocationList`: `revocationList` is a list of 0 and 1
    ");
}
