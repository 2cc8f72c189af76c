use std::{sync::Mutex, time::Duration};

use insta::assert_snapshot;
use serde_json::json;
use tokio::time::Instant;

use super::{
    super::{InvitationSource, Invited},
    FakeHttp, controller,
};
use crate::aries::transport::HttpFailure;

const ACAPY: &str = r#"it = { url = "http://127.0.0.1:8031/", api_key = "hush" }"#;

#[tokio::test(start_paused = true)]
async fn an_invitation_is_asked_for_with_handshakes_and_a_key() {
    let http = FakeHttp::saying(&json!({
        "invi_msg_id": "6f2c", "oob_id": "77", "state": "initial",
        "invitation": { "@id": "6f2c" }, "invitation_url": "http://127.0.0.1:8030?oob=e30",
    }));
    let controller = controller(ACAPY);
    let invited = controller.invitation(&http, "holder 7").await.unwrap();
    assert_eq!(
        invited,
        Invited {
            invitation: InvitationSource::Json(json!({ "@id": "6f2c" })),
            connection_id: None,
            invitation_id: Some("6f2c".into()),
        }
    );
    assert_snapshot!(http.asked().join("\n\n"), @r#"
    POST http://127.0.0.1:8031/out-of-band/create-invitation?auto_accept=true
    X-API-Key: hush
    {"alias":"holder 7","handshake_protocols":["https://didcomm.org/didexchange/1.1","https://didcomm.org/didexchange/1.0"]}
    "#);
}

#[tokio::test(start_paused = true)]
async fn who_has_answered_an_invitation_for_many_is_found_by_the_did() {
    let http = FakeHttp::saying(&json!({ "invitation_url": "http://x?oob=e30" }));
    let many = controller(
        r#"it = { url = "https://issuer.example/admin", handshake = "didexchange/1.0", multi_use = true, headers = { x-tenant = "a" } }"#,
    );
    let invited = many.invitation(&http, "").await.unwrap();
    assert_eq!(invited.invitation, InvitationSource::Text("http://x?oob=e30".into()));
    assert_snapshot!(http.asked().join("\n\n"), @r#"
    POST https://issuer.example/admin/out-of-band/create-invitation?auto_accept=true&multi_use=true
    x-tenant: a
    {"alias":"","handshake_protocols":["https://didcomm.org/didexchange/1.0"]}
    "#);
    assert!(many.is_multi_use());
    let known = Mutex::new([json!([]), json!([]), json!([{ "connection_id": "c-7" }])].into_iter());
    let http = FakeHttp::new(move |_| {
        let results = known.lock().unwrap().next().unwrap();
        (200, json!({ "results": results }).to_string())
    });
    assert_eq!(many.connection_id(&http, &invited, "did:peer:4zQm").await.unwrap(), "c-7");
    let nobody = FakeHttp::saying(&json!({ "results": [] }));
    let unknown = many.connection_id(&nobody, &invited, "did:peer:4zQm").await.unwrap_err();
    assert_eq!(unknown.kind(), "no connection_id in the answer");
    assert_eq!(nobody.asked().len(), 6, "it is given up in the end");
    assert_snapshot!(http.asked()[2], @r#"
    GET https://issuer.example/admin/connections?their_did=did%3Apeer%3A4zQm
    x-tenant: a
    "#);
}

#[tokio::test(start_paused = true)]
async fn an_invitation_may_name_the_public_did() {
    let http = FakeHttp::saying(&json!({ "invitation": { "@id": "6f2c" } }));
    let public = controller(r#"it = { url = "http://issuer:8031", public_did = true }"#);
    public.invitation(&http, "holder 7").await.unwrap();
    assert_snapshot!(http.asked().join("\n\n"), @r#"
    POST http://issuer:8031/out-of-band/create-invitation?auto_accept=true
    {"alias":"holder 7","handshake_protocols":["https://didcomm.org/didexchange/1.1","https://didcomm.org/didexchange/1.0"],"use_public_did":true}
    "#);
}

#[tokio::test(start_paused = true)]
async fn an_old_agent_is_asked_for_an_old_invitation() {
    let http = FakeHttp::saying(&json!({
        "connection_id": "c-1", "invitation": { "@type": "…/connections/1.0/invitation" },
    }));
    let old = controller(
        r#"it = { url = "http://127.0.0.1:8031", handshake = "connections/1.0", legacy = true }"#,
    );
    let invited = old.invitation(&http, "a&b").await.unwrap();
    assert_eq!(old.connection_id(&http, &invited, "").await.unwrap(), "c-1");
    assert_snapshot!(http.asked().join("\n\n"), @"
    POST http://127.0.0.1:8031/connections/create-invitation?alias=a%26b&auto_accept=true
    {}
    ");
}

#[tokio::test(start_paused = true)]
async fn the_connection_of_an_invitation_is_looked_up() {
    let http = FakeHttp::saying(&json!({ "results": [{ "connection_id": "c-1" }] }));
    let invited = Invited {
        invitation: InvitationSource::Text("http://x".into()),
        connection_id: None,
        invitation_id: Some("6f&2c".into()),
    };
    let controller = controller(ACAPY);
    assert_eq!(controller.connection_id(&http, &invited, "").await.unwrap(), "c-1");
    assert_snapshot!(http.asked().join("\n\n"), @"
    GET http://127.0.0.1:8031/connections?invitation_msg_id=6f%262c
    X-API-Key: hush
    ");
}

#[tokio::test(start_paused = true)]
async fn messages_pings_and_menus_are_sent_on_a_connection_and_their_answers_not_read() {
    let http = FakeHttp::new(|_| (200, "not JSON".into()));
    let controller = controller(r#"it = "http://127.0.0.1:8031""#);
    controller.send_message(&http, "c/1", "say \"hello\"").await.unwrap();
    controller.send_ping(&http, "c-1").await.unwrap();
    controller.send_menu(&http, "c-1", &json!({ "title": "Menu", "options": [] })).await.unwrap();
    controller.live(&http).await.unwrap();
    assert_snapshot!(http.asked().join("\n\n"), @r#"
    POST http://127.0.0.1:8031/connections/c%2F1/send-message
    {"content":"say \"hello\""}

    POST http://127.0.0.1:8031/connections/c-1/send-ping
    {}

    POST http://127.0.0.1:8031/action-menu/c-1/send-menu
    {"menu":{"options":[],"title":"Menu"}}

    GET http://127.0.0.1:8031/status/live
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_looked_at_until_it_is_ready() {
    let began = Instant::now();
    let http = FakeHttp::new(move |_| {
        let ready = began.elapsed() > Duration::from_secs(3);
        (200, json!({ "state": if ready { "active" } else { "response" } }).to_string())
    });
    let controller = controller(ACAPY);
    controller.ready(&http, "c-1", Duration::from_secs(10)).await.unwrap();
    assert_eq!(http.asked().len(), 6, "the looks grow rarer");
    let slow = FakeHttp::saying(&json!({ "state": "request" }));
    let error = controller.ready(&slow, "c-1", Duration::from_secs(9)).await.unwrap_err();
    assert_eq!(error.kind(), "connection not ready");
    assert_snapshot!(error, @"the connection is `request` after 9s, not ready");
    let began = Instant::now();
    let given_up = FakeHttp::saying(&json!({ "state": "abandoned" }));
    controller.ready(&given_up, "c-1", Duration::from_secs(9)).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_millis(20), "there is nothing to wait for");
    let silent = FakeHttp::that(|_| Err(refused()));
    let error = controller.ready(&silent, "c-1", Duration::from_secs(9)).await.unwrap_err();
    assert_eq!(error.kind(), "connection refused");
}

fn refused() -> HttpFailure {
    HttpFailure { kind: "connection refused".into(), message: "connection refused".into() }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_tells_what_was_asked_and_nothing_secret() {
    let http = FakeHttp::new(|_| (403, format!("the key hush\n is no key {}", "!".repeat(500))));
    let controller = controller(ACAPY);
    let error = controller.send_ping(&http, "c-1").await.unwrap_err();
    assert_eq!(error.kind(), "status 403");
    let text = error.to_string();
    assert!(
        text.starts_with("POST /connections/c-1/send-ping: status 403: the key *** is no key !!!"),
        "{text}"
    );
    assert!(text.chars().count() < 300, "{text}");
    assert!(!format!("{error:?} {controller:?}").contains("hush"));

    let http = FakeHttp::that(|_| Err(refused()));
    let error = controller.invitation(&http, "a").await.unwrap_err();
    assert_eq!(error.kind(), "connection refused");
    assert_snapshot!(error, @"POST /out-of-band/create-invitation: connection refused");
}
