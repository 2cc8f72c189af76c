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
fn a_key_that_leads_nowhere_is_refused() {
    let error = |key| set(key, "x").unwrap_err();
    insta::assert_snapshot!(error("nested."), @"`nested.` is no config key, which is written like `issuer` or `verifier.url`");
    insta::assert_snapshot!(error("url.host.name"), @"cannot set `url.host.name`: `url` in [config] is no table");
    insta::assert_snapshot!(error("nested"), @"cannot set `nested`: it is a table in [config]; name a value in it, as in `nested.url`");
}

proptest! {
    #[test]
    fn no_key_makes_it_panic(key in "(url|nested|a)?[.a]{0,6}|.{0,6}", text in ".{0,4}") {
        let _ = scenario(&format!("{CONFIG}{ROW}")).override_config(&key, &text);
    }
}
