use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::join_all;
use insta::assert_snapshot;
use serde_json::json;

use super::{FakeHttp, controller_at};

const TRACTION: &str = r#"it = { kind = "traction", url = "https://proxy.example", tenant_id = "t-1", api_key = "hush" }"#;

/// A token that says when it expires.
fn jwt(name: &str, expires: u64) -> String {
    let claims = URL_SAFE_NO_PAD.encode(json!({ "exp": expires }).to_string());
    format!("{name}.{claims}.signature")
}

/// A tenant that gives out tokens 1, 2, … and lets in those from number `valid` on.
fn tenant(valid: Arc<AtomicUsize>, lives: u64, clock: Arc<AtomicU64>) -> FakeHttp {
    let given = AtomicUsize::new(0);
    FakeHttp::new(move |asked| {
        if asked.contains("/token") {
            let number = given.fetch_add(1, Ordering::Relaxed) + 1;
            let token = jwt(&number.to_string(), clock.load(Ordering::Relaxed) + lives);
            return (200, json!({ "token": token }).to_string());
        }
        let (_, token) = asked.split_once("Bearer ").unwrap();
        let number: usize = token.split_once('.').unwrap().0.parse().unwrap();
        let known = number >= valid.load(Ordering::Relaxed);
        if known { (200, "{}".into()) } else { (401, "token expired".into()) }
    })
}

fn tokens_asked(http: &FakeHttp) -> usize {
    http.asked().iter().filter(|asked| asked.contains("/token")).count()
}

#[tokio::test(start_paused = true)]
async fn a_tenant_and_a_wallet_ask_for_their_token_and_use_it() {
    let http = FakeHttp::new(|_| (200, json!({ "token": "abc" }).to_string()));
    let now = || 1_000;
    controller_at(TRACTION, now).live(&http).await.unwrap();
    let wallet = r#"it = { kind = "traction", url = "https://proxy.example/", wallet_id = "w/1", wallet_key = "hush" }"#;
    controller_at(wallet, now).live(&http).await.unwrap();
    assert_snapshot!(http.asked().join("\n\n"), @r#"
    POST https://proxy.example/multitenancy/tenant/t-1/token
    {"api_key":"hush"}

    GET https://proxy.example/status/live
    Authorization: Bearer abc

    POST https://proxy.example/multitenancy/wallet/w%2F1/token
    {"wallet_key":"hush"}

    GET https://proxy.example/status/live
    Authorization: Bearer abc
    "#);
}

#[tokio::test(start_paused = true)]
async fn many_trips_share_one_token_and_one_of_them_renews_it() {
    let (valid, clock) = (Arc::new(AtomicUsize::new(1)), Arc::new(AtomicU64::new(1_000)));
    let http = tenant(Arc::clone(&valid), 86_400, Arc::clone(&clock));
    let controller = controller_at(TRACTION, move || clock.load(Ordering::Relaxed));
    let all_ping = || join_all((0..50).map(|_| controller.send_ping(&http, "c-1")));
    assert!(all_ping().await.iter().all(Result::is_ok));
    assert_eq!((http.asked().len(), tokens_asked(&http)), (51, 1));
    valid.store(2, Ordering::Relaxed);
    assert!(all_ping().await.iter().all(Result::is_ok));
    assert_eq!((http.asked().len(), tokens_asked(&http)), (51 + 50 + 1 + 50, 2));
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_expires() {
    for (lives, after) in [(86_400, 86_340), (60, 30), (1, 1)] {
        let (valid, clock) = (Arc::new(AtomicUsize::new(1)), Arc::new(AtomicU64::new(1_000)));
        let http = tenant(valid, lives, Arc::clone(&clock));
        let time = Arc::clone(&clock);
        let controller = controller_at(TRACTION, move || time.load(Ordering::Relaxed));
        for (at, tokens) in [(0, 1), (after - 1, 1), (after, 2)] {
            clock.store(1_000 + at, Ordering::Relaxed);
            controller.send_ping(&http, "c-1").await.unwrap();
            assert_eq!(tokens_asked(&http), tokens, "{lives} s, after {at} s");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_seems_to_be_over_when_it_comes_is_used_until_it_is_refused() {
    let (valid, clock) = (Arc::new(AtomicUsize::new(1)), Arc::new(AtomicU64::new(1_000)));
    let http = tenant(valid, 100, clock);
    let controller = controller_at(TRACTION, || 5_000);
    for _ in 0..3 {
        controller.send_ping(&http, "c-1").await.unwrap();
    }
    assert_eq!(tokens_asked(&http), 1);
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_refuses_every_token_is_asked_twice() {
    let clock = Arc::new(AtomicU64::new(1_000));
    let http = tenant(Arc::new(AtomicUsize::new(usize::MAX)), 86_400, clock);
    let error = controller_at(TRACTION, || 1_000).send_ping(&http, "c-1").await.unwrap_err();
    assert_eq!(error.kind(), "status 401");
    assert_eq!((http.asked().len(), tokens_asked(&http)), (4, 2));
}

#[tokio::test(start_paused = true)]
async fn who_waited_for_a_token_in_vain_does_not_ask_again_by_himself() {
    let failing = Arc::new(AtomicUsize::new(1));
    let down = Arc::clone(&failing);
    let http = FakeHttp::new(move |asked| match down.load(Ordering::Relaxed) {
        1 => (500, format!("cannot check {asked}")),
        _ => (200, json!({ "token": "abc" }).to_string()),
    });
    let controller = controller_at(TRACTION, || 1_000);
    let errors = join_all((0..50).map(|_| controller.send_ping(&http, "c-1"))).await;
    assert_eq!(http.asked().len(), 1);
    for error in errors {
        let error = error.unwrap_err();
        assert_eq!(error.to_string(), "POST /multitenancy/tenant/t-1/token: status 500");
    }
    failing.store(0, Ordering::Relaxed);
    controller.send_ping(&http, "c-1").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_trip_that_is_cut_off_while_it_renews_leaves_that_to_the_next() {
    let http = FakeHttp::new(|_| (200, json!({ "token": "abc" }).to_string()));
    let controller = controller_at(TRACTION, || 1_000);
    let limit = std::time::Duration::from_millis(5);
    assert!(tokio::time::timeout(limit, controller.live(&http)).await.is_err());
    controller.live(&http).await.unwrap();
    assert_eq!((http.asked().len(), tokens_asked(&http)), (3, 2));
}
