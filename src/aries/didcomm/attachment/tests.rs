use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(value: &Value) -> Attachment {
    Attachment::from_value(value).unwrap()
}

#[test]
fn base64_is_read_in_any_manner() {
    for text in ["eyJhIjoifn4/In0", "eyJhIjoifn4/In0=", "eyJhIjoifn4_In0", "eyJhIjoifn4_In0="] {
        let attachment = read(&json!({ "data": { "base64": text } }));
        assert_eq!(*attachment.json().unwrap(), json!({ "a": "~~?" }), "{text}");
        assert_eq!(*attachment.bytes(), *br#"{"a":"~~?"}"#, "{text}");
    }
}

#[test]
fn json_is_read_as_it_is_and_out_of_a_text() {
    for content in [json!({ "a": 1 }), json!("{\"a\": 1}")] {
        let attachment = read(&json!({ "data": { "json": content, "base64": null } }));
        assert_eq!(*attachment.json().unwrap(), json!({ "a": 1 }));
    }
}

#[test]
fn an_attachment_is_written_as_aca_py_writes_it() {
    let attachment = Attachment::of_json(&json!({ "nonce": "~~?" })).with_id("anoncreds");
    insta::assert_snapshot!(
        attachment.to_value(),
        @r#"{"@id":"anoncreds","data":{"base64":"eyJub25jZSI6In5+PyJ9"},"mime-type":"application/json"}"#
    );
    let described = Attachment {
        description: Some("a form".into()),
        ..Attachment::of("application/json", Content::Json(json!([1])))
    };
    insta::assert_snapshot!(
        described.to_value(),
        @r#"{"data":{"json":[1]},"description":"a form","mime-type":"application/json"}"#
    );
}

#[test]
fn what_aca_py_attached_reads_and_is_written_the_same() {
    let fixtures = include_str!("../../../../tests/fixtures/aries/signatures.json");
    let fixtures: Value = serde_json::from_str(fixtures).unwrap();
    for fixture in fixtures["jws"].as_array().unwrap() {
        let attachment = read(&fixture["attachment"]);
        let signer = attachment.signer().unwrap().unwrap();
        assert_eq!(signer.did_key(), fixture["signer"].as_str().unwrap());
        assert_eq!(attachment.to_value(), fixture["attachment"]);
    }
}

#[test]
fn a_signature_names_its_signer_until_the_content_changes() {
    let key = KeyPair::from_seed([1; 32]);
    let json = Attachment::of("application/json", Content::Json(json!({ "id": 1 })));
    assert_eq!(json.signer().unwrap(), None);
    let mut signed = read(&json.signed(&key).to_value());
    assert_eq!(signed.signer().unwrap(), Some(*key.verkey()));
    signed.content = Content::Bytes(b"{}".into());
    assert!(signed.signer().is_err());
}

#[test]
fn what_cannot_be_used_says_why() {
    let check = |value: Value| Attachment::from_value(&value).unwrap_err().to_string();
    insta::assert_debug_snapshot!([
        check(json!([])),
        check(json!({ "data": { "links": ["https://example.org"] } })),
        check(json!({ "data": { "base64": "!" } })),
        check(json!({ "data": { "base64": 1 } })),
        check(json!({ "data": { "base64": "A".repeat(BASE64_MAX + 1) } })),
        check(json!({ "@id": 1, "data": { "json": {} } })),
        check(json!({ "description": "x".repeat(TEXT_MAX + 1), "data": { "json": {} } })),
        Attachment::new("text/plain", "x").json().unwrap_err().to_string(),
    ], @r##"
    [
        "the attachment is no JSON object, which is written like {\"data\": {\"base64\": \"…\"}}",
        "the attachment's `data` has neither `base64` nor `json`; links are not followed",
        "the attachment's `data/base64` is not base64",
        "the attachment's `data/base64` is not base64",
        "the attachment's `data/base64` is longer than 2097152 bytes",
        "the attachment's `@id` is no text",
        "the attachment's `description` is longer than 4096 bytes",
        "what is attached is no JSON",
    ]
    "##);
}

proptest! {
    #[test]
    fn what_is_attached_reads_again(bytes: Vec<u8>, id: Option<String>, description: Option<String>) {
        let attachment = Attachment { id, description, ..Attachment::new("text/string", bytes) };
        prop_assert_eq!(read(&attachment.to_value()), attachment);
    }
}
