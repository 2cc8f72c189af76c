//! Others publish in the registry, if they may.

use std::{fs, path::Path};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::sandbox::{
    Admin, Sandbox, Settings, Store, Switches,
    tests::client::{Client, start},
};

const DID: &str = "WgWxqztrNooG92RXvxSTWv";

fn open_for_all() -> Sandbox {
    Sandbox::start(Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        store: Store::Memory,
        switches: Switches::default(),
        admin: Admin::default(),
        registry_size: 10,
        open_registry: true,
    })
    .unwrap()
}

fn fixture(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/aries/anoncreds");
    serde_json::from_slice(&fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap()
}

fn with(mut json: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { unreachable!("an object") };
    for (key, value) in changes {
        json[key] = value;
    }
    json
}

/// The paths and the documents of an issuer: by the ids of an Indy ledger, and by a DID's.
fn documents() -> [(String, Value); 6] {
    let did = "did:web:issuer.example";
    let schema = format!("{DID}:2:person:1.0");
    let definition = format!("{DID}:3:CL:12:default");
    let by = |issuer: &str, more: Value| with(json!({ "issuerId": issuer }), more);
    let of_indy = [
        ("schemas", schema.clone(), with(fixture("schema"), by(DID, json!({})))),
        (
            "credential-definitions",
            definition.clone(),
            with(fixture("definition"), by(DID, json!({ "schemaId": schema }))),
        ),
        (
            "revocation-registries",
            format!("{DID}:4:{definition}:CL_ACCUM:t"),
            with(fixture("registry"), by(DID, json!({ "credDefId": definition }))),
        ),
    ];
    let place = |kind: &str| format!("{did}/anoncreds/v0/{kind}/1");
    let of_web = [
        ("schemas", place("SCHEMA"), fixture("schema")),
        ("credential-definitions", place("CLAIM_DEF"), fixture("definition")),
        ("revocation-registries", place("REV_REG_DEF"), fixture("registry")),
    ];
    let mut all = of_indy.into_iter().chain(of_web).map(|(kind, id, document)| {
        (format!("/registry/{kind}/{}", id.replace(':', "%3A").replace('/', "%2F")), document)
    });
    std::array::from_fn(|_| all.next().unwrap())
}

#[test]
fn what_others_publish_is_served_and_never_changes() {
    let sandbox = open_for_all();
    let client = &mut Client::of(&sandbox);
    for (path, document) in documents() {
        assert_eq!(client.get(&path).status, 404);
        let put = client.put(&path, document.to_string());
        assert_eq!((put.status, put.json()), (201, document.clone()), "{path}");
        let again = client.put(&path, document.to_string());
        assert_eq!((again.status, again.json()), (200, document.clone()));
        let got = client.get(&path);
        assert_eq!((got.status, got.json()), (200, document.clone()));
        assert_eq!(got.header("content-type"), Some("application/json"));
        let mut other = document.clone();
        for (place, changed) in [
            ("/attrNames", json!(["age"])),
            ("/value/revocation", json!(null)),
            ("/value/tailsLocation", json!("elsewhere")),
        ] {
            other.pointer_mut(place).into_iter().for_each(|it| *it = changed.clone());
        }
        let refused = client.put(&path, other.to_string());
        let error = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(error.ends_with("what is published never changes"), "{error}");
        assert_eq!((refused.status, client.get(&path).json()), (409, document));
    }
}

#[test]
fn tails_are_published_by_their_hash() {
    let sandbox = open_for_all();
    let client = &mut Client::of(&sandbox);
    let tails = [&[0, 2][..], &[7; 3 * 128]].concat();
    let path = |tails: &[u8]| {
        format!("/registry/tails/{}", bs58::encode(Sha256::digest(tails)).into_string())
    };
    let put = client.put(&path(&tails), &tails);
    assert_eq!((put.status, put.body.as_str()), (201, ""));
    assert_eq!(client.put(&path(&tails), &tails).status, 200);
    assert_eq!(client.get_bytes(&path(&tails)), tails);
    for (path, body, named) in [
        (path(b"other"), &tails[..], "its SHA-256 in base58 is "),
        (path(&tails[..258]), &tails[..258], "it has 258 bytes, and not 2 and an odd number"),
        (path(b""), b"", "it has 0 bytes"),
    ] {
        let refused = client.put(&path, body);
        let error = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(refused.status == 400 && error.contains(named), "{error}");
    }
    let largest = vec![0; 2 + 65_537 * 128];
    assert_eq!(Client::of(&sandbox).put(&path(&largest), &largest).status, 201);
    let larger = vec![0; largest.len() + 256];
    assert_eq!(Client::of(&sandbox).put(&path(&larger), &larger).status, 413);
}

#[test]
fn what_is_no_document_is_refused_by_name_with_an_example() {
    let sandbox = open_for_all();
    let client = &mut Client::of(&sandbox);
    let documents = documents();
    let [(schema, _), _, (registry, right), ..] = &documents;
    let mut errors = Vec::new();
    let mut refuse = |path: &str, body: &str| {
        let refused = client.put(path, body);
        assert_eq!(refused.status, 400, "{}", refused.body);
        errors.push(refused.json()["error"].as_str().unwrap().replace(DID, "DID"));
    };
    refuse(schema, "[]");
    refuse(schema, r#"{"issuerId": 7}"#);
    let person = json!({ "issuerId": "V4SGRU86Z58d6TV7PBUe6f", "name": "person" });
    refuse(schema, &with(person, json!({ "version": "1.0", "attrNames": [] })).to_string());
    refuse(registry, &with(right.clone(), json!({ "revocDefType": "LIST" })).to_string());
    refuse("/registry/schemas/%00", "{}");
    insta::assert_snapshot!(errors.join("\n"), @r#"
    cannot publish the schema `DID:2:person:1.0`: it is no JSON object; such as {"issuerId": "DID", "name": "degree", "version": "1.0", "attrNames": ["name", "age"]}
    cannot publish the schema `DID:2:person:1.0`: `issuerId`: invalid type: integer `7`, expected a string; such as {"issuerId": "DID", "name": "degree", "version": "1.0", "attrNames": ["name", "age"]}
    cannot publish the schema `DID:2:person:1.0`: its issuer is `V4SGRU86Z58d6TV7PBUe6f` and not `DID`; such as {"issuerId": "DID", "name": "degree", "version": "1.0", "attrNames": ["name", "age"]}
    cannot publish the revocation registry `DID:4:DID:3:CL:12:defa…`: its type is `LIST` and not `CL_ACCUM`; such as {"issuerId": "DID", "revocDefType": "CL_ACCUM", "tag": "0", "credDefId": "DID:3:CL:12:default", "value": {"maxCredNum": 100, "publicKeys": {"accumKey": {"z": "1 …"}}, "tailsHash": "…", "tailsLocation": "http://127.0.0.1:8080/registry/tails/…"}}
    this is no id; one has 1 to 1024 bytes and no control characters, such as DID%3A2%3Adegree%3A1.0
    "#);
    let huge = format!(r#"{{"name": "{}"}}"#, "a".repeat(1 << 20));
    assert_eq!(Client::of(&sandbox).put(schema, huge).status, 413);
}

#[test]
fn lists_are_of_a_published_registry_and_as_long_as_that() {
    let sandbox = open_for_all();
    let client = &mut Client::of(&sandbox);
    let documents = documents();
    let [.., (registry, document)] = &documents;
    let lists = registry.replace("revocation-registries", "status-lists");
    let id = "did:web:issuer.example/anoncreds/v0/REV_REG_DEF/1";
    let list = with(fixture("list"), json!({ "revRegDefId": id, "timestamp": null }));
    let mut refuse = |list: &Value, status, named: &str| {
        let refused = client.put(&lists, list.to_string());
        assert!(refused.status == status && refused.body.contains(named), "{}", refused.body);
    };
    refuse(&list, 404, "it comes before its lists");
    assert_eq!(Client::of(&sandbox).put(registry, document.to_string()).status, 201);
    refuse(&with(list.clone(), json!({ "revocationList": [0] })), 400, "has 1 places");
    refuse(&with(list.clone(), json!({ "revocationList": [2] })), 400, "a list of 0 and 1");
    refuse(&with(list.clone(), json!({ "revRegDefId": "other" })), 400, "`other`");
    refuse(&with(list.clone(), json!({ "issuerId": "other" })), 400, "its issuer is `other`");
    assert_eq!(client.get(&lists).status, 404);
    let put = client.put(&lists, list.to_string());
    assert_eq!(put.status, 201);
    assert!(put.json()["timestamp"].as_u64().unwrap() > 1_700_000_000);
    assert_eq!(client.get(&format!("{lists}?to=0")).json(), put.json());
}

#[test]
fn nobody_else_publishes_where_nobody_was_let_in() {
    let sandbox = start(Store::Memory);
    let client = &mut Client::of(&sandbox);
    for (path, document) in documents() {
        let refused = client.put(&path, document.to_string());
        let error = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains("`engine sandbox --open-registry`"), "{error}");
        assert_eq!((refused.status, client.get(&path).status), (403, 404));
    }
    assert_eq!(client.put("/registry/status-lists/x", "{}").status, 403);
}
