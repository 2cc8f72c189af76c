use std::time::Duration;

use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Builder;

use super::{
    super::{ControllerError, InvitationSource, Invited},
    FakeHttp, controller,
};

const ACAPY: &str = r#"it = "http://127.0.0.1:8031""#;

async fn invited(status: u16, body: String) -> Result<Invited, ControllerError> {
    let http = FakeHttp::new(move |_| (status, body.clone()));
    controller(ACAPY).invitation(&http, "a").await
}

async fn kind(body: impl Into<String>) -> String {
    invited(200, body.into()).await.unwrap_err().kind().into_owned()
}

#[tokio::test(start_paused = true)]
async fn answers_of_the_wrong_form_are_counted_by_what_is_wrong() {
    assert_eq!(kind("<html>").await, "the answer is not JSON");
    assert_eq!(kind("").await, "the answer is not JSON");
    assert_eq!(kind("[".repeat(100_000)).await, "the answer is not JSON");
    assert_eq!(kind(" ".repeat((1 << 20) + 1)).await, "the answer is longer than 1 MiB");
    for body in
        [json!([]), json!(7), json!({}), json!({ "invitation": 7 }), json!({ "invitation": {} })]
    {
        assert_eq!(kind(body.to_string()).await, "no invitation in the answer");
    }
    let error = invited(200, "{}".into()).await.unwrap_err();
    assert_snapshot!(error, @"POST /out-of-band/create-invitation: no invitation in the answer");
    let body = json!({ "invitation": 7, "invitation_url": "http://x" });
    let found = invited(200, body.to_string()).await.unwrap();
    assert_eq!(found.invitation, InvitationSource::Text("http://x".into()));
}

#[tokio::test(start_paused = true)]
async fn an_identifier_that_leads_elsewhere_is_none() {
    let unknown = Invited {
        invitation: InvitationSource::Text(String::new()),
        connection_id: None,
        invitation_id: None,
    };
    for id in [
        json!(".."),
        json!("."),
        json!(""),
        json!("a\nb"),
        json!("x".repeat(257)),
        json!([1]),
        Value::Null,
    ] {
        let http = FakeHttp::saying(&json!({ "results": [{ "connection_id": id }] }));
        let error = controller(ACAPY).connection_id(&http, &unknown, "").await.unwrap_err();
        assert_eq!(error.kind(), "no connection_id in the answer");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_no_header_can_hold_is_none() {
    let toml = r#"it = { kind = "traction", url = "http://x", tenant_id = "t", api_key = "k" }"#;
    for token in [json!("a\r\nX-Evil: 1"), json!(""), json!(7), json!("größe")] {
        let http = FakeHttp::saying(&json!({ "token": token }));
        let error = controller(toml).live(&http).await.unwrap_err();
        assert_eq!(error.kind(), "no token in the answer");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_answer_is_read_or_refused(
        status in 0_u16..1000,
        body in r#"(\{"(invitation|connection_id|token|state|results|id|pres_ex_id|verified)":("[^"]{0,9}"|[0-9.e-]{1,9}|\{.{0,9}\}|\[.{0,9}\])\}|.{0,40})"#,
    ) {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            for toml in [
                ACAPY,
                r#"it = { kind = "traction", url = "http://x", tenant_id = "t", api_key = "k" }"#,
                r#"it = { kind = "custom", url = "http://x", invitation = { url = "/", invitation = "" }, request_presentation = { url = "/", exchange_id = "/id" }, verdict = { url = "/", state = "/id", verified = "/id" }, issued = { url = "/", state = "/id" } }"#,
            ] {
                let body = body.clone();
                let http = FakeHttp::new(move |_| (status, body.clone()));
                let controller = controller(toml);
                if let Ok(invited) = controller.invitation(&http, "a").await {
                    let _ = controller.connection_id(&http, &invited, "").await;
                }
                let limit = Duration::from_secs(1);
                let _ = controller.ready(&http, "c", limit).await;
                let _ = controller.credential_definition(&http).await;
                if let Ok(exchange) = controller.request_presentation(&http, "c", &json!({})).await {
                    let _ = controller.verdict(&http, &exchange, limit).await;
                    let _ = controller.issued(&http, &exchange, limit).await;
                }
            }
        });
    }
}
