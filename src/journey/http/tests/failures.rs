//! What can go wrong, and what it is called.

use std::{error::Error as _, time::Duration};

use tokio::{io::AsyncWriteExt as _, net::TcpListener};

use super::{OK, respond_once, serve, trip};
use crate::journey::http::{HttpError, Settings};

async fn kind(url: &str, settings: Settings) -> String {
    let (http, told) = trip(settings);
    let kind = http.get(url).send().await.unwrap_err().kind().into_owned();
    assert_eq!(told.lines(), format!("GET {kind}"));
    kind
}

async fn kind_of(answer: &'static str) -> String {
    kind(&respond_once(answer).await, Settings::default()).await
}

/// The address of a port where nobody listens.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn an_answer_that_is_none_or_half_has_a_kind_of_its_own() {
    assert_eq!(kind_of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await, "closed early");
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf";
    assert_eq!(kind_of(chunked).await, "closed early");
    assert_eq!(kind_of("HTTP/1.1 2").await, "closed early");
    assert_eq!(kind_of("").await, "closed early");
    assert_eq!(kind_of("220 mail.example.com ESMTP\r\n").await, "protocol");
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_refused() {
    let url = respond_once("HTTP/1.1 200 OK\r\n\r\nfive!").await;
    let settings = Settings { body_bytes_max: 4, ..Settings::default() };
    assert_eq!(kind(&url, settings).await, "body too large");
}

#[tokio::test]
async fn a_port_where_nobody_listens_refuses() {
    assert_eq!(kind(&nobody().await, Settings::default()).await, "refused");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_told() {
    let url = "http://nobody-is-called-this.invalid/";
    assert_eq!(kind(url, Settings::default()).await, "no such host");
}

#[tokio::test]
async fn a_connection_that_is_reset_is_told() {
    let url = serve(|mut peer| async move {
        peer.request().await;
        peer.stream.set_zero_linger().unwrap();
    })
    .await;
    assert_eq!(kind(&url, Settings::default()).await, "reset");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (http, told) = trip(Settings::default());
    let url = format!("http://{address}/slow");
    let error = http.get(url).timeout(Duration::from_secs(2)).send().await.unwrap_err();
    assert_eq!(error.to_string(), format!("GET http://{address}/slow: timeout"));
    assert_eq!(told.lines(), "GET timeout");
    assert!(told.last().waiting >= Duration::from_secs(1));
    let settings = || Settings { insecure: true, ..Settings::default() };
    assert_eq!(kind(&format!("https://{address}"), settings()).await, "connect timeout");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_is_a_timeout() {
    let url = serve(|mut peer| async move {
        peer.request().await;
        peer.answer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await;
        while peer.stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    })
    .await;
    let (http, told) = trip(Settings::default());
    assert_eq!(http.get(&url).send().await.unwrap_err().kind(), "timeout");
    assert!((28..=31).contains(&told.last().received_bytes), "{:?}", told.last());
}

#[tokio::test]
async fn an_answer_that_comes_before_the_request_has_gone_counts() {
    let url = serve(|mut peer| async move {
        peer.stream.readable().await.unwrap();
        peer.answer("HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nlong").await;
        std::future::pending::<()>().await;
    })
    .await;
    let (http, told) = trip(Settings::default());
    let answer = http.post(&url).body(vec![0; 64 << 20]).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().unwrap()), (413, "long"));
    assert!(told.last().sent_bytes < 64 << 20);
    // The rest of the body would be taken for the next request.
    http.get(&url).send().await.unwrap();
    assert_eq!(told.lines(), "POST 413, GET 413");
}

#[tokio::test]
async fn errors_name_the_request_and_the_cause_but_no_secrets() {
    let url = respond_once("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}").await;
    let port = url.rsplit(':').next().unwrap().to_owned();
    let (http, _) = trip(Settings::default());
    let answer = http.get(format!("{url}/a/b?token=secret#part")).send().await.unwrap();
    let text = |error: HttpError| error.to_string().replace(&port, "PORT");
    let json = answer.json::<Vec<u8>>().unwrap_err();
    insta::assert_snapshot!(text(json), @"GET http://127.0.0.1:PORT/a/b: bad json: invalid type: map, expected a sequence at line 1 column 0");
    let missing = answer.error_for_status().unwrap_err();
    assert_eq!((missing.kind().as_ref(), missing.status().unwrap().as_u16()), ("http 404", 404));
    insta::assert_snapshot!(text(missing), @"GET http://127.0.0.1:PORT/a/b: http 404");
    let refused = http.get(nobody().await).send().await.unwrap_err();
    assert!(refused.to_string().ends_with(": refused: Connection refused (os error 111)"));
    assert!(refused.source().is_none());
}

#[tokio::test]
async fn a_bad_url_is_told_when_it_is_sent() {
    let (http, told) = trip(Settings::default());
    let mut errors = Vec::new();
    for url in
        ["/login?x=secret", "ftp://a/b", "http://u:secret@a/b", "http://", "ht!tp://u:secret@x/"]
    {
        errors.push(http.get(url).send().await.unwrap_err().to_string());
    }
    assert_eq!(told.lines(), "");
    let text = errors.join("\n");
    assert!(!text.contains("secret"));
    insta::assert_snapshot!(text, @"
    GET /login: bad url: relative URL without a base; write it in full, such as http://127.0.0.1:8080/login
    GET ftp://a/b: bad url: its scheme is ftp, but only http and https can be asked
    GET …a/b: bad url: user and password do not belong in it; use basic_auth(user, password)
    GET http://: bad url: empty host; write it in full, such as http://127.0.0.1:8080/login
    GET …x/: bad url: relative URL without a base; write it in full, such as http://127.0.0.1:8080/login
    ");
}

#[tokio::test]
async fn an_ipv6_address_can_be_asked() {
    let Ok(listener) = TcpListener::bind("[::1]:0").await else { return };
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut peer = super::Peer { stream, number: 0 };
        let request = peer.request().await;
        assert!(super::header(&request, "host").unwrap().starts_with("[::1]:"));
        peer.answer(OK).await;
    });
    let (http, _) = trip(Settings::default());
    assert_eq!(http.get(&url).send().await.unwrap().text().unwrap(), "ok");
}
