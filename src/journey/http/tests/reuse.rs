//! Connections that serve again, and those that should not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{OK, Told, respond, serve, settle, trip};
use crate::journey::http::{Client, Connections, Settings};

/// Answers the first request on each connection, and hangs up on the second, unanswered.
async fn hangs_up_on_the_second() -> String {
    serve(|mut peer| async move {
        peer.request().await;
        peer.answer(OK).await;
        peer.request().await;
    })
    .await
}

#[tokio::test]
async fn a_get_is_sent_again_when_its_old_connection_was_closed() {
    let url = hangs_up_on_the_second().await;
    let (http, told) = trip(Settings::default());
    for _ in 0..3 {
        assert_eq!(http.get(&url).send().await.unwrap().text().unwrap(), "ok");
    }
    assert_eq!(told.lines(), "GET 200, GET 200, GET 200");
}

#[tokio::test(start_paused = true)]
async fn what_an_old_connection_took_to_fail_was_waiting_for_a_connection() {
    let url = serve(|mut peer| async move {
        peer.request().await;
        peer.answer(OK).await;
        peer.request().await;
        tokio::time::sleep(Duration::from_secs(3)).await;
    })
    .await;
    let (http, told) = trip(Settings::default());
    http.put(&url).body("12").send().await.unwrap();
    http.put(&url).body("123").send().await.unwrap();
    let it = told.last();
    assert!(it.blocked >= Duration::from_secs(3) && it.waiting < Duration::from_secs(1), "{it:?}");
    assert_eq!((told.lines().as_str(), it.sent_bytes), ("PUT 200, PUT 200", 3));
}

#[tokio::test]
async fn a_post_that_has_been_written_is_never_sent_again() {
    let url = hangs_up_on_the_second().await;
    let (http, told) = trip(Settings::default());
    http.post(&url).send().await.unwrap();
    let error = http.post(&url).body("pay").send().await.unwrap_err();
    assert!(["closed early", "reset"].contains(&&*error.kind()), "{error}");
    assert_eq!(told.lines(), format!("POST 200, POST {} reused", error.kind()));
}

#[tokio::test]
async fn a_request_is_sent_again_once_and_no_more() {
    let url = serve(|mut peer| async move {
        peer.request().await;
        if peer.number == 0 {
            peer.answer(OK).await;
            peer.request().await;
        }
    })
    .await;
    let (http, told) = trip(Settings::default());
    http.get(&url).send().await.unwrap();
    assert_eq!(http.get(&url).send().await.unwrap_err().kind(), "closed early");
    assert_eq!(told.lines(), "GET 200, GET closed early");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_closed_or_spoke_out_of_turn_is_not_used_again() {
    for farewell in ["", "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"] {
        let url = serve(move |mut peer| async move {
            peer.request().await;
            peer.answer(OK).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            peer.answer(farewell).await;
        })
        .await;
        let (http, told) = trip(Settings::default());
        http.post(&url).send().await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        settle().await;
        assert_eq!(http.post(&url).send().await.unwrap().text().unwrap(), "ok");
        assert_eq!(told.lines(), "POST 200, POST 200");
    }
}

#[tokio::test]
async fn trips_share_connections_or_have_their_own() {
    for (connections, expected) in
        [(Connections::Shared, "GET 200 reused"), (Connections::Own, "GET 200")]
    {
        let url = respond(|_| OK.into()).await;
        let client = Client::new(Settings { connections, ..Settings::default() }).unwrap();
        let told = Arc::new(Told::default());
        client.for_trip(Arc::<Told>::clone(&told)).get(&url).send().await.unwrap();
        let second = client.for_trip(Arc::<Told>::clone(&told));
        second.get(&url).send().await.unwrap();
        second.clone().get(&url).send().await.unwrap();
        assert_eq!(told.lines(), format!("GET 200, {expected}, GET 200 reused"));
    }
}

#[tokio::test]
async fn a_connection_that_the_server_ends_is_not_kept() {
    let close = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let url = respond(|_| close.into()).await;
    let (http, told) = trip(Settings::default());
    http.get(&url).send().await.unwrap();
    http.get(&url).send().await.unwrap();
    assert_eq!(told.lines(), "GET 200, GET 200");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_idle_for_too_long_is_not_used_again() {
    let url = respond(|_| OK.into()).await;
    let (http, told) = trip(Settings::default());
    http.get(&url).send().await.unwrap();
    tokio::time::sleep(Duration::from_secs(89)).await;
    http.get(&url).send().await.unwrap();
    tokio::time::sleep(Duration::from_secs(90)).await;
    http.get(&url).send().await.unwrap();
    assert_eq!(told.lines(), "GET 200, GET 200 reused, GET 200");
}

#[tokio::test]
async fn no_more_idle_connections_are_kept_than_the_settings_say() {
    let some = Settings { idle_per_origin_max: 2, ..Settings::default() };
    let few = Settings { idle_max: 1, ..Settings::default() };
    let none = Settings { idle_per_origin_max: 0, ..Settings::default() };
    for (settings, kept) in [(some, 2), (few, 1), (none, 0)] {
        let url = respond(|_| OK.into()).await;
        let (http, told) = trip(settings);
        for _ in 0..2 {
            let get = || http.get(&url).send();
            let (a, b, c) = tokio::join!(get(), get(), get());
            a.and(b).and(c).unwrap();
        }
        assert_eq!(told.lines().matches("reused").count(), kept);
    }
}

#[tokio::test(start_paused = true)]
async fn connections_that_nobody_needs_any_more_are_closed() {
    let hung_up = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&hung_up);
    let url = serve(move |mut peer| {
        let count = Arc::clone(&count);
        async move {
            while !peer.request().await.is_empty() {
                peer.answer(OK).await;
            }
            count.fetch_add(1, Ordering::Relaxed);
        }
    })
    .await;
    let (http, told) = trip(Settings::default());
    let get = || async { http.get(&url).send().await.unwrap() };
    tokio::join!(get(), get(), get());
    for _ in 0..2 {
        assert_eq!(hung_up.load(Ordering::Relaxed), 0);
        tokio::time::sleep(Duration::from_mins(1)).await;
        get().await;
    }
    settle().await;
    assert_eq!(hung_up.load(Ordering::Relaxed), 2);
    assert_eq!(told.lines(), "GET 200, GET 200, GET 200, GET 200 reused, GET 200 reused");
}
