use insta::assert_snapshot;

use super::{controller, refusal, settings};

fn custom(rest: &str) -> String {
    format!("it = {{ kind = \"custom\", url = \"https://x.example\", {rest} }}")
}

#[test]
fn a_system_is_told_apart_by_where_it_is() {
    for (toml, identity) in [
        (r#"it = "http://127.0.0.1:8031/""#, "http://127.0.0.1:8031"),
        (r#"it = { url = "https://Issuer.example/admin/" }"#, "https://issuer.example:443/admin"),
        (
            r#"it = { kind = "traction", url = "https://p.example", tenant_id = "t", api_key = "k" }"#,
            "https://p.example:443#t",
        ),
    ] {
        assert_eq!(controller(toml).identity(), identity);
    }
}

#[test]
fn settings_show_no_secret() {
    let settings = settings(r#"it = { url = "http://x", api_key = "hush", bearer = "hush" }"#);
    assert_snapshot!(format!("{settings:?}"), @r#"Settings { identity: "http://x:80", .. }"#);
    for wrong in [
        r#"it = { url = "http://x", api_key = 31337 }"#,
        r#"it = { url = "http://x", headers = { x-key = 31337 } }"#,
        r#"it = { url = "http://x", headers = { x-key = "31337\n" } }"#,
        r#"it = { url = "http://31337:31337@x" }"#,
        r#"it = { url = "http://x?key=31337" }"#,
        r#"it = { kind = "traction", url = "http://x", tenant_id = "t", api_key = 31337 }"#,
    ] {
        let error = refusal(wrong);
        assert!(!error.contains("31337"), "{error}");
    }
}

#[test]
fn wrong_settings_are_answered_with_right_ones() {
    assert_snapshot!(refusal("it = 7"), @r#"a controller is a URL or a table, such as `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { kind = "acapi", url = "http://x" }"#), @r#"no controller is of kind `acapi`: did you mean `acapy`?; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { url = "http://x", apikey = "k" }"#), @r#"unknown key `apikey`: did you mean `api_key`?; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { api_key = "k" }"#), @r#"missing key `url`; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { url = "http://x", multi_use = "yes" }"#), @r#"`multi_use` must be a boolean; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = "127.0.0.1:8031""#), @r#"`url` must begin with http:// or https://; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = "http://me:hush@x""#), @r#"`url` must not hold a name or password: say `api_key` or `bearer`; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { url = "http://x", handshake = "didexchange/1.2" }"#), @r#"no handshake is called `didexchange/1.2`: did you mean `didexchange/1.0`?; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { url = "http://x", handshake = 1 }"#), @r#"`handshake` must be a name such as "didexchange/1.1" or a list of them; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { url = "http://x", handshake = "didexchange/1.1", legacy = true }"#), @r#"`handshake` must name one, and with `legacy = true` only "connections/1.0"; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    for (wrong, right) in [
        ("protocol = 2.0", r#"`protocol` must be "2.0" or "1.0""#),
        (r#"wallet_type = "indy""#, r#"`wallet_type` must be "askar-anoncreds" or "askar""#),
        (r#"format = "ldp""#, r#"`format` must be "anoncreds" or "indy""#),
        ("notify = true", r#"`notify` must be "1.0" or "2.0" or false"#),
        (r#"publish = "later""#, r#"`publish` must be "at-once" or "batch""#),
        ("auto_remove = 1", "`auto_remove` must be false or true"),
        ("cred_def_id = 1", "`cred_def_id` must be a string"),
    ] {
        let error = refusal(&format!(r#"it = {{ url = "http://x", {wrong} }}"#));
        assert!(error.starts_with(&format!("{right}; a right one is")), "{error}");
    }
    assert_snapshot!(refusal(r#"it = { kind = "traction", url = "http://x", tenant_id = "t" }"#), @r#"a tenant has either `tenant_id` and `api_key`, or `wallet_id` and `wallet_key`; a right one is `{ kind = "traction", url = "https://proxy.example", tenant_id = "…", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { kind = "traction", url = "http://x", tenant_id = "t", api_key = "k", bearer = "b" }"#), @r#"a tenant's `bearer` is asked for and renewed by itself; a right one is `{ kind = "traction", url = "https://proxy.example", tenant_id = "…", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { url = "http://x", tenant_id = "t", api_key = "k" }"#), @r#"a tenant is of `kind = "traction"`; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
    assert_snapshot!(refusal(r#"it = { url = "http://x", headers = { "a b" = "c" } }"#), @r#"`a b` is no name of a header, such as `X-API-Key`; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`"#);
}

#[test]
fn wrong_actions_are_answered_with_right_ones() {
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "/i" }"#)), @r#"`invitation`: missing key `invitation`, such as `invitation = "/data/invitation"`; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "/{name}", invitation = "/i" }"#)), @r#"`invitation`: `{name}` is unknown here; there is `{label}`; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "/i", body = { a = ["{content}"] }, invitation = "/i" }"#)), @r#"`invitation`: `{content}` is not known yet here; there is `{label}`; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "/i", invitation = "data.url" }"#)), @r#"`invitation`: `invitation` must be a JSON pointer, such as `/data/invitation`; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "https://{label}/i", invitation = "" }"#)), @r#"`invitation`: `url` must be a path such as `/invitations`, or a URL whose server is no slot; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "//x/i", invitation = "" }"#)), @r#"`invitation`: `url` must be a path such as `/invitations`, or a URL whose server is no slot; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "/i", method = "FETCH", invitation = "" }"#)), @r#"`invitation`: `method` must be GET, POST, PUT, PATCH or DELETE; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "/i", body = '{"a": {label}}', invitation = "" }"#)), @r#"`invitation`: `body` must be a table, or JSON with `{…}` in quotes; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "/i", invitation = "", state = "/s" }"#)), @r#"`invitation`: `state` is not looked at in this answer; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { url = "/i", invitation = "" }, live = { url = "/{label}" }"#)), @r#"`live`: nothing can stand for `{label}` here; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"invitation = { uri = "/i", invitation = "" }"#)), @r#"`invitation`: unknown key `uri`: did you mean `url`?; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"mesage = { url = "/i" }"#)), @r#"unknown key `mesage`: did you mean `message`?; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"live = { url = "/i", is = ["up"] }"#)), @r#"`live`: `is` is not looked at in this answer; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"live = "/i""#)), @r#"`live`: must be a table such as { url = "/…" }; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom("")), @r#"missing key `invitation`; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"verdict = { url = "/{exchange_id}", state = "/s" }"#)), @r#"`verdict`: missing key `verified`, such as `verified = "/data/verified"`; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
    assert_snapshot!(refusal(&custom(r#"issue = { url = "/{exchange_id}", exchange_id = "" }"#)), @r#"`issue`: `{exchange_id}` is not known yet here; there is `{connection_id}` and `{cred_def_id}` and `{attributes}` and `{comment}`; a right one is `{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }`"#);
}
