use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{super::Settings, settings};

fn refusal(value: Value) -> String {
    Settings::from_value(value).unwrap_err().to_string()
}

#[test]
fn a_ledger_is_told_apart_by_where_it_is() {
    for (value, identity) in [
        (json!("http://127.0.0.1:8080/registry/"), "http://127.0.0.1:8080/registry"),
        (
            json!({ "kind": "indy-vdr-proxy", "url": "https://Vdr.example", "refresh": "0s" }),
            "https://vdr.example:443",
        ),
        (json!({ "kind": "file", "path": "a/published.json" }), "a/published.json"),
    ] {
        assert_eq!(settings(value).identity(), identity);
    }
}

#[test]
fn settings_show_no_secret() {
    let settings = settings(json!({ "url": "http://x", "bearer": "hush" }));
    assert_snapshot!(format!("{settings:?}"), @r#"Settings { identity: "http://x:80", .. }"#);
    for wrong in [
        json!({ "url": "http://x", "bearer": 31337 }),
        json!({ "url": "http://x", "headers": { "x-key": 31337 } }),
        json!({ "url": "http://x", "headers": { "x-key": "31337\n" } }),
        json!({ "url": "http://31337:31337@x" }),
        json!({ "url": "http://x?key=31337" }),
    ] {
        let error = refusal(wrong);
        assert!(!error.contains("31337"), "{error}");
    }
}

#[test]
fn wrong_settings_are_answered_with_right_ones() {
    assert_snapshot!(refusal(json!(7)), @r#"a ledger is a URL or a table, such as `{ kind = "registry", url = "https://registry.example" }`"#);
    assert_snapshot!(refusal(json!({ "kind": "indy", "url": "http://x" })), @r#"no ledger is of kind `indy`: did you mean `indy-vdr-proxy`?; a right one is `{ kind = "registry", url = "https://registry.example" }`"#);
    assert_snapshot!(refusal(json!({ "kind": "sqlite", "url": "http://x" })), @r#"no ledger is of kind `sqlite`: there are `registry`, `indy-vdr-proxy`, `file`; a right one is `{ kind = "registry", url = "https://registry.example" }`"#);
    assert_snapshot!(refusal(json!({ "url": "http://x", "refrsh": "1s" })), @r#"unknown key `refrsh`: did you mean `refresh`?; a right one is `{ kind = "registry", url = "https://registry.example" }`"#);
    assert_snapshot!(refusal(json!({ "url": "http://x", "refresh": 1 })), @r#"`refresh` must be text such as "30s"; a right one is `{ kind = "registry", url = "https://registry.example" }`"#);
    assert_snapshot!(refusal(json!({ "url": "http://x", "refresh": "1" })), @r#"`refresh`: `1` is no duration, which is written like `300ms`, `1.5s`, `1m30s` or `2h`; a right one is `{ kind = "registry", url = "https://registry.example" }`"#);
    assert_snapshot!(refusal(json!({ "kind": "indy-vdr-proxy" })), @r#"missing key `url`; a right one is `{ kind = "indy-vdr-proxy", url = "https://vdr.example" }`"#);
    assert_snapshot!(refusal(json!("published.json")), @r#"`url` must begin with http:// or https://; a right one is `{ kind = "registry", url = "https://registry.example" }`"#);
    assert_snapshot!(refusal(json!({ "kind": "file", "url": "published.json" })), @r#"unknown key `url`: there are `path`; a right one is `{ kind = "file", path = "published.json" }`"#);
    assert_snapshot!(refusal(json!({ "url": "http://x", "headers": { "a b": "c" } })), @r#"`a b` is no name of a header, such as `X-API-Key`; a right one is `{ kind = "registry", url = "https://registry.example" }`"#);
}
