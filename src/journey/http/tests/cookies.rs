//! Whose cookies are whose.

use std::sync::Arc;

use super::{Told, header, respond, trip};
use crate::journey::http::{Client, Settings};

/// Answers with the request's cookies, and sets those that its path names.
async fn baker() -> String {
    respond(|request| {
        let path = request.split(' ').nth(1).unwrap();
        let set = match path {
            "/login" => "Set-Cookie: session=1; Path=/; HttpOnly\r\nSet-Cookie: lang=de\r\n".into(),
            "/logout" => "Set-Cookie: session=; Path=/; Max-Age=0\r\n".into(),
            "/foreign" => "Set-Cookie: a=1; Domain=example.com\r\n".into(),
            "/huge" => format!("Set-Cookie: huge={}\r\n", "x".repeat(5000)),
            "/many" => numbered(0..90),
            "/more" => numbered(90..180),
            _ => String::new(),
        };
        let cookies = header(request, "cookie").unwrap_or("none");
        format!("HTTP/1.1 200 OK\r\n{set}Content-Length: {}\r\n\r\n{cookies}", cookies.len())
    })
    .await
}

fn numbered(numbers: std::ops::Range<u32>) -> String {
    numbers.map(|n| ["Set-Cookie: c", &n.to_string(), "=1\r\n"].concat()).collect()
}

#[tokio::test]
async fn cookies_come_back_until_they_are_taken_away() {
    let url = baker().await;
    let (http, _) = trip(Settings::default());
    let mut seen = Vec::new();
    for path in ["/", "/login", "/", "/logout", "/"] {
        let answer = http.get(format!("{url}{path}")).send().await.unwrap();
        seen.push(answer.text().unwrap().to_owned());
    }
    assert_eq!(seen.join(" | "), "none | none | lang=de; session=1 | lang=de; session=1 | lang=de");
    assert_eq!(http.cookie(&url, "lang").as_deref(), Some("de"));
    assert_eq!(http.cookie("http://example.com", "lang"), None);
}

#[tokio::test]
async fn the_cookies_of_one_trip_are_not_those_of_another() {
    let url = baker().await;
    let client = Client::new(Settings::default()).unwrap();
    let [one, other] = [(); 2].map(|()| client.for_trip(Arc::new(Told::default())));
    one.get(format!("{url}/login")).send().await.unwrap();
    assert_eq!(one.get(&url).send().await.unwrap().text().unwrap(), "lang=de; session=1");
    assert_eq!(other.get(&url).send().await.unwrap().text().unwrap(), "none");
    assert_eq!(one.clone().get(&url).send().await.unwrap().text().unwrap(), "lang=de; session=1");
}

#[tokio::test]
async fn cookies_for_others_and_secure_ones_are_not_sent() {
    let url = baker().await;
    let (http, _) = trip(Settings::default());
    http.get(format!("{url}/foreign")).send().await.unwrap();
    assert_eq!(http.get(&url).send().await.unwrap().text().unwrap(), "none");
    assert_eq!(http.cookie("http://example.com", "a"), None);
    http.add_cookie("https://example.com", "b=1; Secure");
    assert_eq!(http.cookie("http://example.com", "b"), None);
    assert_eq!(http.cookie("https://example.com", "b").as_deref(), Some("1"));
}

#[tokio::test]
async fn a_target_cannot_fill_our_memory_with_cookies() {
    let url = baker().await;
    let (http, _) = trip(Settings::default());
    for path in ["/huge", "/many", "/more"] {
        http.get(format!("{url}{path}")).send().await.unwrap();
    }
    let answer = http.get(&url).send().await.unwrap();
    assert_eq!(answer.text().unwrap().split("; ").count(), 100);
    http.add_cookie(&url, "c5=new");
    http.add_cookie(&url, "c500=new");
    assert_eq!(http.cookie(&url, "c5").as_deref(), Some("new"));
    assert_eq!(http.cookie(&url, "c500"), None);
}

#[tokio::test]
async fn a_cookie_header_of_ones_own_goes_instead_of_the_jar() {
    let url = baker().await;
    let (http, _) = trip(Settings::default());
    http.add_cookie(&url, "jar=1");
    http.add_cookie(&url, "broken=1\r\nX-Smuggled: 1");
    assert_eq!(http.get(&url).send().await.unwrap().text().unwrap(), "jar=1");
    let answer = http.get(&url).header("cookie", "mine=1").send().await.unwrap();
    assert_eq!(answer.text().unwrap(), "mine=1");
}
