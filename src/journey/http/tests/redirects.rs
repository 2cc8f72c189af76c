//! Where redirects lead, and what goes along.

use std::time::Duration;

use super::{OK, header, respond, serve, trip};
use crate::journey::http::{HttpError, Response, Settings};

/// Answers `?<status>=<location>` with that redirect, and all else with the request itself.
async fn redirecting() -> String {
    respond(|request| {
        let path = request.split(' ').nth(1).unwrap();
        let Some((status, to)) = path.split_once('?').and_then(|it| it.1.split_once('=')) else {
            return format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{request}",
                request.len()
            );
        };
        let location = if to.is_empty() { String::new() } else { format!("Location: {to}\r\n") };
        format!("HTTP/1.1 {status} Moved\r\n{location}Content-Length: 0\r\n\r\n")
    })
    .await
}

fn kind(answer: Result<Response, HttpError>) -> String {
    answer.unwrap_err().kind().into_owned()
}

#[tokio::test]
async fn a_redirected_post_becomes_a_get_or_stays_what_it_is() {
    let url = redirecting().await;
    let mut seen = Vec::new();
    for status in [301, 302, 303, 307, 308] {
        let (http, told) = trip(Settings::default());
        let post = http.post(format!("{url}?{status}=/end")).json("body");
        let answer = post.send().await.unwrap();
        assert_eq!(answer.url().as_str(), format!("{url}/end"));
        let request = answer.text().unwrap();
        let body = request.split("\r\n\r\n").nth(1).unwrap();
        let kind = header(request, "content-type").unwrap_or("untyped");
        seen.push(format!("{}, {kind} {body:?}", told.lines()));
    }
    insta::assert_snapshot!(seen.join("\n"), @r#"
    POST 301, GET 200 reused, untyped ""
    POST 302, GET 200 reused, untyped ""
    POST 303, GET 200 reused, untyped ""
    POST 307, POST 200 reused, application/json "\"body\""
    POST 308, POST 200 reused, application/json "\"body\""
    "#);
}

#[tokio::test]
async fn a_redirected_head_stays_a_head() {
    let url = redirecting().await;
    let (http, told) = trip(Settings::default());
    http.head(format!("{url}?303=/end")).send().await.unwrap();
    assert_eq!(told.lines(), "HEAD 303, HEAD 200 reused");
}

#[tokio::test]
async fn a_location_may_be_relative() {
    let url = redirecting().await;
    let (http, _) = trip(Settings::default());
    for (to, path) in [("end", "/a/end"), ("../end", "/end"), ("/x/./y", "/x/y"), ("?page", "/a/b")]
    {
        let answer = http.get(format!("{url}/a/b?302={to}")).send().await.unwrap();
        assert_eq!(answer.url().path(), path);
    }
    let other = url.replace("http://", "//");
    let answer = http.get(format!("{url}?302={other}/z")).send().await.unwrap();
    assert_eq!(answer.url().as_str(), format!("{url}/z"));
}

#[tokio::test]
async fn a_redirect_without_location_and_one_not_to_be_followed_are_answers() {
    let url = redirecting().await;
    let (http, _) = trip(Settings::default());
    for status in [300, 301, 302, 303, 304, 305, 307, 308] {
        let answer = http.get(format!("{url}?{status}=")).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.bytes().len()), (status, 0));
    }
    let answer = http.get(format!("{url}?302=/end")).redirects(0).send().await.unwrap();
    assert_eq!(answer.status(), 302);
}

#[tokio::test]
async fn a_loop_ends_after_as_many_redirects_as_are_allowed() {
    let url =
        respond(|_| "HTTP/1.1 302 F\r\nLocation: /\r\nContent-Length: 0\r\n\r\n".into()).await;
    let (http, told) = trip(Settings { redirects: 2, ..Settings::default() });
    let error = http.get(&url).send().await.unwrap_err();
    assert!(error.to_string().ends_with("/: too many redirects: more than 2"), "{error}");
    assert_eq!(told.lines(), "GET 302, GET 302 reused, GET 302 reused");
}

#[tokio::test]
async fn a_redirect_to_what_is_no_web_page_is_refused() {
    let url = redirecting().await;
    let (http, _) = trip(Settings::default());
    assert_eq!(kind(http.get(format!("{url}?302=ftp://a/b")).send().await), "bad url");
    assert_eq!(kind(http.get(format!("{url}?302=http://[")).send().await), "bad url");
}

#[tokio::test]
async fn secrets_do_not_go_to_another_server() {
    let (one, other) = (redirecting().await, redirecting().await);
    let (http, _) = trip(Settings::default());
    let seen = async |to: &str| {
        let get = http.get(format!("{one}?307={to}")).bearer_auth("t").header("cookie", "c=1");
        let answer = get.header("x-mine", "kept").send().await.unwrap();
        let names = ["authorization", "cookie", "x-mine"];
        names.map(|name| header(answer.text().unwrap(), name).unwrap_or("-").to_owned()).join(" ")
    };
    assert_eq!(seen("/end").await, "Bearer t c=1 kept");
    assert_eq!(seen(&format!("{other}/end")).await, "- - kept");
    let with_user = other.replace("http://", "http://user:pass@");
    assert_eq!(seen(&format!("{with_user}/end")).await, "- - kept");
}

#[tokio::test(start_paused = true)]
async fn each_redirect_has_all_the_time_that_one_request_may_take() {
    let url = serve(|mut peer| async move {
        for answer in ["HTTP/1.1 302 F\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", OK] {
            peer.request().await;
            tokio::time::sleep(Duration::from_secs(20)).await;
            peer.answer(answer).await;
        }
    })
    .await;
    let (http, _) = trip(Settings { timeout: Duration::from_secs(30), ..Settings::default() });
    assert_eq!(http.get(&url).send().await.unwrap().text().unwrap(), "ok");
}
