use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    super::{Ledger, LedgerError},
    BASE, DEFINITION, Fake, REGISTRY, SCHEMA, fixture, ledger, list, registry, tails,
};
use crate::aries::anoncreds::Interval;

fn published(tails_location: &str) -> Value {
    let mut registry = registry();
    registry["value"]["tailsLocation"] = tails_location.into();
    json!({
        "schemas": { SCHEMA: fixture("schema") },
        "credential_definitions": { DEFINITION: fixture("definition") },
        "revocation_registries": { REGISTRY: registry },
        "status_lists": { REGISTRY: [list(20, 2), list(10, 1), list(30, 3)] },
    })
}

fn written(folder: &Path, text: &str) -> Ledger {
    let path = folder.join("published.json");
    fs::write(&path, text).unwrap();
    ledger(json!({ "kind": "file", "path": path }))
}

#[tokio::test(start_paused = true)]
async fn a_file_is_read_once_with_the_tails_beside_it() {
    let (folder, http) = (TempDir::new().unwrap(), Fake::default());
    fs::write(folder.path().join("tails"), tails()).unwrap();
    let ledger = written(folder.path(), &published("tails").to_string());
    ledger.definition(&http, DEFINITION, SCHEMA).await.unwrap();
    fs::remove_file(folder.path().join("published.json")).unwrap();
    ledger.registry(&http, REGISTRY).await.unwrap();
    for (to, expected) in [(None, 30), (Some(29), 20), (Some(30), 30), (Some(9), 10)] {
        let interval = Interval { from: None, to };
        let list = ledger.list(&http, REGISTRY, interval).await.unwrap();
        assert_eq!(list.timestamp, Some(expected), "{to:?}");
    }
    let missing = ledger.registry_definition(&http, "missing").await.unwrap_err();
    assert_eq!(missing.kind(), "revocation registry not published");
    assert!(http.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_file_may_name_a_server_of_tails() {
    let (folder, http) = (TempDir::new().unwrap(), Fake::registry());
    let ledger = written(folder.path(), &published(&format!("{BASE}/tails/it")).to_string());
    ledger.registry(&http, REGISTRY).await.unwrap();
    assert_eq!(http.asked(), ["/tails/it"]);
}

#[tokio::test(start_paused = true)]
async fn files_that_are_none_are_refused() {
    let (folder, http) = (TempDir::new().unwrap(), Fake::default());
    let place = folder.path().display().to_string();
    let mut all = Vec::new();
    for text in ["", "[]", r#"{ "schema": {} }"#] {
        let ledger = written(folder.path(), text);
        let error = ledger.definition(&http, DEFINITION, SCHEMA).await.unwrap_err();
        all.push(error.to_string().replace(&place, "."));
    }
    insta::assert_snapshot!(all.join("\n"), @"
    ./published.json is no file of published documents: EOF while parsing a value at line 1 column 0
    ./published.json is no file of published documents: invalid type: sequence, expected a map at line 1 column 0
    ./published.json is no file of published documents: unknown field `schema`, expected one of `schemas`, `credenti…
    ");
    let ledger = written(folder.path(), &published("tails").to_string());
    let error = ledger.registry(&http, REGISTRY).await.unwrap_err();
    assert!(matches!(error, LedgerError::File { .. }), "{error}");
    fs::write(folder.path().join("tails"), [tails(), vec![0]].concat()).unwrap();
    let error = ledger.registry(&http, REGISTRY).await.unwrap_err();
    assert!(matches!(error, LedgerError::TooLong { .. }), "{error}");
}
