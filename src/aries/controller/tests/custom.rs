use std::time::Duration;

use insta::assert_snapshot;
use serde_json::json;

use super::{
    super::{InvitationSource, Invited},
    FakeHttp, controller,
};

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
    assert!(http.asked().is_empty());
}
