//! What a request looks like on the wire.

use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderValue, Method};

use super::{OK, respond, trip};
use crate::journey::http::{Client, RequestBuilder, Settings, SettingsError};

/// What the server reads of the request that `build` makes of its URL.
async fn wire(build: impl FnOnce(crate::journey::http::Http, &str) -> RequestBuilder) -> String {
    let seen = Arc::new(Mutex::new(String::new()));
    let write = Arc::clone(&seen);
    let url = respond(move |request| {
        request.clone_into(&mut write.lock().unwrap());
        OK.into()
    })
    .await;
    let (http, _) = trip(Settings { user_agent: Some("test/1".into()), ..Settings::default() });
    build(http, &url).send().await.unwrap();
    let port = url.rsplit(':').next().unwrap();
    seen.lock().unwrap().replace(port, "PORT").replace("\r\n", "\n")
}

#[tokio::test]
async fn a_get_says_who_asks_for_what() {
    let text = wire(|http, url| {
        let get = http.get(format!("{url}/a b?x=1#part")).query(&[("y", "ü&"), ("z", "")]);
        get.bearer_auth("t0ken").header("X-Number", 7).header("x-number", 8)
    });
    insta::assert_snapshot!(text.await, @"
    GET /a%20b?x=1&y=%C3%BC%26&z= HTTP/1.1
    host: 127.0.0.1:PORT
    user-agent: test/1
    accept: */*
    authorization: Bearer t0ken
    x-number: 8
    ");
}

#[tokio::test]
async fn json_has_a_type_and_a_length() {
    let text = wire(|http, url| http.post(url).json(&[1, 2]).basic_auth("user", "pass"));
    insta::assert_snapshot!(text.await, @"
    POST / HTTP/1.1
    host: 127.0.0.1:PORT
    user-agent: test/1
    accept: */*
    content-type: application/json
    authorization: Basic dXNlcjpwYXNz
    content-length: 5

    [1,2]
    ");
}

#[tokio::test]
async fn what_is_set_wins_over_what_is_usual() {
    let text = wire(|http, url| {
        let put = http.put(url).header("content-type", "application/merge+json");
        put.header("accept", "text/plain")
            .header("user-agent", "me")
            .header("host", "other")
            .json(&())
    });
    insta::assert_snapshot!(text.await, @"
    PUT / HTTP/1.1
    content-type: application/merge+json
    accept: text/plain
    user-agent: me
    host: other
    content-length: 4

    null
    ");
}

#[tokio::test]
async fn a_form_is_encoded_and_an_empty_post_says_that_it_is_empty() {
    let text = wire(|http, url| http.patch(url).form(&[("name", "a&b"), ("n", "1 2")])).await;
    assert!(text.contains("\ncontent-type: application/x-www-form-urlencoded\n"), "{text}");
    assert!(text.ends_with("\n\nname=a%26b&n=1+2"), "{text}");
    let text = wire(|http, url| http.post(url)).await;
    assert!(text.ends_with("\ncontent-length: 0\n\n"), "{text}");
    let text = wire(|http, url| http.delete(url)).await;
    assert!(text.starts_with("DELETE / ") && !text.contains("content-length"), "{text}");
}

#[tokio::test]
async fn a_long_body_arrives_whole() {
    let body: String = ('a'..='z').cycle().take(300_000).collect();
    let text = wire(|http, url| http.post(url).body(body.clone())).await;
    assert!(text.ends_with(&body));
}

#[tokio::test]
async fn nothing_can_be_smuggled_into_a_request() {
    let (http, told) = trip(Settings::default());
    let url = "http://127.0.0.1:1/";
    let lines = HeaderMap::from_iter([(http::header::TRANSFER_ENCODING, HeaderValue::from(1))]);
    let mut errors = Vec::new();
    for request in [
        http.get(url).header("a", "b\r\nc: d"),
        http.get(url).header("a\r\nb", "c"),
        http.get(url).bearer_auth("x\ny"),
        http.post(url).header("Content-Length", 3),
        http.post(url).headers(&lines),
        http.post(url).query("not pairs"),
        http.request(Method::CONNECT, url),
    ] {
        errors.push(request.send().await.unwrap_err().to_string());
    }
    assert_eq!(told.lines(), "");
    insta::assert_snapshot!(errors.join("\n"), @r#"
    GET http://127.0.0.1:1/: bad request: failed to parse header value
    GET http://127.0.0.1:1/: bad request: invalid HTTP header name
    GET http://127.0.0.1:1/: bad request: failed to parse header value
    POST http://127.0.0.1:1/: bad request: the header "content-length" follows from the body and cannot be set
    POST http://127.0.0.1:1/: bad request: the header "transfer-encoding" follows from the body and cannot be set
    POST http://127.0.0.1:1/: bad request: top-level serializer supports only maps and structs
    CONNECT http://127.0.0.1:1/: bad request: there is no tunnelling
    "#);
}

#[test]
fn a_client_is_only_made_of_settings_that_can_be_used() {
    let refused =
        |settings| Client::new(settings).err().map(|error: SettingsError| error.to_string());
    let agent = Settings { user_agent: Some("a\nb".into()), ..Settings::default() };
    insta::assert_snapshot!(refused(agent).unwrap(), @r#"user agent "a\nb" is not a header value; write one line, such as "shop/1.0""#);
    let ca = Settings { ca: vec![b"rubbish".into()], ..Settings::default() };
    insta::assert_snapshot!(refused(ca).unwrap(), @"certificate authority 1 cannot be used; give the text of a PEM file");
}
