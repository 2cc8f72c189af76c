//! Replies as indy-node documents them for its read requests.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{super::Ledger, BASE, Fake, NOW, fixture, ledger, registry, tails};
use crate::aries::anoncreds::Interval;

const SCHEMA: &str = "LhxRNqv1LartnYyznq8176:2:person:1.0";
const DEFINITION: &str = "LhxRNqv1LartnYyznq8176:3:CL:12:default";
pub(super) const REGISTRY: &str =
    "LhxRNqv1LartnYyznq8176:4:LhxRNqv1LartnYyznq8176:3:CL:12:default:CL_ACCUM:t";
const SCHEMA_PATH: &str = "/schema/LhxRNqv1LartnYyznq8176%3A2%3Aperson%3A1.0";
const DEFINITION_PATH: &str = "/cred_def/LhxRNqv1LartnYyznq8176%3A3%3ACL%3A12%3Adefault";
const REGISTRY_PATH: &str = "/rev_reg_def/LhxRNqv1LartnYyznq8176%3A4%3ALhxRNqv1LartnYyznq8176%3A3%3ACL%3A12%3Adefault%3ACL_ACCUM%3At";
pub(super) const DELTA_PATH: &str = "/rev_reg_delta/LhxRNqv1LartnYyznq8176%3A4%3ALhxRNqv1LartnYyznq8176%3A3%3ACL%3A12%3Adefault%3ACL_ACCUM%3At";

fn reply(kind: &str, more: Value) -> Value {
    let mut result = more;
    for (key, value) in [
        ("type", json!(kind)),
        ("identifier", json!("LibindyDid111111111111")),
        ("reqId", json!(1_514_308_188_474_704_u64)),
        ("state_proof", json!({ "root_hash": "81bGgr7FDSsf4ymdqaWzfnN86TETmkUKH4dj4AqnokrH" })),
    ] {
        result[key] = value;
    }
    json!({ "op": "REPLY", "result": result })
}

fn schema() -> Value {
    let schema = fixture("schema");
    let data = json!({ "name": "person", "version": "1.0", "attr_names": schema["attrNames"] });
    reply(
        "107",
        json!({ "dest": "LhxRNqv1LartnYyznq8176", "seqNo": 12, "txnTime": 1, "data": data }),
    )
}

fn definition() -> Value {
    let more = json!({
        "origin": "LhxRNqv1LartnYyznq8176", "signature_type": "CL", "ref": 12, "tag": "default",
        "seqNo": 13, "txnTime": 2, "data": fixture("definition")["value"],
    });
    reply("108", more)
}

fn registry_definition(issuance: &str) -> Value {
    let mut value = registry()["value"].take();
    value["issuanceType"] = issuance.into();
    let data = json!({
        "id": REGISTRY, "credDefId": DEFINITION, "revocDefType": "CL_ACCUM", "tag": "t",
        "value": value,
    });
    reply("115", json!({ "id": REGISTRY, "seqNo": 14, "txnTime": 3, "data": data }))
}

fn delta(timestamp: u64, issued: &[u32], revoked: &[u32]) -> Value {
    let accumulated = json!({
        "revocDefType": "CL_ACCUM", "revocRegDefId": REGISTRY, "txnTime": timestamp, "seqNo": 18,
        "value": { "accum": fixture("list")["currentAccumulator"] },
    });
    let data = json!({
        "revocDefType": "CL_ACCUM", "revocRegDefId": REGISTRY,
        "value": { "accum_to": accumulated, "issued": issued, "revoked": revoked },
    });
    let times = json!({ "revocRegDefId": REGISTRY, "to": NOW, "txnTime": timestamp, "data": data });
    reply("117", times)
}

pub(super) fn proxy(issuance: &str) -> (Fake, Ledger) {
    let http = Fake::default();
    http.publish(SCHEMA_PATH, &schema());
    http.publish(DEFINITION_PATH, &definition());
    http.publish(REGISTRY_PATH, &registry_definition(issuance));
    http.answer("/tails/it", 200, &tails());
    (http, ledger(json!({ "kind": "indy-vdr-proxy", "url": BASE })))
}

#[tokio::test(start_paused = true)]
async fn what_a_ledger_replies_is_read_as_anoncreds() {
    let (http, ledger) = proxy("ISSUANCE_BY_DEFAULT");
    let found = ledger.definition(&http, DEFINITION, SCHEMA).await.unwrap();
    assert!(found.is_revocable());
    assert_eq!(found.schema().attr_names, ["name", "Full Name", "age"]);
    assert_eq!(found.schema().issuer_id, "LhxRNqv1LartnYyznq8176");
    assert_eq!(http.asked(), [DEFINITION_PATH, SCHEMA_PATH]);
    let registry = ledger.registry_definition(&http, REGISTRY).await.unwrap();
    assert_eq!(
        (registry.issuer_id.as_str(), registry.value.max_cred_num),
        ("LhxRNqv1LartnYyznq8176", 8)
    );
    assert_eq!(ledger.registry(&http, REGISTRY).await.unwrap().id(), REGISTRY);
}

#[tokio::test(start_paused = true)]
async fn a_delta_from_the_beginning_is_a_list() {
    for (issuance, revoked) in
        [("ISSUANCE_BY_DEFAULT", [2, 8].as_slice()), ("ISSUANCE_ON_DEMAND", &[2, 4, 5, 6, 7, 8])]
    {
        let (http, ledger) = proxy(issuance);
        http.publish(DELTA_PATH, &delta(NOW - 60, &[1, 3], &[2, 8]));
        let list = ledger.list(&http, REGISTRY, Interval { from: None, to: None }).await.unwrap();
        let found: Vec<_> = (1..=8).filter(|index| list.revokes(*index)).collect();
        assert_eq!(found, revoked);
        assert_eq!(list.timestamp, Some(NOW - 60));
        assert_eq!(list.rev_reg_def_id.as_deref(), Some(REGISTRY));
        assert_eq!(json!(list.accumulator), fixture("list")["currentAccumulator"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_a_time_that_is_over_is_asked_for_by_a_request_of_its_own() {
    let (http, ledger) = proxy("ISSUANCE_BY_DEFAULT");
    http.publish("/submit", &delta(NOW - 600, &[], &[1]));
    let to = Some(NOW - 500);
    let list = ledger.list(&http, REGISTRY, Interval { from: None, to }).await.unwrap();
    assert_eq!(list.timestamp, Some(NOW - 600));
    let asked = http.asked().pop().unwrap();
    let request: Value = serde_json::from_str(asked.strip_prefix("/submit ").unwrap()).unwrap();
    let operation = json!({ "type": "117", "revocRegDefId": REGISTRY, "to": NOW - 500 });
    assert_eq!(request["operation"], operation);
    assert_eq!(request["protocolVersion"], 2);
    assert!(request["reqId"].as_i64().is_some_and(|it| it > 0));
}

#[tokio::test(start_paused = true)]
async fn replies_that_are_none_are_refused() {
    let mut all = Vec::new();
    for (path, pointer, value) in [
        (SCHEMA_PATH, "/result/data", Value::Null),
        (SCHEMA_PATH, "/result/seqNo", json!(11)),
        (SCHEMA_PATH, "/result/dest", json!("V4SGRU86Z58d6TV7PBUe6f")),
        (SCHEMA_PATH, "/result/data/version", json!("2.0")),
        (SCHEMA_PATH, "/result/data/attr_names", Value::Null),
        (DEFINITION_PATH, "/result/ref", json!(13)),
        (DEFINITION_PATH, "/result/ref", Value::Null),
        (DEFINITION_PATH, "/result/tag", json!("other")),
        (DEFINITION_PATH, "/result/data/primary", Value::Null),
        (DEFINITION_PATH, "/result", json!([])),
    ] {
        let (http, ledger) = proxy("ISSUANCE_BY_DEFAULT");
        let mut reply = if path == SCHEMA_PATH { schema() } else { definition() };
        *reply.pointer_mut(pointer).unwrap() = value;
        http.publish(path, &reply);
        let error = ledger.definition(&http, DEFINITION, SCHEMA).await.unwrap_err();
        all.push(error.to_string().replace(" at http://registry:80", ""));
    }
    assert_snapshot!(all.join("\n"), @"
    schema `LhxRNqv1LartnYyznq8176:2:person:1.0`: it is not published there
    credential definition `LhxRNqv1LartnYyznq8176:3:CL:12:default`: its schema is `12` and not `11`
    schema `LhxRNqv1LartnYyznq8176:2:person:1.0`: its issuer is `V4SGRU86Z58d6TV7PBUe6f` and not `LhxRNqv1LartnYyznq8176`
    schema `LhxRNqv1LartnYyznq8176:2:person:1.0`: its schema is `person:2.0` and not `person:1.0`
    schema `LhxRNqv1LartnYyznq8176:2:person:1.0`: `attrNames`: invalid type: null, expected a sequence
    credential definition `LhxRNqv1LartnYyznq8176:3:CL:12:default`: its schema is `13` and not `12`
    credential definition `LhxRNqv1LartnYyznq8176:3:CL:12:default`: it has no `ref`
    credential definition `LhxRNqv1LartnYyznq8176:3:CL:12:default`: its tag is `other` and not `default`
    credential definition `LhxRNqv1LartnYyznq8176:3:CL:12:default`: `value.primary`: invalid type: null, expected struct CredentialPrimaryPublicK…
    credential definition `LhxRNqv1LartnYyznq8176:3:CL:12:default`: it is not published there
    ");
}

#[tokio::test(start_paused = true)]
async fn deltas_that_are_none_are_refused() {
    let mut all = Vec::new();
    for (pointer, value) in [
        ("/result/data", Value::Null),
        ("/result/data/value/accum_to", Value::Null),
        ("/result/data/value/accum_to/value/accum", json!("9a512a7624")),
        ("/result/data/value/revoked", json!([9])),
        ("/result/data/value/issued", json!([4_294_967_296_u64])),
        ("/result/data/revocRegDefId", json!("another")),
    ] {
        let (http, ledger) = proxy("ISSUANCE_BY_DEFAULT");
        let mut delta = delta(NOW, &[], &[]);
        *delta.pointer_mut(pointer).unwrap() = value;
        http.publish(DELTA_PATH, &delta);
        let error = ledger.list(&http, REGISTRY, Interval { from: None, to: None }).await;
        all.push(error.unwrap_err().to_string());
    }
    let shown = all.join("\n").replace(" at http://registry:80", "");
    assert_snapshot!(shown, @"
    revocation status list `LhxRNqv1LartnYyznq8176:4:LhxRNqv1LartnYyznq8176:3:CL:12:defa…`: it is not published there
    revocation status list `LhxRNqv1LartnYyznq8176:4:LhxRNqv1LartnYyznq8176:3:CL:12:defa…`: it is not published there
    revocation status list `LhxRNqv1LartnYyznq8176:4:LhxRNqv1LartnYyznq8176:3:CL:12:defa…`: Invalid point value
    revocation status list `LhxRNqv1LartnYyznq8176:4:LhxRNqv1LartnYyznq8176:3:CL:12:defa…`: its index 9 is none of 8
    revocation status list `LhxRNqv1LartnYyznq8176:4:LhxRNqv1LartnYyznq8176:3:CL:12:defa…`: `[0]`: invalid value: integer `4294967296`, expected u32
    revocation status list `LhxRNqv1LartnYyznq8176:4:LhxRNqv1LartnYyznq8176:3:CL:12:defa…`: its revocation registry is `another` and not `LhxRNqv1LartnYyznq8176:4:LhxRNqv1LartnYyznq8176:3:CL:12:defa…`
    ");
}
