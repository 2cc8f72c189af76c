use std::{sync::Arc, time::Duration};

use serde_json::json;
use tokio::time::{Instant, sleep_until, timeout};

use super::{super::Revocation, Controller, FakeHttp, controller};

const BATCHING: &str = r#"it = { url = "http://127.0.0.1:8031", publish = "batch" }"#;

/// An issuer that publishes in batches, and takes as long as the client does to answer.
fn batching() -> (Arc<Controller>, Arc<FakeHttp>) {
    (Arc::new(controller(BATCHING)), Arc::new(FakeHttp::saying(&json!({}))))
}

/// Has a credential revoked and published for each of some holders, who ask at these times. When
/// each of them was told so, in milliseconds, and what the issuer was asked, one after the other.
async fn revoked(asking: &[u64]) -> (Vec<u64>, Vec<&'static str>) {
    let (issuer, http) = batching();
    let began = Instant::now();
    let ask = |at: u64| {
        let (issuer, http) = (Arc::clone(&issuer), Arc::clone(&http));
        async move {
            sleep_until(began + Duration::from_millis(at)).await;
            issuer.revoke(&*http, &one()).await?;
            let published = issuer.publish_revocations(&*http).await;
            published.map(|()| u64::try_from(began.elapsed().as_millis()).unwrap())
        }
    };
    let all = asking.iter().map(|at| tokio::spawn(ask(*at))).collect::<Vec<_>>();
    let mut told = Vec::new();
    for one in all {
        told.push(one.await.unwrap().unwrap());
    }
    let what = |asked: &String| if asked.contains("/publish-") { "publish" } else { "revoke" };
    (told, http.asked().iter().map(what).collect())
}

fn one() -> Revocation {
    Revocation {
        exchange_id: Some("e3a7d2d9".into()),
        place: None,
        connection_id: "c-1".into(),
        thread_id: None,
        comment: String::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_revoked_at_the_same_time_is_published_together() {
    // Whatever is asked takes 10 ms.
    let (told, asked) = revoked(&[0, 0, 5, 500, 1_500]).await;
    assert_eq!(told, [25, 25, 25, 1_035, 2_045]);
    let rounds = [&["revoke"; 3][..], &["publish"], &["revoke", "publish"], &["revoke", "publish"]];
    assert_eq!(asked, rounds.concat());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_revoked_during_a_publication() {
    // The first is published from 10 to 20 ms: ACA-Py 1.7.0 and 0.12.8 lose what they are told then.
    let (told, asked) = revoked(&[0, 12, 18]).await;
    assert_eq!(told, [20, 1_030, 1_030]);
    assert_eq!(asked, ["revoke", "publish", "revoke", "revoke", "publish"]);
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
