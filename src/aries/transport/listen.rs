//! HTTP for whoever comes: not for too many at a time, and nobody may take for ever.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};

/// Connections at a time; who comes then waits until one has gone.
const GUESTS_MAX: usize = 4_096;
/// How long a connection may say nothing, also after a request.
///
/// Longer than clients keep one that they do not use (aiohttp, and so ACA-Py, 15 s): none is closed
/// while a message is on its way to it.
const SILENCE_MAX: Duration = Duration::from_secs(75);
/// How long a request may take to come and to be answered, from its last header on.
const REQUEST_MAX: Duration = Duration::from_mins(1);
/// Bytes that headers may have.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How long nobody is let in when the system has no more files to give.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers all who come until it is dropped, and they with it.
pub(crate) async fn listen(listener: TcpListener, router: Router) {
    listen_to(GUESTS_MAX, listener, router).await;
}

async fn listen_to(guests_max: usize, listener: TcpListener, router: Router) {
    let places = Arc::new(Semaphore::new(guests_max));
    let mut guests = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!("cannot let anybody in: {error}");
                sleep(PAUSE).await;
                continue;
            }
        };
        while guests.try_join_next().is_some() {}
        let router = router.clone();
        guests.spawn(async move {
            receive(stream, router).await;
            drop(place);
        });
    }
}

async fn receive(stream: TcpStream, router: Router) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request: Request<Incoming>| {
        let answer = router.call(request);
        async {
            let answer = timeout(REQUEST_MAX, answer).await;
            Ok::<Response, Infallible>(match answer {
                Ok(Ok(answer)) => answer,
                Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
            })
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(SILENCE_MAX).max_buf_size(HEAD_BYTES_MAX);
    // Who hangs up has nothing to be told.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::{body::Bytes, routing::post};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        time::Instant,
    };

    use super::*;

    async fn listening(guests_max: usize) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", post(|body: Bytes| async move { body }));
        tokio::spawn(listen_to(guests_max, listener, router));
        address
    }

    /// What is answered until the connection is closed.
    async fn heard(stream: &mut TcpStream) -> String {
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_is_shown_out() {
        for said in [
            "",
            "POST / HTTP/1.1\r\nhost: a\r\n",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n",
        ] {
            let mut stream = TcpStream::connect(listening(8).await).await.unwrap();
            stream.write_all(said.as_bytes()).await.unwrap();
            let began = Instant::now();
            heard(&mut stream).await;
            assert_eq!(began.elapsed().as_secs(), SILENCE_MAX.as_secs(), "{said}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_not_waited_for() {
        let mut stream = TcpStream::connect(listening(8).await).await.unwrap();
        let request = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhello";
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = heard(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_when_all_places_are_taken_waits_for_one() {
        let address = listening(1).await;
        let first = TcpStream::connect(address).await.unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        let request =
            "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi";
        second.write_all(request.as_bytes()).await.unwrap();
        let soon = timeout(Duration::from_millis(50), second.readable()).await;
        assert!(soon.is_err());
        drop(first);
        assert!(heard(&mut second).await.ends_with("\r\n\r\nhi"));
    }
}
