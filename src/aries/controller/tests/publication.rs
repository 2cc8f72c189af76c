use std::{sync::Arc, time::Duration};

use serde_json::json;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Controller, FakeHttp, controller};

const BATCHING: &str = r#"it = { url = "http://127.0.0.1:8031", publish = "batch" }"#;

/// An issuer that publishes in batches, and takes as long as the client does to answer.
fn batching() -> (Arc<Controller>, Arc<FakeHttp>) {
    (Arc::new(controller(BATCHING)), Arc::new(FakeHttp::saying(&json!({}))))
}

/// When each of some holders, who ask at these times, was told that it is published; in
/// milliseconds.
async fn told(asking: &[u64], http: &Arc<FakeHttp>, issuer: &Arc<Controller>) -> Vec<u64> {
    let began = Instant::now();
    let ask = |at: u64| {
        let (issuer, http) = (Arc::clone(issuer), Arc::clone(http));
        async move {
            sleep_until(began + Duration::from_millis(at)).await;
            let published = issuer.publish_revocations(&*http).await;
            published.map(|()| u64::try_from(began.elapsed().as_millis()).unwrap())
        }
    };
    let all = asking.iter().map(|at| tokio::spawn(ask(*at))).collect::<Vec<_>>();
    let mut told = Vec::new();
    for one in all {
        told.push(one.await.unwrap().unwrap());
    }
    told
}

#[tokio::test(start_paused = true)]
async fn those_who_revoke_during_a_publication_share_the_next() {
    let (issuer, http) = batching();
    // The first is under way from 0 to 10 ms: what is revoked at 5 ms may not be in it.
    assert_eq!(told(&[0, 5, 8, 500], &http, &issuer).await, [10, 1020, 1020, 1020]);
    assert_eq!(http.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_publication_that_failed_is_told_to_all_who_waited_and_tried_anew_by_the_next() {
    let refusing = FakeHttp::new(|_| (400, "no".into()));
    let issuer = controller(BATCHING);
    let ask = || issuer.publish_revocations(&refusing);
    // The first is under way when the others ask.
    let all = tokio::join!(ask(), ask(), ask());
    assert!(all.0.is_err() && all.1.is_err() && all.2.is_err());
    assert_eq!(refusing.asked().len(), 2);
    let http = FakeHttp::saying(&json!({}));
    issuer.publish_revocations(&http).await.unwrap();
    assert_eq!(http.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_publication_whose_asker_has_gone_is_begun_by_another() {
    let (issuer, http) = batching();
    let gone = timeout(Duration::from_millis(5), issuer.publish_revocations(&*http)).await;
    assert!(gone.is_err());
    issuer.publish_revocations(&*http).await.unwrap();
    assert_eq!(http.asked().len(), 2);
}
