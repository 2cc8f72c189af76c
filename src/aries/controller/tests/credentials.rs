use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    super::{CredentialOrder, Exchange, RegistryFault, Revocation},
    FakeHttp, controller,
};

const SECONDS: Duration = Duration::from_secs(1);

fn order() -> CredentialOrder {
    CredentialOrder {
        cred_def_id: "LhxRNqv1LartnYyznq8176:3:CL:10:default".into(),
        attributes: vec![("name".into(), "Alice \"A\" Smith".into()), ("age".into(), "24".into())],
        comment: "yours".into(),
    }
}

fn by_exchange() -> Revocation {
    Revocation {
        exchange_id: Some("e3a7d2d9".into()),
        place: Some(("LhxR:4:LhxR:3:CL:10:default:CL_ACCUM:0".into(), 7)),
        connection_id: "c-1".into(),
        thread_id: Some("543e7ead".into()),
        comment: "no longer valid".into(),
    }
}

fn by_place() -> Revocation {
    Revocation { exchange_id: None, thread_id: None, comment: String::new(), ..by_exchange() }
}

fn exchange() -> Exchange {
    Exchange { id: "e3a7/d2d9".into(), thread_id: None }
}

/// An issuer at 127.0.0.1:8031 with some more settings.
fn issuer(settings: &str) -> super::Controller {
    controller(&format!("it = {{ url = \"http://127.0.0.1:8031\"{settings} }}"))
}

/// What an issuer is asked to offer a credential.
async fn asked_to_issue(settings: &str) -> String {
    let ids = json!({ "cred_ex_id": "e-2", "credential_exchange_id": "e-1", "thread_id": "t-1" });
    let http = FakeHttp::saying(&ids);
    let offered = issuer(settings).issue_credential(&http, "c-1", &order()).await.unwrap();
    assert_eq!(offered.thread_id.as_deref(), Some("t-1"));
    format!("{}\n=> {}", http.asked().join("\n\n"), offered.id)
}

/// What an issuer is asked to revoke a credential and to publish that.
async fn asked_to_revoke(settings: &str, what: &Revocation) -> String {
    let http = FakeHttp::saying(&json!({}));
    let issuer = issuer(settings);
    issuer.revoke(&http, what).await.unwrap();
    issuer.publish_revocations(&http).await.unwrap();
    http.asked().join("\n\n")
}

#[tokio::test(start_paused = true)]
async fn a_credential_is_offered_in_the_words_of_version_and_wallet() {
    assert_snapshot!(asked_to_issue("").await, @r#"
    POST http://127.0.0.1:8031/issue-credential-2.0/send
    {"auto_remove":false,"comment":"yours","connection_id":"c-1","credential_preview":{"@type":"https://didcomm.org/issue-credential/2.0/credential-preview","attributes":[{"name":"name","value":"Alice \"A\" Smith"},{"name":"age","value":"24"}]},"filter":{"anoncreds":{"cred_def_id":"LhxRNqv1LartnYyznq8176:3:CL:10:default"}}}
    => e-2
    "#);
    assert_snapshot!(asked_to_issue(r#", format = "indy""#).await, @r#"
    POST http://127.0.0.1:8031/issue-credential-2.0/send
    {"auto_remove":false,"comment":"yours","connection_id":"c-1","credential_preview":{"@type":"https://didcomm.org/issue-credential/2.0/credential-preview","attributes":[{"name":"name","value":"Alice \"A\" Smith"},{"name":"age","value":"24"}]},"filter":{"indy":{"cred_def_id":"LhxRNqv1LartnYyznq8176:3:CL:10:default"}}}
    => e-2
    "#);
    assert_snapshot!(asked_to_issue(r#", wallet_type = "askar", auto_remove = true"#).await, @r#"
    POST http://127.0.0.1:8031/issue-credential-2.0/send
    {"auto_remove":true,"comment":"yours","connection_id":"c-1","credential_preview":{"@type":"https://didcomm.org/issue-credential/2.0/credential-preview","attributes":[{"name":"name","value":"Alice \"A\" Smith"},{"name":"age","value":"24"}]},"filter":{"indy":{"cred_def_id":"LhxRNqv1LartnYyznq8176:3:CL:10:default"}}}
    => e-2
    "#);
    assert_snapshot!(asked_to_issue(r#", protocol = "1.0", wallet_type = "askar""#).await, @r#"
    POST http://127.0.0.1:8031/issue-credential/send
    {"auto_remove":false,"comment":"yours","connection_id":"c-1","cred_def_id":"LhxRNqv1LartnYyznq8176:3:CL:10:default","credential_proposal":{"@type":"https://didcomm.org/issue-credential/1.0/credential-preview","attributes":[{"name":"name","value":"Alice \"A\" Smith"},{"name":"age","value":"24"}]}}
    => e-1
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_credential_is_revoked_at_once_or_with_others() {
    assert_snapshot!(asked_to_revoke("", &by_exchange()).await, @r#"
    POST http://127.0.0.1:8031/anoncreds/revocation/revoke
    {"comment":"no longer valid","connection_id":"c-1","cred_ex_id":"e3a7d2d9","notify":true,"notify_version":"v1_0","publish":true,"thread_id":"543e7ead"}
    "#);
    assert_snapshot!(asked_to_revoke(r#", publish = "batch", notify = "2.0""#, &by_place()).await, @r#"
    POST http://127.0.0.1:8031/anoncreds/revocation/revoke
    {"connection_id":"c-1","cred_rev_id":"7","notify":true,"notify_version":"v2_0","publish":false,"rev_reg_id":"LhxR:4:LhxR:3:CL:10:default:CL_ACCUM:0"}

    POST http://127.0.0.1:8031/anoncreds/revocation/publish-revocations
    {}
    "#);
    assert_snapshot!(asked_to_revoke(r#", wallet_type = "askar", publish = "batch", notify = false"#, &by_place()).await, @r#"
    POST http://127.0.0.1:8031/revocation/revoke
    {"cred_rev_id":"7","notify":false,"publish":false,"rev_reg_id":"LhxR:4:LhxR:3:CL:10:default:CL_ACCUM:0"}

    POST http://127.0.0.1:8031/revocation/publish-revocations
    {}
    "#);
    assert!(issuer(r#", publish = "batch""#).publishes_in_batches());
    assert!(!issuer("").publishes_in_batches());
}

#[tokio::test(start_paused = true)]
async fn a_revocation_of_nothing_is_not_asked_for() {
    let http = FakeHttp::saying(&json!({}));
    let nothing = Revocation { place: None, ..by_place() };
    let error = issuer("").revoke(&http, &nothing).await.unwrap_err();
    assert_snapshot!(error, @"it is not known by which exchange or place in a registry to revoke the credential");
    assert!(http.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_tenant_asks_the_same_with_its_token() {
    let http = FakeHttp::new(|asked| {
        let answer = if asked.contains("/token") {
            json!({ "token": "abc" })
        } else {
            json!({ "cred_ex_id": "e-2" })
        };
        (200, answer.to_string())
    });
    let tenant = controller(
        r#"it = { kind = "traction", url = "https://proxy.example", tenant_id = "t-1", api_key = "hush", publish = "batch" }"#,
    );
    tenant.issue_credential(&http, "c-1", &order()).await.unwrap();
    tenant.revoke(&http, &by_exchange()).await.unwrap();
    tenant.publish_revocations(&http).await.unwrap();
    assert_snapshot!(http.asked().join("\n\n"), @r#"
    POST https://proxy.example/multitenancy/tenant/t-1/token
    {"api_key":"hush"}

    POST https://proxy.example/issue-credential-2.0/send
    Authorization: Bearer abc
    {"auto_remove":false,"comment":"yours","connection_id":"c-1","credential_preview":{"@type":"https://didcomm.org/issue-credential/2.0/credential-preview","attributes":[{"name":"name","value":"Alice \"A\" Smith"},{"name":"age","value":"24"}]},"filter":{"anoncreds":{"cred_def_id":"LhxRNqv1LartnYyznq8176:3:CL:10:default"}}}

    POST https://proxy.example/anoncreds/revocation/revoke
    Authorization: Bearer abc
    {"comment":"no longer valid","connection_id":"c-1","cred_ex_id":"e3a7d2d9","notify":true,"notify_version":"v1_0","publish":false,"thread_id":"543e7ead"}

    POST https://proxy.example/anoncreds/revocation/publish-revocations
    Authorization: Bearer abc
    {}
    "#);
}

/// How an issuer's exchange ends that is in some states one after the other, a second each.
async fn issued(settings: &str, answers: Vec<(u16, Value)>) -> (String, String) {
    let began = Instant::now();
    let http = FakeHttp::new(move |_| {
        let at = usize::try_from(began.elapsed().as_secs()).unwrap();
        let (status, answer) = &answers[at.min(answers.len() - 1)];
        (*status, answer.to_string())
    });
    let issued = issuer(settings).issued(&http, &exchange(), 9 * SECONDS).await;
    let asked = http.asked()[0].clone();
    (issued.map_or_else(|error| format!("{}: {error}", error.kind()), |()| "issued".into()), asked)
}

fn record(state: &str) -> (u16, Value) {
    (200, json!({ "cred_ex_record": { "state": state, "auto_issue": true }, "indy": {} }))
}

#[tokio::test(start_paused = true)]
async fn an_issuance_is_over_when_the_holder_has_said_so() {
    let sent = record("offer-sent");
    let (end, asked) =
        issued("", vec![sent.clone(), record("credential-issued"), record("done")]).await;
    assert_eq!(
        (end.as_str(), asked.as_str()),
        ("issued", "GET http://127.0.0.1:8031/issue-credential-2.0/records/e3a7%2Fd2d9")
    );
    let done = (200, json!({ "state": "credential_acked" }));
    let (end, asked) = issued(r#", protocol = "1.0""#, vec![done]).await;
    assert_eq!(
        (end.as_str(), asked.as_str()),
        ("issued", "GET http://127.0.0.1:8031/issue-credential/records/e3a7%2Fd2d9")
    );
    assert_snapshot!(issued("", vec![sent.clone()]).await.0, @"exchange not over: the exchange is `offer-sent` after 9s, not over");
    let gone = (404, json!("404: Record not found: cred_ex_v20/e3a7."));
    assert_eq!(issued(", auto_remove = true", vec![sent.clone(), gone.clone()]).await.0, "issued");
    let nowhere = (404, json!("404: Not Found"));
    assert_snapshot!(issued(", auto_remove = true", vec![nowhere]).await.0, @r#"status 404: GET /issue-credential-2.0/records/e3a7%2Fd2d9: status 404: "404: Not Found""#);
    assert_snapshot!(issued("", vec![sent, gone]).await.0, @r#"status 404: GET /issue-credential-2.0/records/e3a7%2Fd2d9: status 404: "404: Record not found: cred_ex_v20/e3a7.""#);
}

#[tokio::test(start_paused = true)]
async fn an_issuance_that_was_given_up_is_not_waited_for_and_says_why() {
    let given_up = |reason: Value| {
        vec![(200, json!({ "cred_ex_record": { "state": "abandoned", "error_msg": reason } }))]
    };
    assert_snapshot!(issued("", given_up(json!("created problem report: no\n thanks"))).await.0, @"exchange abandoned: the exchange is `abandoned`: created problem report: no thanks");
    assert_snapshot!(issued("", given_up(json!(7))).await.0, @"exchange abandoned: the exchange is `abandoned`");
    assert_snapshot!(issued("", given_up(json!("Cred def 'LhxR:3:CL:10:default' has no active revocation registry"))).await.0, @"no active revocation registry: the exchange is `abandoned`: Cred def 'LhxR:3:CL:10:default' has no active revocation registry");
}

#[tokio::test(start_paused = true)]
async fn a_lack_of_registries_is_a_kind_of_its_own() {
    for (words, fault) in [
        ("400: Revocation registry is full", Some(RegistryFault::Full)),
        ("400: Revocation registry LhxR:4:0 is full", Some(RegistryFault::Full)),
        ("400: Cred def 'x' has no active revocation registry", Some(RegistryFault::NoneActive)),
        ("400: No active registry", Some(RegistryFault::NoneActive)),
        (
            "400: Cred def 'x' revocation registry or list is in a bad state",
            Some(RegistryFault::NoneActive),
        ),
        ("400: the disk is full", None),
    ] {
        let http = FakeHttp::new(move |_| (400, words.into()));
        let error = issuer("").issue_credential(&http, "c-1", &order()).await.unwrap_err();
        assert_eq!(error.registry_fault(), fault, "{words}");
        let kind = fault.map_or_else(|| "status 400".into(), |fault| fault.to_string());
        assert_eq!(error.kind(), kind);
    }
}

/// How an issuer that answers the same each time refuses to offer, to revoke, and to tell of its
/// credential definition.
async fn refused(settings: &str, status: u16, words: &'static str) -> String {
    let http = FakeHttp::new(move |_| (status, words.into()));
    let issuer = issuer(settings);
    let errors = [
        issuer.issue_credential(&http, "c-1", &order()).await.unwrap_err(),
        issuer.revoke(&http, &by_exchange()).await.unwrap_err(),
        issuer.credential_definition(&http).await.unwrap_err(),
    ];
    errors.map(|error| error.to_string()).join("\n")
}

#[tokio::test(start_paused = true)]
async fn a_refusal_names_the_setting_that_it_comes_of() {
    let words =
        r#"{"filter": {"_schema": ["V20CredFilterSchema requires indy, ld_proof, or both"]}}"#;
    assert_snapshot!(refused("", 422, words).await.lines().next().unwrap(), @r#"POST /issue-credential-2.0/send: status 422: {"filter": {"_schema": ["V20CredFilterSchema requires indy, ld_proof, or both"]}}; set format = "indy""#);
    let words = "400: This issuer is anoncreds capable. Please use the anoncreds format.";
    assert_snapshot!(refused(r#", format = "indy""#, 400, words).await.lines().next().unwrap(), @r#"POST /issue-credential-2.0/send: status 400: 400: This issuer is anoncreds capable. Please use the anoncreds format.; set format = "anoncreds""#);
    let words = "400: Issuer has no operable cred def for proposal spec {}.";
    assert_snapshot!(refused(r#", protocol = "1.0""#, 400, words).await.lines().next().unwrap(), @r#"POST /issue-credential/send: status 400: 400: Issuer has no operable cred def for proposal spec {}.; set protocol = "2.0""#);
    assert_snapshot!(refused(r#", protocol = "1.0""#, 404, "404: Not Found").await, @r#"
    POST /issue-credential/send: status 404: 404: Not Found; set protocol = "2.0"
    POST /anoncreds/revocation/revoke: status 404: 404: Not Found; set wallet_type = "askar"
    GET /anoncreds/credential-definitions: status 404: 404: Not Found; set wallet_type = "askar"
    "#);
    assert_snapshot!(refused(r#", wallet_type = "askar""#, 403, "403: Interface not supported for an anoncreds profile").await, @r#"
    POST /issue-credential-2.0/send: status 403: 403: Interface not supported for an anoncreds profile; set wallet_type = "askar-anoncreds"
    POST /revocation/revoke: status 403: 403: Interface not supported for an anoncreds profile; set wallet_type = "askar-anoncreds"
    GET /credential-definitions/created: status 403: 403: Interface not supported for an anoncreds profile; set wallet_type = "askar-anoncreds"
    "#);
    assert_snapshot!(refused("", 403, "403: AnonCreds interface requires AskarAnonCreds profile").await.lines().next().unwrap(), @r#"POST /issue-credential-2.0/send: status 403: 403: AnonCreds interface requires AskarAnonCreds profile; set wallet_type = "askar""#);
    assert_snapshot!(refused("", 403, "403: Connection c-1 not ready").await, @"
    POST /issue-credential-2.0/send: status 403: 403: Connection c-1 not ready
    POST /anoncreds/revocation/revoke: status 403: 403: Connection c-1 not ready
    GET /anoncreds/credential-definitions: status 403: 403: Connection c-1 not ready
    ");
}

#[tokio::test(start_paused = true)]
async fn the_only_credential_definition_is_asked_for_once() {
    let http = FakeHttp::saying(&json!({ "credential_definition_ids": ["LhxR:3:CL:10:default"] }));
    let anoncreds = issuer("");
    for asked in
        futures_util::future::join_all((0..9).map(|_| anoncreds.credential_definition(&http))).await
    {
        assert_eq!(asked.unwrap(), "LhxR:3:CL:10:default");
    }
    issuer(r#", wallet_type = "askar""#).credential_definition(&http).await.unwrap();
    let said = issuer(r#", cred_def_id = "mine""#).credential_definition(&http).await;
    assert_eq!(said.unwrap(), "mine");
    assert_snapshot!(http.asked().join("\n"), @"
    GET http://127.0.0.1:8031/anoncreds/credential-definitions
    GET http://127.0.0.1:8031/credential-definitions/created
    ");
}

#[tokio::test(start_paused = true)]
async fn which_of_several_credential_definitions_is_meant_is_not_guessed() {
    for (ids, told) in [(json!([]), "0"), (json!(["a", "b"]), "2")] {
        let http = FakeHttp::saying(&json!({ "credential_definition_ids": ids }));
        let error = issuer("").credential_definition(&http).await.unwrap_err();
        assert_eq!(error.kind(), "no credential definition");
        assert_eq!(
            error.to_string(),
            format!(
                "one credential definition is needed and the issuer told of {told}: set cred_def_id"
            )
        );
    }
    let custom = controller(r#"it = { kind = "custom", url = "http://x", live = { url = "/" } }"#);
    let error = custom.credential_definition(&FakeHttp::saying(&json!({}))).await.unwrap_err();
    assert_eq!(error.kind(), "no credential definition");
}
