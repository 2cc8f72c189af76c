//! Values of `[config]` from outside the file.

use proptest::prelude::*;
use toml::Value;

use super::{ROW, scenario};

const CONFIG: &str = "[config]\nurl = \"a\"\ndepth = 3\nratio = 0.5\nstrict = true\n\
                      tags = [1]\nnested = { port = 80 }\n";

/// The value after it was set.
fn set(key: &str, text: &str) -> Result<Value, String> {
    let mut scenario = scenario(&format!("{CONFIG}{ROW}"));
    scenario.override_config(key, text).map_err(|error| error.to_string())?;
    let parts = key.split('.');
    Ok(parts.fold(Value::Table(scenario.config), |table, part| table[part].clone()))
}

#[test]
fn a_text_becomes_what_stood_there_before() {
    assert_eq!(set("url", "8"), Ok(Value::String("8".into())));
    assert_eq!(set("depth", "8"), Ok(Value::Integer(8)));
    assert_eq!(set("depth", "1.5"), Ok(Value::Float(1.5)));
    assert_eq!(set("ratio", "2"), Ok(Value::Float(2.0)));
    assert_eq!(set("strict", "false"), Ok(Value::Boolean(false)));
    assert_eq!(set("nested.port", "81"), Ok(Value::Integer(81)));
}

#[test]
fn a_text_that_is_none_of_it_stays_text() {
    assert_eq!(set("depth", "deep"), Ok(Value::String("deep".into())));
    assert_eq!(set("ratio", "inf"), Ok(Value::String("inf".into())));
    assert_eq!(set("strict", "yes"), Ok(Value::String("yes".into())));
    assert_eq!(set("tags", "[2]"), Ok(Value::String("[2]".into())));
}

#[test]
fn a_key_that_is_not_there_is_made() {
    assert_eq!(set("verifier", "8"), Ok(Value::String("8".into())));
    assert_eq!(set("a.b.c", "x"), Ok(Value::String("x".into())));
}

#[test]
fn a_text_that_begins_with_a_brace_is_a_table_in_place_of_what_stood_there() {
    for key in ["url", "depth", "nested", "verifier", "nested.inner"] {
        let table = set(key, " { url = \"u\", inner = { n = 1 } } ").unwrap();
        assert_eq!(table.to_string(), "{ inner = { n = 1 }, url = \"u\" }", "{key}");
    }
    let mut scenario = scenario(&format!("{CONFIG}{ROW}"));
    scenario.override_config("url", "{ url = \"u\" }").unwrap();
    scenario.override_config("url.api_key", "k").unwrap();
    assert_eq!(scenario.config["url"].to_string(), "{ api_key = \"k\", url = \"u\" }");
}

#[test]
fn json_stays_the_text_that_journeys_read() {
    let json = r#"{"@type": "https://didcomm.org/out-of-band/1.1/invitation", "n": {"m": [1]}}"#;
    assert_eq!(set("url", json), Ok(Value::String(json.into())));
    assert_eq!(set("mediator", json), Ok(Value::String(json.into())));
}

#[test]
fn what_begins_as_a_table_and_is_none_is_refused_without_telling_it() {
    let error = |text: &str| {
        let error = set("issuer", text).unwrap_err();
        assert!(!error.contains("S3CRET"), "{error}");
        error
    };
    insta::assert_snapshot!(error("{ api_key = S3CRET }"), @r#"cannot set `issuer`: what begins with { is a table, such as `-e 'issuer={ url = "…", api_key = "…" }'`, or JSON: string values must be quoted, expected literal string"#);
    insta::assert_snapshot!(error("{ api_key = \"S3CRET\""), @r#"cannot set `issuer`: what begins with { is a table, such as `-e 'issuer={ url = "…", api_key = "…" }'`, or JSON: unclosed inline table, expected `}`"#);
    insta::assert_snapshot!(error("{ url: \"S3CRET\" }"), @r#"cannot set `issuer`: what begins with { is a table, such as `-e 'issuer={ url = "…", api_key = "…" }'`, or JSON: missing assignment between key-value pairs, expected `=`"#);
    insta::assert_snapshot!(error("{ a = \"S3CRET\", a = 2 }"), @r#"cannot set `issuer`: what begins with { is a table, such as `-e 'issuer={ url = "…", api_key = "…" }'`, or JSON: duplicate key"#);
    insta::assert_snapshot!(error("{ a = 1 }\nb = \"S3CRET\""), @r#"cannot set `issuer`: what begins with { is a table, such as `-e 'issuer={ url = "…", api_key = "…" }'`, or JSON: unexpected content, expected nothing"#);
    insta::assert_snapshot!(error("{ a = { b = inf } }"), @r#"cannot set `issuer`: what begins with { is a table, such as `-e 'issuer={ url = "…", api_key = "…" }'`, or JSON: `a.b` is a date or no finite number"#);
    for (open, close) in [("{a=", ""), ("{a=", "1}"), ("{a=[[[[[[[[", "")] {
        error(&(open.repeat(20_000) + close));
    }
}

#[test]
fn a_key_that_leads_nowhere_is_refused() {
    let error = |key| set(key, "x").unwrap_err();
    insta::assert_snapshot!(error("nested."), @"`nested.` is no config key, which is written like `issuer` or `verifier.url`");
    insta::assert_snapshot!(error("url.host.name"), @r#"cannot set `url.host.name`: `url` in [config] is no table; write `-e 'url={ url = "…", host.name = "…" }'`, or the same in the file"#);
    insta::assert_snapshot!(error("url.api_key"), @r#"cannot set `url.api_key`: `url` in [config] is no table; write `-e 'url={ url = "…", api_key = "…" }'`, or the same in the file"#);
    insta::assert_snapshot!(error("url.url"), @r#"cannot set `url.url`: `url` in [config] is no table; write `-e 'url={ url = "…" }'`, or the same in the file"#);
    insta::assert_snapshot!(error("depth.x"), @r#"cannot set `depth.x`: `depth` in [config] is no table; write `-e 'depth={ url = "…", x = "…" }'`, or the same in the file"#);
    insta::assert_snapshot!(error("nested"), @"cannot set `nested`: it is a table in [config]; name a value in it, as in `nested.url`");
}

proptest! {
    #[test]
    fn no_key_makes_it_panic(key in "(url|nested|a)?[.a]{0,6}|.{0,6}", text in "\\{[{}a=1\\[\",:\n ]{0,12}|.{0,4}") {
        let _ = scenario(&format!("{CONFIG}{ROW}")).override_config(&key, &text);
    }
}
