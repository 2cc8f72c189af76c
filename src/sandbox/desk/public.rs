//! Who a party is to everybody: its public DID, what else it is called, and where that leads.

use serde_json::{Value, json};

use super::{Invitation, Terms, now};
use crate::aries::didcomm::{KeyPair, invitation::Handshake};

/// A party's public DID; whoever knows it may write to the party, as if that had invited everybody.
pub(in super::super) struct PublicDid {
    /// What it is called: where its document lies, as on a ledger, and wherever the sandbox is.
    dids: [String; 3],
    pub(in super::super) key: KeyPair,
    /// The first is HTTP.
    pub(in super::super) endpoints: Vec<String>,
}

impl PublicDid {
    /// The DID of the party of this name, reached below `url`.
    pub(in super::super) fn new(url: &str, name: &str, key: KeyPair) -> Self {
        let host = url.trim_start_matches("http://").replace(':', "%3A");
        // An Indy ledger calls somebody by the first half of the key.
        let half = bs58::encode(&key.verkey().as_bytes()[..16]).into_string();
        let dids = [
            format!("did:web:{host}:{name}"),
            format!("did:sov:{half}"),
            format!("did:web:sandbox:{name}"),
        ];
        Self { dids, key, endpoints: vec![format!("{url}/{name}")] }
    }

    /// With a WebSocket beside the HTTP endpoint.
    pub(in super::super) fn with_socket(mut self) -> Self {
        self.endpoints.push(format!("{}/ws", self.endpoints[0].replacen("http", "ws", 1)));
        self
    }

    /// The DID that others are told.
    pub(in super::super) fn did(&self) -> &str {
        &self.dids[0]
    }

    /// Whether this is one of its DIDs, or a URL of one.
    pub(super) fn is_called(&self, did_url: &str) -> bool {
        let did = did_url.split(['#', '?', '/']).next().unwrap_or_default();
        self.dids.iter().any(|it| it == did)
    }

    /// The document of one of its DIDs, which a URL may have unescaped.
    pub(in super::super) fn document(&self, asked: &str) -> Option<Value> {
        let did = self.dids.iter().find(|it| *it == asked || it.replace("%3A", ":") == asked)?;
        let id = |fragment: &str| format!("{did}#{fragment}");
        let (signing, agreement) = (id("key-1"), id("key-agreement-1"));
        let agreed = bs58::encode(self.key.verkey().agreement().ok()?.to_bytes()).into_string();
        // Resolvers of ledgers name the key for agreement, agents the one that it is made of.
        let recipient = if did.starts_with("did:sov:") { &agreement } else { &signing };
        let services = (0..).zip(&self.endpoints).map(|(priority, endpoint)| {
            let scheme = endpoint.split(':').next().unwrap_or_default();
            json!({
                "id": id(&format!("did-communication-{scheme}")),
                "type": "did-communication",
                "priority": priority,
                "recipientKeys": [recipient],
                "routingKeys": [],
                "accept": ["didcomm/aip2;env=rfc19"],
                "serviceEndpoint": endpoint,
            })
        });
        let services: Vec<_> = services.collect();
        Some(json!({
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": did,
            "verificationMethod": [
                {
                    "id": signing,
                    "type": "Ed25519VerificationKey2018",
                    "controller": did,
                    "publicKeyBase58": self.key.verkey().to_string(),
                },
                {
                    "id": agreement,
                    "type": "X25519KeyAgreementKey2019",
                    "controller": did,
                    "publicKeyBase58": agreed,
                },
            ],
            "authentication": [signing],
            "assertionMethod": [signing],
            "keyAgreement": [agreement],
            "service": services,
        }))
    }

    /// The invitation that it stands for.
    pub(super) fn implicit(&self, label: &str) -> Invitation {
        let handshakes = [Handshake::DidExchange1_1, Handshake::DidExchange1_0];
        let terms = Terms {
            label: label.to_owned(),
            alias: None,
            handshakes: handshakes.map(|it| it.uri().to_owned()).into(),
            becomes: None,
            public: Some(self.did().to_owned()),
            created_at: now(),
        };
        Invitation::new(self.did().to_owned(), self.key.clone(), terms)
    }
}
