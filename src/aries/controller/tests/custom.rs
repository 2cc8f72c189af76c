use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{
    super::{CredentialOrder, Exchange, InvitationSource, Invited, Revocation},
    FakeHttp, controller,
};

const LIMIT: Duration = Duration::from_secs(9);

const CUSTOM: &str = r#"
[it]
kind = "custom"
url = "https://gateway.example/api"
bearer = "hush"
invitation = { url = "/invitations/{label}?for={label}", headers = { x-role = "issuer" }, body = { name = "for {label}", tags = ["{label}", 7, true] }, invitation = "/data/0/url", connection_id = "/data/0/id" }
connection = { url = "/by-invitation/{invitation_id}", connection_id = "/id" }
ready = { url = "/connections/{connection_id}", state = "/state", is = ["done"] }
message = { method = "put", url = "https://other.example/send", body = '{"to": "{connection_id}", "text": "{content}", "brace": "{ }"}' }
menu = { url = "/menus", body = { to = "{connection_id}", menu = "{menu}" } }
live = { url = "/health" }
"#;

#[tokio::test(start_paused = true)]
async fn a_scenario_says_what_is_asked_and_where_the_answer_has_what() {
    let http = FakeHttp::saying(&json!({
        "data": [{ "url": "https://short.example/x", "id": 17 }], "id": "c-2", "state": "done",
    }));
    let controller = controller(CUSTOM);
    let invited = controller.invitation(&http, "a/b \"c\" {content}").await.unwrap();
    assert_eq!(
        invited,
        Invited {
            invitation: InvitationSource::Text("https://short.example/x".into()),
            connection_id: Some("17".into()),
            invitation_id: None,
        }
    );
    let invited = Invited { connection_id: None, invitation_id: Some("i".into()), ..invited };
    assert_eq!(controller.connection_id(&http, &invited, "").await.unwrap(), "c-2");
    controller.ready(&http, "c-2", Duration::from_secs(1)).await.unwrap();
    controller.send_message(&http, "c-2", "\"}, {label}\n").await.unwrap();
    controller.send_menu(&http, "c-2", &json!({ "title": "Menu" })).await.unwrap();
    controller.live(&http).await.unwrap();
    assert_snapshot!(http.asked().join("\n\n"), @r#"
    POST https://gateway.example/api/invitations/a%2Fb%20%22c%22%20%7Bcontent%7D?for=a%2Fb%20%22c%22%20%7Bcontent%7D
    Authorization: Bearer hush
    x-role: issuer
    {"name":"for a/b \"c\" {content}","tags":["a/b \"c\" {content}",7,true]}

    GET https://gateway.example/api/by-invitation/i
    Authorization: Bearer hush

    GET https://gateway.example/api/connections/c-2
    Authorization: Bearer hush

    PUT https://other.example/send
    Authorization: Bearer hush
    {"brace":"{ }","text":"\"}, {label}\n","to":"c-2"}

    POST https://gateway.example/api/menus
    Authorization: Bearer hush
    {"menu":{"title":"Menu"},"to":"c-2"}

    GET https://gateway.example/api/health
    Authorization: Bearer hush
    "#);
}

#[tokio::test(start_paused = true)]
async fn what_the_scenario_does_not_say_is_not_guessed() {
    let http = FakeHttp::saying(&json!({}));
    let error = controller(CUSTOM).send_ping(&http, "c-1").await.unwrap_err();
    assert_eq!(error.kind(), "no ping described");
    assert_snapshot!(error, @r#"the scenario does not say how `ping` is asked: add ping = { url = "/…" }"#);
    assert!(!controller(CUSTOM).publishes_in_batches());
    controller(CUSTOM).publish_revocations(&http).await.unwrap();
    assert!(http.asked().is_empty());
}

const CREDENTIALS: &str = r#"
[it]
kind = "custom"
url = "https://gateway.example/api"
cred_def_id = "badge"
issue = { url = "/offers", body = { to = "{connection_id}", of = "{cred_def_id}", values = "{attributes}", note = "{comment}" }, exchange_id = "/offer/id", thread_id = "/offer/thread" }
issued = { url = "/offers/{exchange_id}", state = "/state" }
revoke = { method = "DELETE", url = "/registries/{registry_id}/{index}", body = { on = "{connection_id}", index = "{index}", offer = "{exchange_id}", why = "{comment}" } }
publish = { method = "POST", url = "/publish" }
request_presentation = { url = "/requests", body = { to = "{connection_id}", ask = "{request}" }, exchange_id = "/id" }
presentation_invitation = { url = "/requests", body = { name = "{label}", ask = "{request}" }, exchange_id = "/id", invitation = "/link" }
verdict = { url = "/requests/{exchange_id}", state = "/state", is = ["checked"], verified = "/ok" }
"#;

#[tokio::test(start_paused = true)]
async fn a_scenario_says_how_credentials_are_issued_and_presented() {
    let http = FakeHttp::saying(&json!({
        "offer": { "id": 17, "thread": "t-1" }, "id": "p-1", "link": "https://short.example/x", "state": "done",
    }));
    let controller = controller(CREDENTIALS);
    let order = CredentialOrder {
        cred_def_id: controller.credential_definition(&http).await.unwrap(),
        attributes: vec![("name".into(), "{comment}".into()), ("age".into(), "24".into())],
        comment: "yours".into(),
    };
    let offered = controller.issue_credential(&http, "c-1", &order).await.unwrap();
    assert_eq!(offered.thread_id.as_deref(), Some("t-1"));
    controller.issued(&http, &offered, LIMIT).await.unwrap();
    let place = Revocation {
        exchange_id: None,
        place: Some(("r/1".into(), 7)),
        connection_id: "c-1".into(),
        thread_id: None,
        comment: "lost".into(),
    };
    controller.revoke(&http, &place).await.unwrap();
    let exchange = Revocation { exchange_id: Some(offered.id), place: None, ..place.clone() };
    let nothing = Revocation { exchange_id: None, place: None, ..place };
    for gap in [exchange, nothing] {
        let error = controller.revoke(&http, &gap).await.unwrap_err();
        assert_eq!(error.kind(), "no credential named");
    }
    assert!(controller.publishes_in_batches());
    controller.publish_revocations(&http).await.unwrap();
    let request = json!({ "name": "proof" });
    let asked = controller.request_presentation(&http, "c-1", &request).await.unwrap();
    let (invited, held) = controller.presentation_invitation(&http, "a", &request).await.unwrap();
    assert_eq!(invited.invitation, InvitationSource::Text("https://short.example/x".into()));
    assert_eq!((&asked, &asked.thread_id), (&held, &None));
    assert_snapshot!(http.asked().join("\n\n"), @r#"
    POST https://gateway.example/api/offers
    {"note":"yours","of":"badge","to":"c-1","values":{"age":"24","name":"{comment}"}}

    GET https://gateway.example/api/offers/17

    DELETE https://gateway.example/api/registries/r%2F1/7
    {"index":7,"offer":null,"on":"c-1","why":"lost"}

    POST https://gateway.example/api/publish

    POST https://gateway.example/api/requests
    {"ask":{"name":"proof"},"to":"c-1"}

    POST https://gateway.example/api/requests
    {"ask":{"name":"proof"},"name":"a"}
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_verdict_stands_where_the_scenario_says() {
    let verdict = async |answer: Value| {
        let http = FakeHttp::saying(&answer);
        let found = controller(CREDENTIALS)
            .verdict(&http, &Exchange { id: "p".into(), thread_id: None }, LIMIT)
            .await;
        found.map_or_else(|error| error.kind().into_owned(), |it| it.to_string())
    };
    assert_eq!(verdict(json!({ "state": "checked", "ok": true })).await, "true");
    assert_eq!(verdict(json!({ "state": "checked", "ok": "false" })).await, "false");
    assert_eq!(verdict(json!({ "state": "checked", "ok": 1 })).await, "no verified in the answer");
    assert_eq!(verdict(json!({ "state": "done", "ok": true })).await, "exchange not over");
    assert_eq!(verdict(json!({ "state": "abandoned" })).await, "exchange abandoned");
    assert_eq!(verdict(json!({ "ok": true })).await, "no state in the answer");
}
