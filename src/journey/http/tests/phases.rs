//! What is told of each request.

use std::time::Duration;

use tokio::time::{self, Instant};

use super::{OK, respond, serve, trip};
use crate::journey::http::Settings;

#[tokio::test(start_paused = true)]
async fn every_phase_is_told_apart() {
    let url = serve(|mut peer| async move {
        peer.request().await;
        time::sleep(Duration::from_secs(3)).await;
        peer.answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab").await;
        time::sleep(Duration::from_secs(2)).await;
        peer.answer("cd").await;
    })
    .await;
    let (http, told) = trip(Settings::default());
    let began = Instant::now();
    http.post(&url).body("hello").send().await.unwrap();
    let it = told.last();
    // Tokio's paused clock moves in whole milliseconds, and rounds up.
    let about = |seconds| Duration::from_secs(seconds)..=Duration::from_millis(seconds * 1000 + 2);
    assert!(about(3).contains(&it.waiting), "{it:?}");
    assert!(about(2).contains(&it.receiving), "{it:?}");
    assert_eq!((it.sent_bytes, it.received_bytes), (5, 4));
    assert_eq!((&*it.method, it.status, it.failure, it.reused), ("POST", Some(200), None, false));
    let parts = [it.blocked, it.looking_up, it.connecting, it.tls_handshaking, it.sending];
    let sum: Duration = parts.iter().sum::<Duration>() + it.waiting + it.receiving;
    assert_eq!(sum, began.elapsed());
}

#[tokio::test]
async fn a_request_over_an_old_connection_neither_looks_up_nor_connects() {
    let url = respond(|_| OK.into()).await.replace("127.0.0.1", "localhost");
    let (http, told) = trip(Settings::default());
    for _ in 0..2 {
        assert_eq!(http.get(&url).send().await.unwrap().text().unwrap(), "ok");
    }
    let it = told.last();
    assert_eq!(told.lines(), "GET 200, GET 200 reused");
    assert_eq!((it.looking_up, it.connecting), (Duration::ZERO, Duration::ZERO));
    let first = told.0.lock().unwrap()[0].clone();
    assert!(first.looking_up > Duration::ZERO && first.connecting > Duration::ZERO, "{first:?}");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_is_told_as_cancelled_with_its_phases_so_far() {
    let url = serve(|mut peer| async move {
        peer.request().await;
        std::future::pending::<()>().await;
    })
    .await;
    let (http, told) = trip(Settings::default());
    let request = http.put(&url).body("12345").send();
    assert!(time::timeout(Duration::from_secs(5), request).await.is_err());
    let it = told.last();
    assert_eq!(told.lines(), "PUT cancelled");
    assert_eq!(it.sent_bytes, 5);
    assert!(it.waiting >= Duration::from_secs(4), "{it:?}");
}

#[tokio::test]
async fn a_builder_that_is_never_sent_is_not_told() {
    let (http, told) = trip(Settings::default());
    drop(http.get("http://127.0.0.1:1/").header("a", "b"));
    assert!(http.get("not a url").send().await.is_err());
    assert_eq!(told.lines(), "");
}
