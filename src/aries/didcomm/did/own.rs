//! DIDs of ours: a key and a way to reach it, written the way ACA-Py writes its own.

use serde::Serialize;
use serde_json::{Value, json};

use super::peer;
use crate::aries::didcomm::{Verkey, base64};

/// How a DID of ours is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DidMethod {
    /// `did:peer:4`, long form.
    #[default]
    Peer4,
    /// `did:peer:2`.
    Peer2,
    /// The first 16 bytes of the key in base58, with an `IndyAgent` document that is attached.
    Unqualified,
}

/// A DID of ours, made for one connection.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnDid {
    /// The DID, in its long form.
    pub did: String,
    /// The document, where the DID does not carry it.
    pub document: Option<Value>,
}

impl OwnDid {
    /// Makes the DID of a key that is reached at `endpoint` through `routing`.
    #[must_use]
    pub fn new(method: DidMethod, key: &Verkey, endpoint: &str, routing: &[Verkey]) -> Self {
        match method {
            DidMethod::Peer4 => Self { did: peer4(key, endpoint, routing), document: None },
            DidMethod::Peer2 => Self { did: peer2(key, endpoint, routing), document: None },
            DidMethod::Unqualified => unqualified(key, endpoint, routing),
        }
    }
}

/// What a `did:peer:4` carries; the fields are in ACA-Py's order.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "@context")]
    context: [&'a str; 2],
    #[serde(rename = "verificationMethod")]
    keys: [Multikey; 1],
    authentication: [&'a str; 1],
    #[serde(rename = "keyAgreement")]
    agreement: [&'a str; 1],
    service: [Long<'a>; 1],
}

#[derive(Serialize)]
struct Multikey {
    id: &'static str,
    r#type: &'static str,
    #[serde(rename = "publicKeyMultibase")]
    fingerprint: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Long<'a> {
    id: &'a str,
    r#type: &'a str,
    recipient_keys: [&'a str; 1],
    routing_keys: Vec<String>,
    service_endpoint: &'a str,
    priority: u8,
}

/// The service of a `did:peer:2`, whose well-known names are abbreviated.
#[derive(Serialize)]
struct Short<'a> {
    id: &'a str,
    t: &'a str,
    priority: u8,
    #[serde(rename = "recipientKeys")]
    recipients: [&'a str; 1],
    r: Vec<String>,
    s: &'a str,
}

const SERVICE: &str = "#didcomm-0";
const TYPE: &str = "did-communication";

fn peer4(key: &Verkey, endpoint: &str, routing: &[Verkey]) -> String {
    let document = Document {
        context: ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        keys: [Multikey { id: "#key-0", r#type: "Multikey", fingerprint: key.fingerprint() }],
        authentication: ["#key-0"],
        agreement: ["#key-0"],
        service: [Long {
            id: SERVICE,
            r#type: TYPE,
            recipient_keys: ["#key-0"],
            routing_keys: urls(routing),
            service_endpoint: endpoint,
            priority: 0,
        }],
    };
    peer::write4(&serde_json::to_vec(&document).expect("texts can be written as JSON"))
}

fn peer2(key: &Verkey, endpoint: &str, routing: &[Verkey]) -> String {
    let service = Short {
        id: SERVICE,
        t: TYPE,
        priority: 0,
        recipients: ["#key-1"],
        r: urls(routing),
        s: endpoint,
    };
    let service = serde_json::to_vec(&service).expect("texts can be written as JSON");
    let agreement = key.agreement().map(|key| peer::agreement_fingerprint(key.as_bytes()));
    let agreement = agreement.map(|it| format!(".E{it}")).unwrap_or_default();
    let service = base64::encode(service);
    format!("{}.V{}{agreement}.S{service}", peer::PEER2, key.fingerprint())
}

fn unqualified(key: &Verkey, endpoint: &str, routing: &[Verkey]) -> OwnDid {
    let did = bs58::encode(&key.as_bytes()[..16]).into_string();
    let (id, verkey) = (format!("did:sov:{did}"), key.to_string());
    let mut service = json!({
        "id": format!("{id};indy"),
        "type": "IndyAgent",
        "priority": 0,
        "recipientKeys": [&verkey],
        "serviceEndpoint": endpoint,
    });
    if !routing.is_empty() {
        service["routingKeys"] = routing.iter().map(Verkey::to_string).collect();
    }
    let document = json!({
        "@context": "https://w3id.org/did/v1",
        "id": id,
        "publicKey": [{
            "id": format!("{id}#1"),
            "type": "Ed25519VerificationKey2018",
            "controller": id,
            "publicKeyBase58": verkey,
        }],
        "authentication": [{
            "type": "Ed25519SignatureAuthentication2018",
            "publicKey": format!("{id}#1"),
        }],
        "service": [service],
    });
    OwnDid { did, document: Some(document) }
}

/// ACA-Py dereferences routing keys, so they are DID URLs rather than keys.
fn urls(routing: &[Verkey]) -> Vec<String> {
    routing.iter().map(Verkey::did_key_url).collect()
}
