//! Claims about JSON: what agents sent is read and written the same, and nothing makes it panic.

use std::{collections::BTreeMap, fs, path::Path};

use proptest::{prelude::*, sample::Index};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::*;

mod blinding;
mod issuing;
mod keeping;
mod receiving;
mod revoking;
mod witnesses;

/// What a document is, by its fixture's name: read, and written again.
type Rewrite = fn(Value) -> Result<Value, serde_json::Error>;

const KINDS: [(&str, Rewrite); 9] = [
    ("schema", rewritten::<Schema>),
    ("definition", rewritten::<CredentialDefinition>),
    ("registry", rewritten::<RevocationRegistryDefinition>),
    ("list", rewritten::<RevocationStatusList>),
    ("offer", rewritten::<CredentialOffer>),
    ("request", rewritten::<CredentialRequest>),
    ("credential", rewritten::<Credential>),
    ("presentation", rewritten::<Presentation>),
    ("presentation-request", rewritten::<PresentationRequest>),
];

fn rewritten<T: Serialize + DeserializeOwned>(json: Value) -> Result<Value, serde_json::Error> {
    serde_json::to_value(serde_json::from_value::<T>(json)?)
}

/// All documents that agents sent or wrote, by the names of their files.
fn fixtures() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/aries/anoncreds");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let read = |path: &Path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    files.map(|path| (path.file_stem().unwrap().to_str().unwrap().into(), read(&path))).collect()
}

fn fixture<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_value(fixtures().remove(name).unwrap()).unwrap()
}

fn rewrite(name: &str) -> Rewrite {
    let kind = name.trim_end_matches(|it: char| it == '-' || it.is_ascii_digit());
    KINDS.iter().find(|(it, _)| *it == kind).unwrap().1
}

fn definition() -> Definition {
    Definition::new("did:web:issuer.example/definition", &fixture("definition"), fixture("schema"))
        .unwrap()
}

#[test]
fn what_agents_sent_is_written_as_it_was_read() {
    let fixtures = fixtures();
    assert_eq!(fixtures.len(), 17);
    for (name, json) in fixtures {
        assert_eq!(rewrite(&name)(json.clone()).unwrap(), json, "{name}");
    }
}

#[test]
fn nothing_prints_its_numbers() {
    let secret = LinkSecret::random().unwrap();
    let credential: Credential = fixture("credential-2");
    let printed = format!("{secret:?} {credential:?} {:?}", definition());
    let longest = printed.split(|it: char| !it.is_ascii_alphanumeric()).map(str::len).max();
    // The longest that is shown is a value's encoding, which is no secret.
    assert!(longest.unwrap() <= 78, "{printed}");
    assert!(printed.contains("signature: Numbers(…)"), "{printed}");
}

#[test]
fn keys_that_would_break_the_mathematics_are_refused() {
    let odd = "9".repeat(617);
    for modulus in ["0", "1", "-7", "15", &odd[..600], &format!("{}8", &odd[..616])] {
        let mut json = fixtures().remove("definition").unwrap();
        json["value"]["primary"]["n"] = json!(modulus);
        let keys = serde_json::from_value(json).unwrap();
        let refused = Definition::new("id", &keys, fixture("schema"));
        assert!(matches!(refused, Err(Error::WeakKey { .. })), "{modulus}: {refused:?}");
    }
}

#[test]
fn a_number_of_a_million_digits_is_not_even_read() {
    let mut json = fixtures().remove("offer-1").unwrap();
    json["key_correctness_proof"]["xz_cap"] = json!("9".repeat(1_000_000));
    let error = serde_json::from_value::<CredentialOffer>(json).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a number of more than 1200 digits, or more numbers than a credential has"
    );
}

#[test]
fn an_offer_of_another_definition_is_not_answered() {
    let secret = LinkSecret::random().unwrap();
    let refused = definition().request(&fixture("offer-1"), &secret).unwrap_err();
    assert!(matches!(refused, Error::Foreign { document: "offer", .. }), "{refused}");
}

#[test]
fn an_offer_whose_keys_are_not_shown_to_be_correct_is_not_answered() {
    let secret = LinkSecret::random().unwrap();
    let mut offer: CredentialOffer = fixture("offer-1");
    offer.cred_def_id = definition().id().to_owned();
    let refused = definition().request(&offer, &secret).unwrap_err();
    assert!(matches!(refused, Error::Refused { step: "answer the offer", .. }), "{refused}");
}

fn holds(value: &str, kind: &str, bound: i32) -> bool {
    let predicate = json!({ "name": "age", "p_type": kind, "p_value": bound });
    serde_json::from_value::<RequestedPredicate>(predicate).unwrap().holds(value)
}

#[test]
fn predicates_compare_as_they_are_written() {
    for (kind, below, same, above) in [
        (">=", false, true, true),
        (">", false, false, true),
        ("<=", true, true, false),
        ("<", true, false, false),
    ] {
        let held = ["-1", "0", "1"].map(|value| holds(value, kind, 0));
        assert_eq!(held, [below, same, above], "{kind}");
    }
    assert!(!holds("2147483648", ">=", 0) && !holds("x", "<", 0));
    // The mathematics has 31 bits for a difference.
    assert!(!holds("1", ">=", i32::MIN) && !holds("-2", "<=", i32::MAX));
}

#[test]
fn the_most_stringent_of_two_intervals_counts() {
    let interval = |from, to| Interval { from, to };
    assert_eq!(
        interval(Some(1), Some(9)).and(interval(Some(2), Some(8))),
        interval(Some(2), Some(8))
    );
    assert_eq!(interval(None, Some(9)).and(interval(Some(2), None)), interval(Some(2), Some(9)));
    assert!(interval(Some(2), None).contains(2) && !interval(Some(2), Some(3)).contains(4));
}

fn restrictions(json: &Value) -> Result<Restrictions, serde_json::Error> {
    serde_json::from_value(json.clone())
}

#[test]
fn restrictions_say_which_credentials_will_do() {
    let mut credential: Credential = fixture("credential-2");
    credential.schema_id = "schema".into();
    let held = Held { credential, definition: definition(), state: None };
    for (json, expected) in [
        (json!([]), true),
        (json!({}), true),
        (json!([{ "schema_id": "schema" }]), true),
        (
            json!([{ "schema_id": "other" }, { "schema_name": "person", "schema_version": "1.0" }]),
            true,
        ),
        (json!({ "schema_id": "schema", "schema_version": "2.0" }), false),
        (json!({ "schema_issuer_id": "did:web:issuer.example" }), true),
        (json!({ "issuer_did": "did:web:issuer.example" }), true),
        (json!({ "cred_def_id": "did:web:issuer.example/definition" }), true),
        (json!({ "rev_reg_id": "other" }), false),
        (json!({ "attr::NAME::marker": "1", "attr::name::value": "Alice Smith" }), true),
        (json!({ "attr::name::value": "Bob" }), false),
        (json!({ "attr::height::marker": "1" }), false),
        (
            json!({ "$or": [{ "schema_id": "other" }, { "issuer_id": "did:web:issuer.example" }] }),
            true,
        ),
        (
            json!({ "$and": [{ "schema_id": "other" }, { "issuer_id": "did:web:issuer.example" }] }),
            false,
        ),
        (json!({ "$not": { "schema_id": "other" } }), true),
        (json!([[{ "schema_id": "other" }], [[{ "schema_id": "schema" }]]]), true),
        (json!({ "unheard_of": "1" }), false),
    ] {
        assert_eq!(restrictions(&json).unwrap().allow(&held), expected, "{json}");
    }
    for json in [json!("schema"), json!({ "schema_id": 1 }), json!({ "$near": [] }), json!(null)] {
        assert!(restrictions(&json).is_err(), "{json}");
    }
    let deep = (0..100).fold(json!([]), |inner, _| json!([inner]));
    assert!(restrictions(&deep).is_err());
}

/// All places of a document at which a scalar stands.
fn scalars<'a>(json: &'a mut Value, found: &mut Vec<&'a mut Value>) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(|it| scalars(it, found)),
        Value::Object(fields) => fields.values_mut().for_each(|it| scalars(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push(json),
    }
}

fn hostile() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!("")),
        Just(json!("0")),
        Just(json!("-1")),
        Just(json!([[[]]])),
        Just(json!({ "ü": "💥" })),
        Just(json!("1 0 1 0 1 0")),
        Just(json!("F".repeat(400))),
        any::<i64>().prop_map(|it| json!(it)),
        ".{0,80}".prop_map(|it| json!(it)),
        "[0-9A-Fa-f ]{0,200}".prop_map(|it| json!(it)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_document_panics_whatever_stands_in_it(
        which: Index,
        place: Index,
        junk in hostile(),
    ) {
        let fixtures = fixtures();
        let (name, mut json) = which.get(&fixtures.into_iter().collect::<Vec<_>>()).clone();
        let mut found = Vec::new();
        scalars(&mut json, &mut found);
        let place = place.index(found.len());
        *found[place] = junk;
        if let Ok(read) = rewrite(&name)(json) {
            // What was read is read again, and stays the same; a number of too many hexadecimal
            // digits is below the curve's order only then.
            let again = rewrite(&name)(read).unwrap();
            prop_assert_eq!(rewrite(&name)(again.clone()).unwrap(), again);
        }
    }
}
