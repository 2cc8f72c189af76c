use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::*;

/// The recipient that a document of `key` has under the name `reference`.
fn found(method: &Value, reference: &str) -> Option<Verkey> {
    let document = json!({
        "id": "did:x:y",
        "verificationMethod": [method],
        "service": [{
            "id": "#1", "type": "did-communication", "recipientKeys": [reference],
            "serviceEndpoint": "https://example.com",
        }],
    });
    Some(DidDoc::from_value(&document).ok()?.services.first()?.recipients[0])
}

#[test]
fn a_key_is_found_by_any_of_its_names_and_in_any_of_its_forms() {
    let verkey = key(1);
    let agreement = verkey.agreement().unwrap();
    let x = URL_SAFE_NO_PAD.encode(verkey.as_bytes());
    let (base58, fingerprint) = (verkey.to_string(), verkey.fingerprint());
    let forms = [
        json!({ "type": "Multikey", "publicKeyMultibase": fingerprint }),
        json!({ "type": "Ed25519VerificationKey2020", "publicKeyMultibase": fingerprint }),
        json!({ "type": "Ed25519VerificationKey2020", "publicKeyMultibase": format!("z{base58}") }),
        json!({ "type": "Ed25519VerificationKey2018", "publicKeyBase58": base58 }),
        json!({ "type": "JsonWebKey2020",
            "publicKeyJwk": { "kty": "OKP", "crv": "Ed25519", "x": x } }),
    ];
    for mut form in forms {
        for (id, reference) in [
            ("#key-0", "#key-0"),
            ("#key-0", "did:x:y#key-0"),
            ("did:x:y#key-0", "#key-0"),
            ("did:x:y#key-0", "did:x:y#key-0"),
            ("key-0", "key-0"),
            ("#key-0", &format!("#{fingerprint}")),
            ("#key-0", &format!("did:x:y#{}", &fingerprint[1..])),
            ("#key-0", &verkey.did_key()),
            ("#key-0", &verkey.did_key_url()),
            ("#key-0", &base58),
        ] {
            form["id"] = id.into();
            assert_eq!(found(&form, reference), Some(verkey), "{form} as {reference}");
        }
        assert_eq!(found(&form, "did:else:where#key-0"), None);
        assert_eq!(found(&form, "#key-1"), None);
    }
    let document = json!({
        "id": "did:sov:WgWxqztrNooG92RXvxSTWv",
        "authentication": [
            { "id": "#key-1", "type": "Ed25519VerificationKey2018", "publicKeyBase58": base58 }
        ],
        "keyAgreement": [{
            "id": "#key-agreement-1", "type": "X25519KeyAgreementKey2019",
            "publicKeyBase58": Verkey::from_bytes(*agreement.as_bytes()).to_string(),
        }],
        "service": [{
            "id": "#1", "type": "did-communication", "recipientKeys": ["#key-agreement-1"],
            "serviceEndpoint": "https://example.com",
        }],
    });
    let services = DidDoc::from_value(&document).unwrap().services;
    assert_eq!(services[0].recipients, [verkey], "the key that the one for agreement is made of");
}

const QUEUE: &str = "did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd";

fn services(document: &Value) -> Vec<(String, i64)> {
    let services = DidDoc::from_value(document).unwrap().services;
    services.into_iter().map(|it| (it.endpoint, it.priority)).collect()
}

/// A document with these services, each of a type, an endpoint, a priority and further fields.
fn document(written: &[(&str, Value, i64, Value)]) -> Value {
    let written = written.iter().map(|(kind, endpoint, priority, more)| {
        let mut service = json!({
            "id": "#s", "type": kind, "serviceEndpoint": endpoint, "priority": priority,
        });
        service.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        service
    });
    json!({
        "id": "did:sov:WgWxqztrNooG92RXvxSTWv",
        "publicKey": [{
            "id": "#1", "type": "Ed25519VerificationKey2018", "publicKeyBase58": key(1).to_string(),
        }],
        "service": written.collect::<Value>(),
    })
}

#[test]
fn the_best_service_comes_first_and_what_is_not_for_didcomm_v1_not_at_all() {
    let keys = json!({ "recipientKeys": ["#1"] });
    let of = |accept: &str| json!({ "recipientKeys": ["#1"], "accept": [accept] });
    let none = json!({});
    let document = document(&[
        ("endpoint", json!("https://legacy.example.com"), 0, none.clone()),
        ("did-communication", json!("https://second.example.com"), 2, keys.clone()),
        ("IndyAgent", json!("didcomm:transport/queue"), 1, none.clone()),
        ("DIDCommMessaging", json!("https://v2.example.com"), 0, none.clone()),
        ("DIDCommMessaging", json!("https://only-v2.example.com"), 0, of("didcomm/v2")),
        ("DIDCommMessaging", json!("https://both.example.com"), 4, of("didcomm/aip2;env=rfc19")),
        ("did-communication", json!({ "uri": "did:web:mediator.example.com" }), 3, keys.clone()),
        ("LinkedDomains", json!("https://example.com"), 0, none),
        (
            "did-communication",
            json!(["wss://a.example.com", { "uri": "https://b.example.com" }]),
            5,
            keys,
        ),
    ]);
    let all = services(&document).into_iter().map(|(it, priority)| format!("{priority} {it}"));
    insta::assert_snapshot!(all.collect::<Vec<_>>().join("\n"), @r"
    1 didcomm:transport/queue
    2 https://second.example.com
    3 did:web:mediator.example.com
    4 https://both.example.com
    5 wss://a.example.com
    5 https://b.example.com
    9223372036854775807 https://legacy.example.com
    ");
    let document = DidDoc::from_value(&document).unwrap();
    let endpoint = |schemes: &[&str]| document.service(schemes).map(|it| it.endpoint.as_str());
    assert_eq!(endpoint(&["https", "http"]), Some("https://second.example.com"));
    assert_eq!(endpoint(&["http", "wss", "https"]), Some("wss://a.example.com"));
    assert_eq!(endpoint(&["HTTPS"]), Some("https://second.example.com"));
    assert_eq!(endpoint(&["http"]), None);
    assert_eq!(endpoint(&[]), None);
}

#[test]
fn routing_keys_may_be_references_keys_and_did_keys_and_stand_in_the_endpoint() {
    let (second, third) = (key(2), key(3));
    let routing = json!([second.to_string(), third.did_key_url(), "#1"]);
    for (endpoint, more) in [
        (json!("https://example.com"), json!({ "routingKeys": routing })),
        (json!({ "uri": "https://example.com", "routingKeys": routing }), json!({})),
    ] {
        let document = document(&[("did-communication", endpoint, 0, more)]);
        let services = DidDoc::from_value(&document).unwrap().services;
        assert_eq!(services[0].routing, [second, third, key(1)]);
        assert_eq!(services[0].recipients, [key(1)], "the first key, if none is named");
    }
}

#[test]
fn a_broken_service_is_passed_over_while_another_is_not() {
    let broken = ("did-communication", json!(7), 0, json!({}));
    let fine = ("did-communication", json!("https://example.com"), 0, json!({}));
    assert!(DidDoc::from_value(&document(std::slice::from_ref(&broken))).is_err());
    assert_eq!(services(&document(&[broken, fine])), [("https://example.com".to_owned(), 0)]);
}

#[test]
fn dids_that_must_be_resolved_say_nothing_themselves() {
    for did in [
        "did:sov:WgWxqztrNooG92RXvxSTWv",
        "did:indy:sovrin:WgWxqztrNooG92RXvxSTWv",
        "did:web:example.com",
        "did:webvh:QmfWyk:example.com",
        "did:peer:1zQmZMygzYqNwU6Uhmewx5Xepf2VLp5S4HLSwwgf2aiKZuwa",
        "WgWxqztrNooG92RXvxSTWv",
        QUEUE,
        "",
    ] {
        assert_eq!(read(did).unwrap(), None, "{did}");
        assert_eq!(short_form(did), did);
    }
}

#[test]
fn a_did_key_stands_for_its_key() {
    let key = key(7);
    for did in [key.did_key(), key.did_key_url()] {
        let expected = DidDoc { did: key.did_key(), keys: vec![key], services: vec![] };
        assert_eq!(read(&did).unwrap(), Some(expected));
    }
}

#[test]
fn the_examples_of_the_specifications_are_understood() {
    let hello =
        "did:peer:4zQmb7xLdVY9TXx8oov5XgpGUmGELgqiAV2699s43i6Qdm3M:zQSJgiFTYiCHjQ9MktwNThRXM7a";
    assert_eq!(peer::write4(br#"{"hello":"world"}"#), hello);
    assert_eq!(read(hello).unwrap(), Some(DidDoc { did: hello.to_owned(), ..DidDoc::default() }));
    assert_eq!(short_form(hello), "did:peer:4zQmb7xLdVY9TXx8oov5XgpGUmGELgqiAV2699s43i6Qdm3M");

    // Its one service is for DIDComm v2.
    let peer2 = read(concat!(
        "did:peer:2.Ez6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc",
        ".Vz6MkqRYqQiSgvZQdnBytw86Qbs2ZWUkGv22od935YF4s8M7V",
        ".Vz6MkgoLTnTypo3tDRwCkZXSccTPHRLhF4ZnjhueYAFpEX6vg",
        ".SeyJ0IjoiZG0iLCJzIjoiaHR0cHM6Ly9leGFtcGxlLmNvbS9lbmRwb2ludCIsInIiOlsiZGlkOmV4YW1wbGU6c29t",
        "ZW1lZGlhdG9yI3NvbWVrZXkiXSwiYSI6WyJkaWRjb21tL3YyIiwiZGlkY29tbS9haXAyO2Vudj1yZmM1ODciXX0",
    ));
    let peer2 = peer2.unwrap().unwrap();
    assert_eq!(peer2.services, []);
    let fingerprints: Vec<_> = peer2.keys.iter().map(Verkey::fingerprint).collect();
    assert_eq!(
        fingerprints,
        [
            "z6MkqRYqQiSgvZQdnBytw86Qbs2ZWUkGv22od935YF4s8M7V",
            "z6MkgoLTnTypo3tDRwCkZXSccTPHRLhF4ZnjhueYAFpEX6vg",
        ]
    );
}

#[test]
fn the_keys_of_a_did_peer_2_are_numbered_and_its_services_abbreviated() {
    let (first, second) = (key(1), key(2));
    let agreement = peer::agreement_fingerprint(second.agreement().unwrap().as_bytes());
    let service = json!({
        "t": "dm", "recipientKeys": ["#key-2", "#key-3"],
        "s": { "uri": "https://example.com", "r": [first.did_key()], "a": ["didcomm/aip1"] },
    });
    for services in [service.clone(), json!([service])] {
        let services = URL_SAFE_NO_PAD.encode(services.to_string());
        let keys = format!("V{}.E{agreement}.V{}", first.fingerprint(), second.fingerprint());
        let services = read(&format!("did:peer:2.{keys}.S{services}")).unwrap().unwrap().services;
        assert_eq!(services[0].recipients, [second, second]);
        assert_eq!(services[0].routing, [first]);
    }
}

#[test]
fn errors_show_what_a_right_one_looks_like() {
    let list = |length: usize| vec![json!("#1"); length];
    let service = |endpoint, more| {
        DidDoc::from_value(&document(&[("did-communication", endpoint, 0, more)])).map(Some)
    };
    let endpoint = || json!("https://example.com");
    let multikey = json!({ "id": "#1", "publicKeyMultibase": key(1).fingerprint() });
    let all = [
        read("did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc"),
        read("did:peer:2Vz6Mk"),
        read("did:peer:2.Xz6Mk"),
        read("did:peer:2.S!"),
        read("did:peer:2.Sabc"),
        read(&format!("did:peer:2{}", ".V".repeat(40))),
        read("did:peer:4zQm"),
        read(&format!("{QUEUE}:z2M1k7h4psgp4")),
        read(&peer::write4(b"[]")),
        read(&format!("did:peer:4{}", "z".repeat(8192))),
        DidDoc::from_value(&json!([])).map(Some),
        DidDoc::from_value(&json!({ "service": [] })).map(Some),
        service(json!({ "url": "https://example.com" }), json!({})),
        service(json!([]), json!({})),
        service(endpoint(), json!({ "recipientKeys": "#1" })),
        service(endpoint(), json!({ "recipientKeys": ["#2"] })),
        service(endpoint(), json!({ "routingKeys": list(17) })),
        service(list(17).into(), json!({})),
        DidDoc::from_value(&json!({ "id": QUEUE, "service": list(33) })).map(Some),
        DidDoc::from_value(&json!({ "id": QUEUE, "publicKey": vec![multikey; 65] })).map(Some),
    ];
    let all: Vec<_> = all.into_iter().map(|it| it.unwrap_err().to_string()).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    `did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc` is no Ed25519 key, which is written like 8HJkizGZMEnTcQYSo9ZKJYEWMiHPnd6xRSYcRKAbA5W7 or did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV
    `did:peer:2Vz6Mk` has no `.` after the 2; one is written like did:peer:2.Vz6Mkt2dm3JzXiuPK4fKZk3pQn3TTpqys97bssRrgZb3Svd1T.SeyJ0Ijoi…
    `did:peer:2.Xz6Mk` has an element that begins with none of A, D, E, I, S and V; one is written like did:peer:2.Vz6Mkt2dm3JzXiuPK4fKZk3pQn3TTpqys97bssRrgZb3Svd1T.SeyJ0Ijoi…
    `did:peer:2.S!` has a service that is no base64; one is written like did:peer:2.Vz6Mkt2dm3JzXiuPK4fKZk3pQn3TTpqys97bssRrgZb3Svd1T.SeyJ0Ijoi…
    `did:peer:2.Sabc` has a service that is no JSON; one is written like did:peer:2.Vz6Mkt2dm3JzXiuPK4fKZk3pQn3TTpqys97bssRrgZb3Svd1T.SeyJ0Ijoi…
    did:peer:2.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V.V… has more than 32 elements
    `did:peer:4zQm` has no SHA-256 hash in base58 after `did:peer:4`; one is written like did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd:z2M1k7h4psgp4…
    `did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd:z2…` carries a document that is not the one it has the hash of; one is written like did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd:z2M1k7h4psgp4…
    `did:peer:4zQmR73hkpCoPpjxWpaejgfQAC7gq1LyKEGNdmKtKrKKZNDk:z4…` carries no JSON object; one is written like did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd:z2M1k7h4psgp4…
    `did:peer:4zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz…` is longer than 8 KiB; one is written like did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd:z2M1k7h4psgp4…
    a DID document without `id`, which begins like {"id": "did:sov:WgWxqztrNooG92RXvxSTWv", "service": […
    a DID document without `id`, which begins like {"id": "did:sov:WgWxqztrNooG92RXvxSTWv", "service": […
    service `#s` has no `serviceEndpoint`, which is written like "https://agent.example.com"
    service `#s` has no `serviceEndpoint`, which is written like "https://agent.example.com"
    service `#s` has no `recipientKeys`, which is written like ["did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV"]
    service `#s` names `#2`, which is no key of the document and no key itself, such as did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV
    service `#s` has more than 16 routingKeys
    service `#s` has more than 16 endpoints
    did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd has more than 32 services
    did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd has more than 64 keys
    "#);
}
