//! An invitation of one of the sandbox's parties, and how it is written.

use std::sync::atomic::{AtomicBool, Ordering};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    aries::didcomm::{KeyPair, invitation::Handshake},
    sandbox::journal::InvitationRow,
};

/// An invitation that may be answered.
pub(in super::super) struct Invitation {
    pub(in super::super) id: String,
    pub(in super::super) key: KeyPair,
    pub(in super::super) details: Terms,
    taken: AtomicBool,
}

/// What it says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in super::super) struct Terms {
    pub(in super::super) label: String,
    pub(in super::super) alias: Option<String>,
    /// The protocols by which it may be answered, such as `didexchange/1.1`.
    pub(in super::super) handshakes: Vec<String>,
    /// The connection that it becomes; one for many becomes a new one each time.
    pub(in super::super) becomes: Option<(i64, String)>,
    pub(in super::super) created_at: String,
}

impl Invitation {
    pub(in super::super) fn new(id: String, key: KeyPair, details: Terms) -> Self {
        Self { id, key, details, taken: AtomicBool::new(false) }
    }

    /// Takes an invitation for one; says whether nobody had.
    pub(super) fn take(&self) -> bool {
        self.details.becomes.is_none() || !self.taken.swap(true, Ordering::Relaxed)
    }

    /// Gives it back when nothing came of it.
    pub(super) fn give_back(&self) {
        self.taken.store(false, Ordering::Relaxed);
    }

    pub(super) fn allows(&self, protocol: &str) -> bool {
        self.details.handshakes.iter().any(|it| it == protocol)
    }

    pub(super) fn row(&self, desk: &str) -> InvitationRow {
        InvitationRow {
            desk: desk.to_owned(),
            id: self.id.clone(),
            seed: *self.key.seed(),
            details: serde_json::to_string(&self.details).expect("text can be written as JSON"),
        }
    }

    /// An invitation as kept.
    pub(super) fn of(row: InvitationRow) -> serde_json::Result<Self> {
        let details = serde_json::from_str(&row.details)?;
        Ok(Self::new(row.id, KeyPair::from_seed(row.seed), details))
    }

    /// The out-of-band invitation (RFC 0434) to these endpoints.
    pub(in super::super) fn out_of_band(&self, endpoints: &[&str]) -> Value {
        let key = self.key.verkey().did_key_url();
        let handshakes: Vec<_> =
            self.details.handshakes.iter().map(|it| format!("https://didcomm.org/{it}")).collect();
        let services: Vec<_> = (endpoints.iter().enumerate())
            .map(|(n, endpoint)| {
                let id = if n == 0 { "#inline".to_owned() } else { format!("#inline-{n}") };
                json!({
                    "id": id,
                    "type": "did-communication",
                    "recipientKeys": [key],
                    "serviceEndpoint": endpoint,
                })
            })
            .collect();
        json!({
            "@type": "https://didcomm.org/out-of-band/1.1/invitation",
            "@id": self.id,
            "label": self.details.label,
            "handshake_protocols": handshakes,
            "services": services,
        })
    }

    /// The invitation of connections 1.0 (RFC 0160) to this endpoint.
    pub(in super::super) fn legacy(&self, endpoint: &str) -> Value {
        json!({
            "@type": "https://didcomm.org/connections/1.0/invitation",
            "@id": self.id,
            "label": self.details.label,
            "recipientKeys": [self.key.verkey().to_string()],
            "serviceEndpoint": endpoint,
        })
    }
}

/// A URL that carries an invitation.
pub(in super::super) fn url(endpoint: &str, parameter: &str, invitation: &Value) -> String {
    format!("{endpoint}?{parameter}={}", BASE64_URL_SAFE_NO_PAD.encode(invitation.to_string()))
}

/// A handshake as discovery names it, without the prefix.
pub(in super::super) fn name(handshake: Handshake) -> &'static str {
    match handshake {
        Handshake::Connections1_0 => "connections/1.0",
        Handshake::DidExchange1_0 => "didexchange/1.0",
        Handshake::DidExchange1_1 => "didexchange/1.1",
    }
}
