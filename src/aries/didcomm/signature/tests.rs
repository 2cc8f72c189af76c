use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::aries::didcomm::{KeyPair, Verkey};

fn fixtures(of: &str) -> Vec<Value> {
    let text = include_str!("../../../../tests/fixtures/aries/signatures.json");
    let mut all: Value = serde_json::from_str(text).unwrap();
    serde_json::from_value(all[of].take()).unwrap()
}

fn key(seed: u8) -> KeyPair {
    KeyPair::from_seed([seed; 32])
}

fn signer(fixture: &Value) -> Verkey {
    fixture["signer"].as_str().unwrap().parse().unwrap()
}

#[test]
fn what_aca_py_attached_is_signed_by_whom_it_says() {
    let all = fixtures("jws");
    assert_eq!(all.len(), 6);
    for fixture in all {
        let data = &fixture["attachment"]["data"];
        let payload = bytes(data, "/base64").unwrap();
        assert_eq!(jws::verify(&data["jws"], &payload).unwrap(), signer(&fixture), "{fixture}");
        let other = jws::verify(&data["jws"], &payload[1..]).unwrap_err();
        assert!(matches!(other, SignatureError::DoesNotHold { .. }), "{other}");
    }
}

#[test]
fn what_aca_py_signed_as_a_field_reads_as_its_value() {
    let all = fixtures("field");
    assert_eq!(all.len(), 2);
    for mut fixture in all {
        let expected = (fixture["value"].clone(), signer(&fixture));
        assert_eq!(field::verify(&fixture["signature"]).unwrap(), expected);
        fixture["signature"]["@type"] =
            "did:sov:BzCbsNYhMrjHiqZDTUASHg;spec/signature/1.0/ed25519Sha512_single".into();
        for part in ["signature", "sig_data"] {
            let unpadded = fixture["signature"][part].as_str().unwrap().trim_end_matches('=');
            fixture["signature"][part] = unpadded.into();
        }
        assert_eq!(field::verify(&fixture["signature"]).unwrap(), expected);
    }
}

#[test]
fn several_signatures_must_all_hold() {
    let [first, second, wrong] =
        [jws::sign(&key(1), b"doc"), jws::sign(&key(2), b"doc"), jws::sign(&key(2), b"dog")];
    let both = json!({ "signatures": [first, second] });
    assert_eq!(jws::verify(&both, b"doc").unwrap(), *key(1).verkey());
    let error = jws::verify(&json!({ "signatures": [first, wrong] }), b"doc").unwrap_err();
    assert!(matches!(error, SignatureError::DoesNotHold { signer } if signer == *key(2).verkey()));
    let error = jws::verify(&json!({ "signatures": vec![first; 17] }), b"doc").unwrap_err();
    assert_eq!(error.to_string(), "the signature holds 17 signatures; 1 to 16 are read");
    assert!(jws::verify(&json!({ "signatures": [] }), b"doc").is_err());
}

/// A JWS over `doc` by key 1 with this protected header and these names outside of it.
fn jws_with(protected: &Value, header: &Value) -> Value {
    let protected = base64::encode(protected.to_string());
    let signature = key(1).sign(format!("{protected}.ZG9j").as_bytes());
    json!({
        "header": header,
        "protected": protected,
        "signature": base64::encode(signature),
    })
}

#[test]
fn a_signer_may_be_named_or_carried_but_not_two_of_them() {
    let x = base64::encode(key(1).verkey().as_bytes());
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
    let (mine, other) = (key(1).verkey().did_key_url(), key(2).verkey().to_string());
    let check = |protected: Value, header: Value| {
        jws::verify(&jws_with(&protected, &header), b"doc").map_err(|error| error.to_string())
    };
    let good = Ok(*key(1).verkey());
    assert_eq!(check(json!({ "alg": "EdDSA", "jwk": jwk }), json!(null)), good);
    assert_eq!(check(json!({ "alg": "EdDSA", "jwk": jwk }), json!({ "kid": mine })), good);
    assert_eq!(check(json!({ "alg": "EdDSA", "jwk": jwk }), json!({ "kid": "did:sov:x#1" })), good);
    assert_eq!(check(json!({ "alg": "EdDSA" }), json!({ "kid": mine })), good);
    assert_eq!(check(json!({ "alg": "EdDSA", "kid": mine }), json!({})), good);
    insta::assert_debug_snapshot!([
        check(json!({ "alg": "EdDSA", "jwk": jwk }), json!({ "kid": other })),
        check(json!({ "alg": "EdDSA" }), json!({ "kid": other })),
        check(json!({ "alg": "EdDSA" }), json!({ "kid": "did:sov:x#1" })),
        check(json!({ "alg": "EdDSA" }), json!({})),
        check(json!({ "alg": "none", "jwk": jwk }), json!({})),
        check(json!({ "alg": "EdDSA", "jwk": { "kty": "EC" } }), json!({})),
        check(json!({ "alg": "EdDSA", "jwk": jwk, "crit": ["b64"] }), json!({})),
        check(json!("EdDSA"), json!({})),
    ], @r#"
    [
        Err(
            "the signature names the signer 9hSR6S7WPtxmTojgo6GG3k4yDPecgJY292j7xrsUGWBu and carries the key of AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9",
        ),
        Err(
            "the signature is not one of 9hSR6S7WPtxmTojgo6GG3k4yDPecgJY292j7xrsUGWBu over this content",
        ),
        Err(
            "the signature's signer cannot be read",
        ),
        Err(
            "the signature's `jwk/x` is missing or is not base64url of the 32 bytes of an Ed25519 key",
        ),
        Err(
            "the signature's `alg` is `none`; only EdDSA is known here",
        ),
        Err(
            "the signature's `kty` is `EC`; only OKP is known here",
        ),
        Err(
            "the signature's `crit` is `[\"b64\"]`; only a header without it is known here",
        ),
        Err(
            "the signature's `alg` is missing or is not `EdDSA`",
        ),
    ]
    "#);
}

#[test]
fn a_field_that_is_signed_otherwise_is_refused() {
    let signed = field::sign(&key(1), &json!({ "DID": "x" }), 1_700_000_000);
    let check = |part: &str, value: &str| {
        let mut signed = signed.clone();
        signed[part] = value.into();
        field::verify(&signed).unwrap_err().to_string()
    };
    insta::assert_debug_snapshot!([
        check("@type", "https://didcomm.org/signature/1.0/es256"),
        check("signer", "me"),
        check("signer", &key(2).verkey().to_string()),
        check("sig_data", "!"),
        check("signature", "AAAA"),
        field::verify(&json!([])).unwrap_err().to_string(),
    ], @r#"
    [
        "the signature's `@type` is `https://didcomm.org/signature/1.0/es256`; only https://didcomm.org/signature/1.0/ed25519Sha512_single is known here",
        "the signature's signer cannot be read",
        "the signature is not one of 9hSR6S7WPtxmTojgo6GG3k4yDPecgJY292j7xrsUGWBu over this content",
        "the signature's `sig_data` is missing or is not base64url of eight bytes of time and JSON",
        "the signature is not one of AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9 over this content",
        "the signature's `@type` is missing or is not `https://didcomm.org/signature/1.0/ed25519Sha512_single`",
    ]
    "#);
}

proptest! {
    #[test]
    fn what_is_signed_verifies_as_the_signer_s(
        seed: [u8; 32], payload: Vec<u8>, text: String, time: u64,
    ) {
        let key = KeyPair::from_seed(seed);
        let jws = jws::sign(&key, &payload);
        prop_assert_eq!(jws::verify(&jws, &payload).unwrap(), *key.verkey());
        let value = json!({ "text": text });
        let signed = field::sign(&key, &value, time);
        prop_assert_eq!(field::verify(&signed).unwrap(), (value, *key.verkey()));
    }

    #[test]
    fn another_payload_than_the_signed_one_is_refused(payload: Vec<u8>, other: Vec<u8>) {
        prop_assume!(payload != other);
        let jws = jws::sign(&key(1), &payload);
        prop_assert!(jws::verify(&jws, &other).is_err());
    }
}
