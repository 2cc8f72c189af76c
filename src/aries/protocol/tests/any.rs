//! Messages as anybody may send them.

use proptest::{collection, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use crate::aries::didcomm::Message;

/// Names of fields that some protocol reads.
const FIELDS: &[&str] = &[
    "action",
    "batch_size",
    "code",
    "comment",
    "connection",
    "connection~sig",
    "content",
    "credential_id",
    "credential_preview",
    "credential_proposal",
    "credentials~attach",
    "description",
    "did",
    "did_doc~attach",
    "did_rotate~attach",
    "disclosures",
    "endpoint",
    "explain",
    "filters~attach",
    "formats",
    "keys",
    "limit",
    "live_delivery",
    "match",
    "message",
    "message_count",
    "message_id_list",
    "messages~attach",
    "msg",
    "name",
    "offers~attach",
    "options",
    "paginate",
    "pagination",
    "presentation_proposal",
    "presentations~attach",
    "problem-code",
    "proposals~attach",
    "protocols",
    "queries",
    "query",
    "recipient_key",
    "request_presentations~attach",
    "requests~attach",
    "response_requested",
    "revocation_format",
    "routing_keys",
    "thread_id",
    "title",
    "to",
    "updated",
    "updates",
    "verification_result",
    "will_confirm",
    "~attach",
    "~please_ack",
    "~transport",
];

/// Names that stand deeper inside.
const INNER: &[&str] = &[
    "@id",
    "@type",
    "DID",
    "DIDDoc",
    "action",
    "attach_id",
    "attributes",
    "base64",
    "code",
    "data",
    "en",
    "feature-type",
    "format",
    "header",
    "id",
    "json",
    "jws",
    "kid",
    "limit",
    "match",
    "message",
    "mime-type",
    "name",
    "offset",
    "pid",
    "protected",
    "recipient_key",
    "remaining",
    "result",
    "roles",
    "sig_data",
    "signature",
    "signatures",
    "signer",
    "title",
    "value",
];

const TEXTS: &[&str] = &[
    "",
    "*",
    "add",
    "remove",
    "success",
    "server_error",
    "protocol",
    "did:peer:2.",
    "did:peer:4z",
    "did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV",
    "8HJkizGZMEnTcQYSo9ZKJYEWMiHPnd6xRSYcRKAbA5W7",
    "e30",
    "e30=",
    "\u{1b}[2J",
    "{}",
    "https://didcomm.org/signature/1.0/ed25519Sha512_single",
    "indy",
    "hlindy/cred-abstract@v2.0",
    "hlindy/proof-req@v2.0",
    "indy-anoncreds",
    "indy::a:4::7",
    "a::b::4294967296",
    "true",
];

/// Any JSON that is not too big.
pub(super) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(TEXTS).prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            collection::vec((select(INNER), inner), 0..5).prop_map(|entries| {
                let entries = entries.into_iter().map(|(name, it)| (name.to_owned(), it));
                Value::Object(entries.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// Any message of the protocol, version and name that is given as `trust_ping/1/ping`.
pub(super) fn message_of(kind: &str) -> impl Strategy<Value = Message> + use<> {
    let (family, name) = kind.rsplit_once('/').unwrap();
    let kind = format!("https://didcomm.org/{family}.0/{name}");
    let fields = collection::vec((select(FIELDS), json()), 0..8);
    (fields, json()).prop_map(move |(fields, thread)| {
        let mut all: Map<_, _> =
            fields.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
        all.insert("@type".to_owned(), json!(kind));
        all.insert("@id".to_owned(), json!("1"));
        all.insert("~thread".to_owned(), thread);
        Message::from_fields(all).unwrap()
    })
}
