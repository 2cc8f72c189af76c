use std::{error::Error, time::Duration};

use futures_util::future::join_all;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    super::{LedgerError, known::KEPT_MAX},
    BASE, DEFINITION, DEFINITION_PATH, Fake, REGISTRY, REGISTRY_PATH, SCHEMA, SCHEMA_PATH, fixture,
    ledger, registry, tails,
};
use crate::aries::anoncreds::Interval;

#[tokio::test(start_paused = true)]
async fn ten_thousand_who_want_a_document_at_once_and_those_after_them_are_one_question() {
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    let found = join_all((0..10_000).map(|_| ledger.definition(&http, DEFINITION, SCHEMA))).await;
    assert!(found.into_iter().all(|it| it.unwrap().id() == DEFINITION));
    ledger.definition(&http, DEFINITION, SCHEMA).await.unwrap();
    assert_eq!(http.asked(), [DEFINITION_PATH, SCHEMA_PATH]);
    let found = join_all((0..10_000).map(|_| ledger.registry(&http, REGISTRY))).await;
    assert!(found.into_iter().all(|it| it.unwrap().id() == REGISTRY));
    let definition = ledger.registry_definition(&http, REGISTRY).await.unwrap();
    assert_eq!(definition.value.max_cred_num, 8);
    assert_eq!(http.asked(), [REGISTRY_PATH, "/tails/it"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_to_all_who_wait_and_to_nobody_after() {
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    http.answer(REGISTRY_PATH, 0, b"");
    let found = join_all((0..10_000).map(|_| ledger.registry(&http, REGISTRY))).await;
    let told = "revocation registry `did:web:issuer.example/registry` at http://registry:80: connection refused";
    assert!(found.into_iter().all(|it| it.unwrap_err().to_string() == told));
    assert_eq!(http.asked(), [REGISTRY_PATH]);
    http.publish(REGISTRY_PATH, &registry());
    ledger.registry(&http, REGISTRY).await.unwrap();
    assert_eq!(http.asked(), [REGISTRY_PATH, "/tails/it"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_leaves_the_question_to_the_next() {
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    let (first, second) = tokio::join!(
        timeout(Duration::from_millis(5), ledger.registry_definition(&http, REGISTRY)),
        ledger.registry_definition(&http, REGISTRY),
    );
    assert!(first.is_err());
    second.unwrap();
    assert_eq!(http.asked(), [REGISTRY_PATH, REGISTRY_PATH]);
}

#[tokio::test(start_paused = true)]
async fn headers_go_to_the_registry_and_to_nobody_else() {
    let http = Fake::registry();
    let mut elsewhere = registry();
    elsewhere["value"]["tailsLocation"] = "http://registry.evil/tails".into();
    http.publish(REGISTRY_PATH, &elsewhere);
    http.answer("http://registry.evil/tails", 200, &tails());
    http.answer(".evil/tails", 200, &tails());
    let ledger = ledger(json!({ "url": BASE, "bearer": "hush" }));
    ledger.registry(&http, REGISTRY).await.unwrap();
    let registry = format!("{REGISTRY_PATH}\nAuthorization: Bearer hush");
    assert_eq!(http.asked(), [registry.as_str(), ".evil/tails"]);
}

#[tokio::test(start_paused = true)]
async fn tails_that_are_on_the_issuers_disk_are_asked_of_the_registry() {
    let http = Fake::registry();
    let mut on_disk = registry();
    on_disk["value"]["tailsLocation"] = "/home/issuer/tails".into();
    http.publish(REGISTRY_PATH, &on_disk);
    let path = format!("/tails/{}", on_disk["value"]["tailsHash"].as_str().unwrap());
    http.answer(&path, 200, &tails());
    ledger(json!(BASE)).registry(&http, REGISTRY).await.unwrap();
    assert_eq!(http.asked(), [REGISTRY_PATH, &path]);
}

/// What is said when a document is published otherwise than it should be.
async fn refusal(path: &str, document: Value) -> String {
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    http.publish(path, &document);
    let definition = ledger.definition(&http, DEFINITION, SCHEMA).await.map(drop);
    let error = match definition {
        Ok(()) => ledger.registry(&http, REGISTRY).await.map(drop).unwrap_err(),
        Err(error) => error,
    };
    told(&error)
}

fn told(error: &LedgerError) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn with(mut document: Value, place: &str, value: Value) -> Value {
    *document.pointer_mut(place).unwrap() = value;
    document
}

#[tokio::test(start_paused = true)]
async fn what_is_not_what_was_asked_for_is_refused() {
    let definition = fixture("definition");
    assert_snapshot!(refusal(DEFINITION_PATH, with(definition.clone(), "/schemaId", "other".into())).await, @"credential definition `did:web:issuer.example/definition` at http://registry:80: its schema is `other` and not `did:web:issuer.example/schema`");
    assert_snapshot!(refusal(DEFINITION_PATH, with(definition.clone(), "/type", "BBS".into())).await, @"credential definition `did:web:issuer.example/definition` at http://registry:80: its type is `BBS` and not `CL`");
    assert_snapshot!(refusal(DEFINITION_PATH, with(definition.clone(), "/tag", 7.into())).await, @"credential definition `did:web:issuer.example/definition` at http://registry:80: `tag`: invalid type: integer `7`, expected a string");
    assert_snapshot!(refusal(DEFINITION_PATH, with(definition, "/value/primary/n", "15".into())).await, @"credential definition `did:web:issuer.example/definition` at http://registry:80: it cannot be used: the credential definition's `primary/n` is no odd number of 616 digits or more");
    assert_snapshot!(refusal(SCHEMA_PATH, json!([])).await, @"schema `did:web:issuer.example/schema` at http://registry:80: it is no JSON object");
    assert_snapshot!(refusal(REGISTRY_PATH, with(registry(), "/value/tailsHash", "other".into())).await, @"tails file `did:web:issuer.example/registry` at http://registry:80: it cannot be used: the tails file of `did:web:issuer.example/registry` is not the one that its definition names: its SHA-256 is another");
    assert_snapshot!(refusal(REGISTRY_PATH, with(registry(), "/value/maxCredNum", 9.into())).await, @"tails file `did:web:issuer.example/registry` at http://registry:80: it has 2178 bytes, and the registry needs 2434");
    assert_snapshot!(refusal(REGISTRY_PATH, with(registry(), "/value/maxCredNum", 7.into())).await, @"tails file `did:web:issuer.example/registry` at http://registry:80: longer than 1922 bytes");
    assert_snapshot!(refusal(REGISTRY_PATH, with(registry(), "/value/maxCredNum", 0.into())).await, @"revocation registry `did:web:issuer.example/registry` at http://registry:80: `maxCredNum` is 0, and not 1 to 100000");
    assert_snapshot!(refusal(REGISTRY_PATH, with(registry(), "/value/maxCredNum", 4_000_000_000_u32.into())).await, @"revocation registry `did:web:issuer.example/registry` at http://registry:80: `maxCredNum` is 4000000000, and not 1 to 100000");
}

#[tokio::test(start_paused = true)]
async fn refusals_show_what_was_asked_and_no_secret() {
    let http = Fake::registry();
    let ledger = ledger(json!({ "url": BASE, "bearer": "hush" }));
    let mut all = Vec::new();
    for (status, body) in [
        (0, ""),
        (403, "hush is no token\n of  ours"),
        (500, ""),
        (404, "{}"),
        (302, "moved"),
        (200, "<html>"),
        (200, &" ".repeat((1 << 20) + 1)),
    ] {
        http.answer(SCHEMA_PATH, status, body.as_bytes());
        let error = ledger.definition(&http, DEFINITION, SCHEMA).await.unwrap_err();
        all.push(format!("{error} ({})", error.kind()));
    }
    assert_snapshot!(all.join("\n"), @"
    schema `did:web:issuer.example/schema` at http://registry:80: connection refused (refused)
    schema `did:web:issuer.example/schema` at http://registry:80: status 403: *** is no token of ours (status 403)
    schema `did:web:issuer.example/schema` at http://registry:80: status 500 (status 500)
    schema `did:web:issuer.example/schema` at http://registry:80: it is not published there (schema not published)
    schema `did:web:issuer.example/schema` at http://registry:80: status 302: moved (status 302)
    schema `did:web:issuer.example/schema` at http://registry:80: the answer is not JSON (schema not sound)
    schema `did:web:issuer.example/schema` at http://registry:80: longer than 1048576 bytes (schema too long)
    ");
}

#[tokio::test(start_paused = true)]
async fn ids_of_indy_ledgers_and_did_methods_tell_who_publishes() {
    let issuer = "LhxRNqv1LartnYyznq8176";
    for (id, json, expected) in [
        ("LhxRNqv1LartnYyznq8176:2:degree:1.0", json!({ "issuerId": issuer }), true),
        ("LhxRNqv1LartnYyznq8176:2:degree:1.0", json!({ "issuerId": "other" }), false),
        ("LhxRNqv1LartnYyznq8176:2:degree:1.1", json!({ "issuerId": issuer }), false),
        ("did:indy:sov:x/anoncreds/v0/SCHEMA/a", json!({ "issuerId": "did:indy:sov:x" }), true),
        ("did:indy:sov:x/anoncreds/v0/SCHEMA/a", json!({ "issuerId": "did:indy:sov:y" }), false),
        ("https://anywhere.example/schema", json!({ "issuerId": "did:web:anyone" }), true),
    ] {
        let mut schema = json!({ "name": "degree", "version": "1.0", "attrNames": ["degree"] });
        schema["issuerId"] = json["issuerId"].clone();
        assert_eq!(super::super::plain::schema(id, schema).is_ok(), expected, "{id} {json}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_schema_that_has_a_number_on_its_ledger_is_the_one_that_the_caller_names() {
    let http = Fake::registry();
    for number in [json!(12), json!("12")] {
        http.publish(DEFINITION_PATH, &with(fixture("definition"), "/schemaId", number));
        let found = ledger(json!(BASE)).definition(&http, DEFINITION, SCHEMA).await.unwrap();
        assert_eq!(found.schema().name, "person");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_found_takes_no_place_from_what_is() {
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    for number in 0..=KEPT_MAX {
        let id = number.to_string();
        http.answer(&format!("/revocation-registries/{id}"), 404, b"");
        let error = ledger.registry_definition(&http, &id).await.unwrap_err();
        assert_eq!(error.kind(), "revocation registry not published");
    }
    ledger.registry_definition(&http, REGISTRY).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn tails_of_too_many_registries_are_not_kept() {
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    let large = with(registry(), "/value/maxCredNum", 100_000.into());
    let names: Vec<_> = (0..21).map(|number| number.to_string()).collect();
    for name in &names {
        http.publish(&format!("/revocation-registries/{name}"), &large);
        ledger.registry_definition(&http, name).await.unwrap();
    }
    // As long as the others wait for their tails, the last has no place.
    let found = join_all(names.iter().map(|name| ledger.registry(&http, name))).await;
    let told: Vec<_> = found.into_iter().map(|it| it.unwrap_err().to_string()).collect();
    let full: Vec<_> = told.iter().filter(|it| it.contains("2000000")).collect();
    assert_eq!(
        full,
        [
            "tails file `20` at http://registry:80: no more than 2000000 places of registries are kept in one run"
        ]
    );
    // They were none, and have given their places back.
    ledger.registry(&http, REGISTRY).await.unwrap();
}
#[tokio::test(start_paused = true)]
async fn an_id_that_leads_elsewhere_is_none() {
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    for id in ["", ".", "..", "a\nb", &"x".repeat(1_025)] {
        for error in [
            ledger.definition(&http, id, SCHEMA).await.map(drop).unwrap_err(),
            ledger.definition(&http, DEFINITION, id).await.map(drop).unwrap_err(),
            ledger.registry(&http, id).await.map(drop).unwrap_err(),
        ] {
            let error = error.to_string();
            assert!(error.ends_with("this is no id") && error.len() < 150, "{error}");
        }
    }
    assert!(http.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn to_wait_takes_little_memory_and_any_thread() {
    fn bytes<Waiting: Future + Send>(waiting: &Waiting) -> usize {
        size_of_val(waiting)
    }
    let (http, ledger) = (Fake::registry(), ledger(json!(BASE)));
    let interval = Interval { from: None, to: None };
    for bytes in [
        bytes(&ledger.definition(&http, DEFINITION, SCHEMA)),
        bytes(&ledger.registry_definition(&http, REGISTRY)),
        bytes(&ledger.registry(&http, REGISTRY)),
        bytes(&ledger.list(&http, REGISTRY, interval)),
    ] {
        assert!(bytes <= 1_024, "{bytes}");
    }
}
