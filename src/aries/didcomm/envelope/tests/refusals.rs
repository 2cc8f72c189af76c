//! What is said of that which is no envelope.

use super::*;

fn said(bytes: &[u8]) -> String {
    let error = open(bytes, &key(2), None).unwrap_err();
    let source = std::error::Error::source(&error);
    source.map_or(error.to_string(), |source| format!("{error}: {source}"))
}

/// An envelope whose header is this one; the rest of it is as long as it should be.
fn headed(header: &Value) -> Vec<u8> {
    let protected = engines::URL_SAFE_NO_PAD.encode(header.to_string());
    let (iv, tag) = ("A".repeat(16), "A".repeat(22));
    json!({ "protected": protected, "iv": iv, "ciphertext": "", "tag": tag })
        .to_string()
        .into_bytes()
}

fn header(alg: &str, entry: &Value) -> Value {
    json!({ "alg": alg, "enc": "xchacha20poly1305_ietf", "recipients": [entry] })
}

#[test]
fn what_is_no_envelope_is_told_what_one_is() {
    let long = vec![b' '; (4 << 20) + 1];
    insta::assert_debug_snapshot!([
        said(b""),
        said(b"[1]"),
        said(br#"{"protected":"e30","iv":"AA"}"#),
        said(&long),
        said(br#"{"protected":"e30","iv":"AA","ciphertext":"","tag":""}"#),
        said(br#"{"protected":"e30","iv":"AAAAAAAAAAAAAAAA","ciphertext":"","tag":"AA"}"#),
        said(&headed(&json!("A".repeat(66_000)))),
        said(&headed(&json!({}))),
        said(&headed(&json!("x"))),
    ], @r##"
    [
        "the message is no envelope, which is a JSON object with `protected`, `iv`, `ciphertext` and `tag`: EOF while parsing a value at line 1 column 0",
        "the message is no envelope, which is a JSON object with `protected`, `iv`, `ciphertext` and `tag`: invalid type: integer `1`, expected a string at line 1 column 2",
        "the message is no envelope, which is a JSON object with `protected`, `iv`, `ciphertext` and `tag`: missing field `ciphertext` at line 1 column 29",
        "the envelope has 4194305 bytes; 4194304 are the most that are read",
        "the envelope's `iv` is missing or is not base64url of 12 bytes",
        "the envelope's `tag` is missing or is not base64url of 16 bytes",
        "the envelope's `protected` is missing or is not base64url of at most 48 KiB of JSON",
        "the envelope's `protected` is not the JSON of a header with `alg`, `enc` and `recipients`: missing field `alg` at line 1 column 2",
        "the envelope's `protected` is not the JSON of a header with `alg`, `enc` and `recipients`: invalid type: string \"x\", expected a JSON object at line 1 column 3",
    ]
    "##);
}

#[test]
fn a_deep_nest_is_refused_without_being_climbed() {
    for field in ["other", "protected"] {
        let nest = format!(r#"{{"{field}":{}"#, "[".repeat(1 << 20));
        assert!(said(nest.as_bytes()).starts_with("the message is no envelope"));
    }
}

#[test]
fn what_cannot_be_opened_says_which_part_is_wrong() {
    let kid = key(2).verkey().to_string();
    let (wrapped, sealed) = ("A".repeat(64), "A".repeat(107));
    let entry = json!({ "encrypted_key": wrapped, "header": { "kid": kid } });
    let to_all = |count| {
        let enc = "chacha20poly1305_ietf";
        json!({ "alg": "Authcrypt", "enc": enc, "recipients": vec![&entry; count] })
    };
    let with = |wrapped: &str, header: Value| json!({ "encrypted_key": wrapped, "header": header });
    insta::assert_debug_snapshot!([
        said(&headed(&header("ECDH-ES", &entry))),
        said(&headed(&json!({ "alg": "Authcrypt", "enc": "A256GCM", "recipients": [] }))),
        said(&headed(&to_all(0))),
        said(&headed(&to_all(17))),
        said(&headed(&header("Authcrypt", &entry))),
        said(&headed(&header("Authcrypt", &with(&wrapped, json!({ "kid": kid, "sender": "x" }))))),
        said(&headed(&header("Authcrypt", &with(&wrapped, json!({ "kid": "did:key:zDna" }))))),
        said(&headed(&header("Anoncrypt", &entry))),
        said(&headed(&header("Anoncrypt", &with(&sealed, json!({ "kid": kid, "iv": null }))))),
        said(&channel(1, 3).pack(b"hello")),
    ], @r##"
    [
        "the envelope's `alg` is `ECDH-ES`; only Authcrypt and Anoncrypt can be opened",
        "the envelope's `enc` is `A256GCM`; only xchacha20poly1305_ietf can be opened",
        "the envelope is for 0 keys; it must be for 1 to 16",
        "the envelope is for 17 keys; it must be for 1 to 16",
        "the envelope's `recipients/header/sender` is missing or is not base64url of who sends it, sealed",
        "the envelope's `recipients/header/iv` is missing or is not base64url of 24 bytes",
        "the envelope is for somebody whose `kid` is no key: `did:key:zDna` is no Ed25519 key, which is written like 8HJkizGZMEnTcQYSo9ZKJYEWMiHPnd6xRSYcRKAbA5W7 or did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV",
        "the envelope's `recipients/encrypted_key` is missing or is not base64url of 80 bytes",
        "the envelope cannot be opened with the key 9hSR6S7WPtxmTojgo6GG3k4yDPecgJY292j7xrsUGWBu",
        "the envelope is not for the key 9hSR6S7WPtxmTojgo6GG3k4yDPecgJY292j7xrsUGWBu",
    ]
    "##);
}
