//! Webhooks of strangers, and of whom they should be of.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::*;

/// A listener for the issuer's webhooks, where it listens, and what comes.
async fn listening(key: Option<&str>) -> (SocketAddr, Post) {
    let listen = ([127, 0, 0, 1], 0).into();
    let settings = WebhookSettings { listen, key: key.map(ToOwned::to_owned) };
    let mut webhooks = settings.bind().await.unwrap();
    let address = webhooks.listener.local_addr().unwrap();
    let post = webhooks.admit("issuer", Whose::TheAgents);
    tokio::spawn(webhooks.serve());
    (address, post)
}

/// Posts as ACA-Py does; gives the status of the answer.
async fn posts(address: SocketAddr, path: &str, headers: &str, body: &str) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // Who is sent more than it takes hangs up.
    let _ = stream.read_to_string(&mut answer).await;
    answer.split(' ').nth(1).map_or(0, |status| status.parse().unwrap())
}

fn offered() -> String {
    json!({ "cred_ex_id": "a", "role": "issuer", "state": "offer-sent" }).to_string()
}

const PLACE: &str = "/issuer/topic/issue_credential_v2_0/";

#[tokio::test]
async fn whoever_says_the_key_is_heard() {
    let (address, mut post) = listening(Some("swordfish")).await;
    for (key, status) in [
        ("", 401),
        ("X-API-Key: shark\r\n", 401),
        ("X-API-Key: swordfish2\r\n", 401),
        ("X-API-Key: swordfish\r\n", 200),
    ] {
        assert_eq!(posts(address, PLACE, key, &offered()).await, status, "{key}");
    }
    assert!(matches!(post.recv().await, Some(Ok(Notice::Sighting(_)))));
    assert!(post.try_recv().is_err());
}

#[tokio::test]
async fn what_nobody_waits_for_is_refused_and_what_is_none_is_told() {
    let (address, mut post) = listening(None).await;
    let stranger = PLACE.replace("issuer", "gateway");
    assert_eq!(posts(address, &stranger, "", &offered()).await, 404);
    assert_eq!(posts(address, "/issuer", "", &offered()).await, 404);
    assert!(post.try_recv().is_err());
    assert_eq!(posts(address, PLACE, "", "{").await, 400);
    assert!(matches!(post.recv().await, Some(Err(Unreadable { .. }))));
    assert_eq!(posts(address, PLACE, "x-wallet-id: another\r\n", &offered()).await, 200);
    assert_eq!(post.recv().await, Some(Ok(Notice::Other)));
    let huge = format!("Content-Length: {}\r\n", BODY_MAX + 1);
    assert_ne!(posts(address, PLACE, &huge, "").await, 200);
}

#[tokio::test]
async fn an_agent_that_says_more_than_is_looked_at_is_asked_to_say_it_later() {
    let (sender, mut post) = mpsc::channel(1);
    let door = Door { whose: Whose::Anybodys, post: sender };
    let systems = HashMap::from([("issuer".to_owned(), door)]);
    let doors = State(Arc::new(Doors { key: None, systems }));
    let topic = || Path(("issuer".to_owned(), "connections".to_owned()));
    let statuses = async |doors: &State<Arc<Doors>>| {
        receive(doors.clone(), topic(), HeaderMap::new(), Request::new("{}".into())).await
    };
    assert_eq!(statuses(&doors).await, StatusCode::OK);
    assert_eq!(statuses(&doors).await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(post.recv().await.is_some());
    assert_eq!(statuses(&doors).await, StatusCode::OK);
}

/// What no answer takes that waits for nothing.
const LIMIT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn of_whom_nobody_knows_no_body_is_read() {
    let (address, mut post) = listening(Some("swordfish")).await;
    for (place, key, status) in [("/issuer", "shark", "401"), ("/nobody", "swordfish", "404")] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST {place}/topic/connections/ HTTP/1.1\r\nhost: a\r\nx-api-key: {key}\r\n\
             content-length: 4000000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        timeout(LIMIT, stream.read_exact(&mut answer)).await.unwrap().unwrap();
        assert_eq!(String::from_utf8_lossy(&answer), format!("HTTP/1.1 {status}"));
    }
    assert!(post.try_recv().is_err());
}
