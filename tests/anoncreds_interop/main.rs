//! Credentials are shared with anoncreds-rs, which ACA-Py runs on: what it issues is held here, and
//! what is presented here it verifies, and rejects where it should.
#![expect(clippy::unwrap_used, reason = "a test may")]

#[path = "../interop/mod.rs"]
mod interop;
mod issuing;
mod oracle;

use engine::aries::anoncreds::{
    Choice, Error, Held, LinkSecret, Nonce, Prepared, PresentationRequest, Source,
};
use oracle::{Issuer, Oracle};
use serde_json::{Value, json};

fn webvh(oracle: &mut Oracle) -> Issuer {
    let issuer = "did:webvh:QmScid:host%3A8080:issuer1";
    let ids = ["schema", "definition", "registry"].map(|it| format!("{issuer}/resources/{it}"));
    Issuer::new(
        oracle,
        0,
        [issuer, &ids[0], &ids[1], &ids[2]],
        &["name", "Full Name", "age", "born"],
    )
}

fn indy(oracle: &mut Oracle) -> Issuer {
    let issuer = "LhxRNqv1LartnYyznq8176";
    let schema = format!("{issuer}:2:degree:1.0");
    let definition = format!("{issuer}:3:CL:12:default");
    Issuer::new(oracle, 1, [issuer, &schema, &definition, ""], &["degree"])
}

fn present(
    request: &Value,
    held: &[Held],
    secret: &LinkSecret,
    change: impl FnOnce(&mut Choice),
) -> Value {
    let request: PresentationRequest = serde_json::from_value(request.clone()).unwrap();
    let mut choice = Choice::first_fit(&request, held).unwrap();
    change(&mut choice);
    let prepared = Prepared::new(&request, &choice, held, secret).unwrap();
    serde_json::to_value(prepared.finish(&request.nonce).unwrap()).unwrap()
}

fn asking(attributes: &Value, predicates: &Value, non_revoked: Value) -> Value {
    let nonce = serde_json::to_value(Nonce::random().unwrap()).unwrap();
    let mut request = json!({
        "name": "proof", "version": "1.0", "nonce": nonce,
        "requested_attributes": attributes, "requested_predicates": predicates,
    });
    if !non_revoked.is_null() {
        request["non_revoked"] = non_revoked;
    }
    request
}

const PERSON: [&str; 4] = ["name", "Full Name", "age", "born"];

fn person() -> Value {
    json!({ PERSON[0]: "Alice", PERSON[1]: "Alice Smith", PERSON[2]: "30", PERSON[3]: "-5" })
}

#[test]
fn what_anoncreds_rs_issues_is_presented_here_and_verified_there() {
    let mut oracle = Oracle::start();
    let (webvh, indy) = (webvh(&mut oracle), indy(&mut oracle));
    let secret = LinkSecret::random().unwrap();
    let held = [
        webvh.issue(&mut oracle, &secret, &person(), 1),
        indy.issue(&mut oracle, &secret, &json!({ "degree": "Maths" }), 0),
    ];
    presents_all_kinds_of_answers(&mut oracle, &held, &secret);
    proves_that_nothing_is_revoked(&mut oracle, &webvh, held, &secret);
}

/// A question that is answered in every way there is.
fn all_kinds(held: &[Held]) -> Value {
    let of = |place: usize| json!([{ "cred_def_id": held[place].definition.id() }]);
    asking(
        &json!({
            "one": { "name": "degree", "restrictions": [
                { "issuer_did": "nobody" },
                { "issuer_did": "LhxRNqv1LartnYyznq8176", "attr::degree::value": "Maths" },
            ] },
            "group": { "names": ["name", "fullname"], "restrictions": of(0) },
            "hidden": { "name": "born", "restrictions": { "attr::Full Name::marker": "1" } },
            "word": { "name": "hobby" },
        }),
        &json!({
            "at_least": { "name": "age", "p_type": ">=", "p_value": 30, "restrictions": of(0) },
            "above": { "name": "AGE", "p_type": ">", "p_value": 29 },
            "at_most": { "name": "age", "p_type": "<=", "p_value": 30 },
            "below": { "name": "born", "p_type": "<", "p_value": 0 },
        }),
        Value::Null,
    )
}

fn presents_all_kinds_of_answers(oracle: &mut Oracle, held: &[Held], secret: &LinkSecret) {
    let request = all_kinds(held);
    let shown = present(&request, held, secret, |choice| {
        choice.attributes.insert("hidden".into(), Source::Unrevealed(0));
        choice.attributes.insert("word".into(), Source::SelfAttested("chess".into()));
    });
    let answers = shown["requested_proof"].as_object().unwrap().iter();
    let answers: Vec<_> = answers.map(|(kind, answer)| format!("{kind}: {answer}")).collect();
    insta::assert_snapshot!(answers.join("\n"), @r#"
    predicates: {"above":{"sub_proof_index":0},"at_least":{"sub_proof_index":0},"at_most":{"sub_proof_index":0},"below":{"sub_proof_index":0}}
    revealed_attr_groups: {"group":{"sub_proof_index":0,"values":{"fullname":{"encoded":"62816810226936654797779705000772968058283780124309077049681734835796332704413","raw":"Alice Smith"},"name":{"encoded":"27034640024117331033063128044004318218486816931520886405535659934417438781507","raw":"Alice"}}}}
    revealed_attrs: {"one":{"encoded":"460273229220408542178729328948548235132905393400001582342944147813984660772","raw":"Maths","sub_proof_index":1}}
    self_attested_attrs: {"word":"chess"}
    unrevealed_attrs: {"hidden":{"sub_proof_index":0}}
    "#);
    assert!(oracle.is_true(&shown, &request));

    let mut other = request.clone();
    other["nonce"] = json!("1");
    assert!(!oracle.is_true(&shown, &other));
    let mut forged = shown.clone();
    forged["requested_proof"]["revealed_attrs"]["one"]["raw"] = json!("Physics");
    assert!(!oracle.is_true(&forged, &request));
    let mut strange = shown.clone();
    strange["identifiers"][0]["schema_id"] = shown["identifiers"][1]["schema_id"].clone();
    assert!(!oracle.is_true(&strange, &request));
}

fn proves_that_nothing_is_revoked(
    oracle: &mut Oracle,
    issuer: &Issuer,
    mut held: [Held; 2],
    secret: &LinkSecret,
) {
    let (_, registry, first) = issuer.registry.as_ref().unwrap();
    let request = |from: u64, to: u64| {
        let own = json!({ "name": "name", "non_revoked": { "from": from, "to": to } });
        let age = json!({ "name": "age", "p_type": ">=", "p_value": 18 });
        asking(&json!({ "own": own }), &json!({ "age": age }), json!({ "from": 0, "to": to + 5 }))
    };
    let verdict = |oracle: &mut Oracle, held: &[Held], asked: &Value| {
        let shown = present(asked, held, secret, |_| {});
        oracle.is_true(&shown, asked)
    };
    assert!(verdict(oracle, &held, &request(5, 15)));

    let later = oracle.update(&[], &[2, 3, 9], 20);
    let latest = oracle.update(&[3], &[4], 30);
    let mut state = registry.state(1, first).unwrap();
    registry.update(&mut state, &later).unwrap();
    registry.update(&mut state, &latest).unwrap();
    held[0].state = Some(state.clone());
    assert!(verdict(oracle, &held, &request(25, 35)));
    held[0].state = Some(registry.state(1, &later).unwrap());
    assert!(verdict(oracle, &held, &request(15, 25)));
    assert!(!verdict(oracle, &held, &request(25, 35)));

    let revoked = oracle.update(&[], &[1], 40);
    registry.update(&mut state, &revoked).unwrap();
    assert!(state.is_revoked());
    held[0].state = Some(state);
    assert!(!verdict(oracle, &held, &request(35, 45)));
    held[0].state = Some(registry.state(1, &revoked).unwrap());
    assert!(!verdict(oracle, &held, &request(35, 45)));

    held[0].state = None;
    let asked: PresentationRequest = serde_json::from_value(request(35, 45)).unwrap();
    let choice = Choice::first_fit(&asked, &held).unwrap();
    let unknown = Prepared::new(&asked, &choice, &held, secret);
    assert!(matches!(unknown, Err(Error::NoState { .. })));
}

#[test]
fn what_anoncreds_rs_presents_is_verified_here() {
    let mut oracle = Oracle::start();
    webvh(&mut oracle);
    let asked = |non_revoked| {
        asking(
            &json!({
                "one": { "name": "name", "restrictions": [{ "attr::name::value": "Alice" }] },
                "group": { "names": ["born", "FullName"] },
                "hidden": { "name": "age" },
                "word": { "name": "hobby" },
            }),
            &json!({ "age": { "name": "age", "p_type": ">", "p_value": 29 } }),
            non_revoked,
        )
    };
    let presented = |oracle: &mut Oracle, request: &Value| -> Value {
        oracle.ask(&json!({
            "do": "present", "issuer": 0, "values": person(), "index": 5, "request": request,
            "revealed": ["one", "group"], "hidden": ["hidden"], "predicates": ["age"],
            "attested": { "word": "chess" },
        }))
    };
    let untimed = asked(Value::Null);
    let shown = presented(&mut oracle, &untimed);
    assert!(oracle.is_true(&shown, &untimed));
    let current = asked(json!({ "from": 5, "to": 15 }));
    assert!(!oracle.is_true(&shown, &current));
    let shown = presented(&mut oracle, &current);
    assert!(oracle.is_true(&shown, &current));
    let mut bare = shown.clone();
    bare["proof"]["proofs"][0]["non_revoc_proof"] = Value::Null;
    assert!(!oracle.is_true(&bare, &current));
    oracle.update(&[], &[5], 40);
    let later = asked(json!({ "from": 35, "to": 45 }));
    let shown = presented(&mut oracle, &later);
    assert!(!oracle.is_true(&shown, &later));
}
