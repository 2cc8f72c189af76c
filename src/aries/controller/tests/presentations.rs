use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    super::{Exchange, InvitationSource, Invited},
    FakeHttp, controller,
};

const VERIFIER: &str = r#"it = { url = "http://127.0.0.1:8041" }"#;
const LIMIT: Duration = Duration::from_secs(9);

fn request() -> Value {
    json!({
        "name": "proof", "version": "1.0",
        "requested_attributes": { "attr0": { "name": "name" } }, "requested_predicates": {},
    })
}

/// An answer to all that a verifier is asked on the way to an invitation.
fn willing() -> FakeHttp {
    FakeHttp::saying(&json!({
        "pres_ex_id": "p-2", "presentation_exchange_id": "p-1", "token": "abc", "thread_id": "t-1",
        "invi_msg_id": "082a00c9", "oob_id": "77", "state": "initial",
        "invitation": { "@id": "082a00c9", "requests~attach": [{}] },
        "invitation_url": "http://127.0.0.1:8040?oob=e30",
    }))
}

/// What a verifier is asked for a presentation, first on a connection, then without one.
async fn asked(toml: &str) -> String {
    let (http, verifier) = (willing(), controller(toml));
    let along = verifier.request_presentation(&http, "c-1", &request()).await.unwrap();
    let (invited, held) =
        verifier.presentation_invitation(&http, "holder 7", &request()).await.unwrap();
    assert_eq!(
        invited,
        Invited {
            invitation: InvitationSource::Json(
                json!({ "@id": "082a00c9", "requests~attach": [{}] })
            ),
            connection_id: None,
            invitation_id: Some("082a00c9".into()),
        }
    );
    assert_eq!(along, held);
    assert_eq!(held.thread_id.as_deref(), Some("t-1"));
    format!("{}\n=> {}", http.asked().join("\n\n"), held.id)
}

#[tokio::test(start_paused = true)]
async fn a_presentation_is_asked_for_on_a_connection_and_by_an_invitation() {
    assert_snapshot!(asked(VERIFIER).await, @r#"
    POST http://127.0.0.1:8041/present-proof-2.0/send-request
    {"auto_remove":false,"auto_verify":true,"connection_id":"c-1","presentation_request":{"anoncreds":{"name":"proof","requested_attributes":{"attr0":{"name":"name"}},"requested_predicates":{},"version":"1.0"}}}

    POST http://127.0.0.1:8041/present-proof-2.0/create-request
    {"auto_remove":false,"auto_verify":true,"presentation_request":{"anoncreds":{"name":"proof","requested_attributes":{"attr0":{"name":"name"}},"requested_predicates":{},"version":"1.0"}}}

    POST http://127.0.0.1:8041/out-of-band/create-invitation
    {"alias":"holder 7","attachments":[{"id":"p-2","type":"present-proof"}]}
    => p-2
    "#);
    assert_snapshot!(asked(r#"it = { url = "http://127.0.0.1:8041", wallet_type = "askar", public_did = true }"#).await, @r#"
    POST http://127.0.0.1:8041/present-proof-2.0/send-request
    {"auto_remove":false,"auto_verify":true,"connection_id":"c-1","presentation_request":{"indy":{"name":"proof","requested_attributes":{"attr0":{"name":"name"}},"requested_predicates":{},"version":"1.0"}}}

    POST http://127.0.0.1:8041/present-proof-2.0/create-request
    {"auto_remove":false,"auto_verify":true,"presentation_request":{"indy":{"name":"proof","requested_attributes":{"attr0":{"name":"name"}},"requested_predicates":{},"version":"1.0"}}}

    POST http://127.0.0.1:8041/out-of-band/create-invitation
    {"alias":"holder 7","attachments":[{"id":"p-2","type":"present-proof"}],"use_public_did":true}
    => p-2
    "#);
    assert_snapshot!(asked(r#"it = { url = "http://127.0.0.1:8041", protocol = "1.0" }"#).await, @r#"
    POST http://127.0.0.1:8041/present-proof/send-request
    {"auto_remove":false,"auto_verify":true,"connection_id":"c-1","proof_request":{"name":"proof","requested_attributes":{"attr0":{"name":"name"}},"requested_predicates":{},"version":"1.0"}}

    POST http://127.0.0.1:8041/present-proof/create-request
    {"auto_remove":false,"auto_verify":true,"proof_request":{"name":"proof","requested_attributes":{"attr0":{"name":"name"}},"requested_predicates":{},"version":"1.0"}}

    POST http://127.0.0.1:8041/out-of-band/create-invitation
    {"alias":"holder 7","attachments":[{"id":"p-1","type":"present-proof"}]}
    => p-1
    "#);
    assert_snapshot!(asked(r#"it = { kind = "traction", url = "https://proxy.example", wallet_id = "w", wallet_key = "hush" }"#).await, @r#"
    POST https://proxy.example/multitenancy/wallet/w/token
    {"wallet_key":"hush"}

    POST https://proxy.example/present-proof-2.0/send-request
    Authorization: Bearer abc
    {"auto_remove":false,"auto_verify":true,"connection_id":"c-1","presentation_request":{"anoncreds":{"name":"proof","requested_attributes":{"attr0":{"name":"name"}},"requested_predicates":{},"version":"1.0"}}}

    POST https://proxy.example/present-proof-2.0/create-request
    Authorization: Bearer abc
    {"auto_remove":false,"auto_verify":true,"presentation_request":{"anoncreds":{"name":"proof","requested_attributes":{"attr0":{"name":"name"}},"requested_predicates":{},"version":"1.0"}}}

    POST https://proxy.example/out-of-band/create-invitation
    Authorization: Bearer abc
    {"alias":"holder 7","attachments":[{"id":"p-2","type":"present-proof"}]}
    => p-2
    "#);
}

/// What comes of waiting for the verdict of a verifier that answers the same each time, and how
/// often it is looked at.
async fn verdict(toml: &str, answer: Value) -> (String, usize) {
    let http = FakeHttp::saying(&answer);
    let exchange = Exchange { id: "p-1".into(), thread_id: None };
    let found = controller(toml).verdict(&http, &exchange, LIMIT).await;
    let found =
        found.map_or_else(|error| format!("{}: {error}", error.kind()), |it| it.to_string());
    (found, http.asked().len())
}

#[tokio::test(start_paused = true)]
async fn a_verdict_is_what_the_record_says_when_it_is_over() {
    for (state, verified, found) in [
        ("done", json!("true"), "true"),
        ("done", json!("false"), "false"),
        ("done", json!(true), "true"),
    ] {
        let answer = json!({ "pres_ex_id": "p-1", "state": state, "verified": verified, "verified_msgs": [] });
        assert_eq!(verdict(VERIFIER, answer).await, (found.into(), 1));
    }
    let first = r#"it = { url = "http://127.0.0.1:8041", protocol = "1.0" }"#;
    let answer = json!({ "state": "verified", "verified": "true" });
    assert_eq!(verdict(first, answer).await, ("true".into(), 1));
    let unsaid = json!({ "state": "done", "verified": null });
    assert_snapshot!(verdict(VERIFIER, unsaid).await.0, @"no verified in the answer: GET /present-proof-2.0/records/p-1: no verified in the answer");
}

#[tokio::test(start_paused = true)]
async fn a_verdict_is_looked_for_ever_more_rarely_and_not_for_ever() {
    let began = Instant::now();
    let http = FakeHttp::new(move |_| {
        let state = match began.elapsed().as_secs() {
            0 => "request-sent",
            1 | 2 => "presentation-received",
            _ => "done",
        };
        (200, json!({ "state": state, "verified": "true" }).to_string())
    });
    let exchange = Exchange { id: "p-1".into(), thread_id: None };
    assert!(controller(VERIFIER).verdict(&http, &exchange, LIMIT).await.unwrap());
    assert_eq!(http.asked().len(), 6);
    let (found, looks) = verdict(VERIFIER, json!({ "state": "request-sent" })).await;
    assert_snapshot!(found, @"exchange not over: the exchange is `request-sent` after 9s, not over");
    assert_eq!(looks, 8);
}

#[tokio::test(start_paused = true)]
async fn a_verdict_that_will_never_come_is_not_waited_for() {
    let answer = json!({ "state": "abandoned", "error_msg": "abandoned: no matching credentials" });
    let (found, looks) = verdict(VERIFIER, answer).await;
    assert_snapshot!(found, @"exchange abandoned: the exchange is `abandoned`: abandoned: no matching credentials");
    assert_eq!(looks, 1);
    let http = FakeHttp::new(|_| (404, "404: Record not found".into()));
    let removing = controller(r#"it = { url = "http://127.0.0.1:8041", auto_remove = true }"#);
    let error = removing
        .verdict(&http, &Exchange { id: "p-1".into(), thread_id: None }, LIMIT)
        .await
        .unwrap_err();
    assert_snapshot!(error, @"GET /present-proof-2.0/records/p-1: status 404: 404: Record not found; set auto_remove = false");
}

#[tokio::test(start_paused = true)]
async fn a_request_in_words_that_the_verifier_does_not_know_names_the_setting() {
    let words = r#"{"presentation_request": {"_schema": ["V20PresRequestByFormatSchema requires indy, dif, or both"]}}"#;
    let http = FakeHttp::new(move |_| (422, words.into()));
    let error = controller(VERIFIER).request_presentation(&http, "c-1", &request()).await;
    let text = error.unwrap_err().to_string();
    assert!(text.ends_with("or both\"]}}; set format = \"indy\""), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_names_no_exchange_is_none() {
    for id in
        [json!(""), json!(".."), json!("a\nb"), json!("x".repeat(257)), json!([]), Value::Null]
    {
        let http = FakeHttp::saying(&json!({ "pres_ex_id": id, "invitation_url": "http://x" }));
        let verifier = controller(VERIFIER);
        let error = verifier.request_presentation(&http, "c-1", &request()).await.unwrap_err();
        assert_eq!(error.kind(), "no exchange_id in the answer");
        let error = verifier.presentation_invitation(&http, "a", &request()).await.unwrap_err();
        assert_eq!(error.kind(), "no exchange_id in the answer");
        assert_eq!(http.asked().len(), 2, "there is nothing to invite to");
    }
}
