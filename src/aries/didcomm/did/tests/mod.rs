mod reading;

use proptest::{collection::vec, prelude::*};
use serde::Deserialize;
use serde_json::Value;

use super::*;
use crate::aries::didcomm::KeyPair;

/// A DID that an ACA-Py told, and how the other one then wrote to it.
#[derive(Deserialize)]
struct Told {
    from: String,
    did: String,
    document: Option<Value>,
    recipient: String,
    routing: Vec<String>,
    endpoint: String,
}

fn told() -> Vec<Told> {
    let text = include_str!("../../../../../tests/fixtures/aries/dids.json");
    serde_json::from_str(text).unwrap()
}

fn keys(texts: &[String]) -> Vec<Verkey> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn key(seed: u8) -> Verkey {
    *KeyPair::from_seed([seed; 32]).verkey()
}

fn any_key() -> impl Strategy<Value = Verkey> {
    any::<[u8; 32]>().prop_map(|seed| *KeyPair::from_seed(seed).verkey())
}

#[test]
fn what_acapy_tells_of_itself_leads_where_its_peer_wrote_next() {
    let told = told();
    assert_eq!(told.len(), 38);
    for told in told {
        let document = match &told.document {
            Some(document) => DidDoc::from_value(document).unwrap(),
            None => read(&told.did).unwrap().unwrap(),
        };
        let expected = Service {
            recipients: vec![told.recipient.parse().unwrap()],
            routing: keys(&told.routing),
            endpoint: told.endpoint,
            priority: 0,
        };
        assert_eq!(document.services, [expected], "{}", told.from);
        assert_eq!(document.keys, document.services[0].recipients, "{}", told.from);
        assert_eq!(document.did.trim_start_matches("did:sov:"), told.did);
    }
}

/// ACA-Py 1.7 makes up the key for agreement of a `did:peer:2`, 0.12 leaves it out; ours is that of
/// the key.
fn without_agreement(did: &str) -> String {
    let elements = did.split('.').filter(|it| !it.starts_with("Ez"));
    elements.collect::<Vec<_>>().join(".")
}

#[test]
fn our_dids_are_those_that_acapy_makes_of_the_same_key() {
    let (mut peer2, mut peer4, mut unqualified) = (0, 0, 0);
    for mut told in told() {
        let (method, count) = match &*told.did {
            did if did.starts_with(peer::PEER4) => (DidMethod::Peer4, &mut peer4),
            did if did.starts_with(peer::PEER2) => (DidMethod::Peer2, &mut peer2),
            _ => (DidMethod::Unqualified, &mut unqualified),
        };
        *count += 1;
        // Both are understood, and agents older than `did:key` understand keys alone.
        if let Some(routing) =
            told.document.as_mut().and_then(|it| it["service"][0].get_mut("routingKeys"))
        {
            *routing = told.routing.clone().into();
        }
        let recipient = told.recipient.parse().unwrap();
        let own = OwnDid::new(method, &recipient, &told.endpoint, &keys(&told.routing));
        assert_eq!(without_agreement(&own.did), without_agreement(&told.did), "{}", told.from);
        assert_eq!(own.document, told.document, "{}", told.from);
    }
    assert_eq!((peer2, peer4, unqualified), (6, 20, 12));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_did_of_ours_says_what_was_put_in(
        recipient in any_key(),
        routing in vec(any_key(), 0..4),
        endpoint in "[a-z]{2,6}:[ -~é]{1,40}",
        method in prop::sample::select(&[
            DidMethod::Peer2, DidMethod::Peer4, DidMethod::Unqualified,
        ][..]),
    ) {
        let own = OwnDid::new(method, &recipient, &endpoint, &routing);
        let document = match &own.document {
            Some(document) => DidDoc::from_value(document).unwrap(),
            None => read(&own.did).unwrap().unwrap(),
        };
        let expected = Service { recipients: vec![recipient], routing, endpoint, priority: 0 };
        prop_assert_eq!(document.services, [expected]);
        prop_assert_eq!(document.keys, [recipient]);
    }

    #[test]
    fn a_did_peer_4_with_one_letter_changed_is_refused(at in 10..644_usize, to in "[1-9A-Za-z:]") {
        let did = told().into_iter().find(|it| it.did.len() == 644).unwrap().did;
        let mut changed = did.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != did);
        prop_assert!(read(&changed).is_err());
    }

    #[test]
    fn no_text_upsets_the_reader(
        prefix in "(did:(key:z?|peer:2\\.?[SVE]?|peer:4z?|web:|sov:)?)?",
        text in "\\PC{0,80}",
    ) {
        let _ = read(&format!("{prefix}{text}"));
        let _ = short_form(&format!("{prefix}{text}"));
    }

    #[test]
    fn no_document_upsets_the_reader(document in any_document()) {
        let _ = DidDoc::from_value(&document);
    }
}

/// Values that have the names and the texts of documents where one does not expect them.
fn any_document() -> impl Strategy<Value = Value> {
    let names = [
        "id",
        "type",
        "service",
        "serviceEndpoint",
        "uri",
        "recipientKeys",
        "routingKeys",
        "publicKey",
        "verificationMethod",
        "keyAgreement",
        "publicKeyBase58",
        "publicKeyJwk",
        "publicKeyMultibase",
        "crv",
        "x",
        "accept",
        "priority",
    ];
    let texts = [
        "",
        "#",
        "#key-0",
        "did:x:y",
        "did:x:y#key-0",
        "did:key:z6Mk",
        "endpoint",
        "Ed25519",
        "z6MkmheKY9fiCTMKevCn1Sn8cok98V2WzR4VgDcN6VU4jTom",
        "did-communication",
        "z",
        "\u{e9}",
        "8FPGwuRGrurrYRN5KspHmiC9JukfaXp8zChSGDW3pF2P",
        "https://example.com",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(texts.to_vec()).prop_map(Value::from),
    ];
    let names = prop::sample::select(names.to_vec()).prop_map(str::to_owned);
    let value = leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((names.clone(), inner), 0..6).prop_map(|it| it.into_iter().collect()),
        ]
    });
    (value, any::<bool>()).prop_map(|(mut value, named)| {
        if let (Some(fields), true) = (value.as_object_mut(), named) {
            fields.insert("id".into(), "did:x:y".into());
        }
        value
    })
}
