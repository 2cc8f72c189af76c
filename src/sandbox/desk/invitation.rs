//! An invitation of one of the sandbox's parties, and how it is written.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::{
    aries::didcomm::{
        KeyPair,
        did::Service,
        invitation::{self as didcomm, Handshake, Reach},
    },
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
    /// The protocols by which it may be answered, such as `https://didcomm.org/didexchange/1.1`.
    pub(in super::super) handshakes: Vec<String>,
    /// The connection that it becomes; one for many becomes a new one each time.
    pub(in super::super) becomes: Option<(i64, String)>,
    /// The DID that it names instead of a key and endpoints.
    #[serde(default)]
    pub(in super::super) public: Option<String>,
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

    pub(super) fn allows(&self, handshake: Handshake) -> bool {
        self.details.handshakes.iter().any(|it| it == handshake.uri())
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

    /// The invitation as it is written: to these endpoints or to the public DID, in the form of RFC 0434 or RFC 0160.
    pub(in super::super) fn written(
        &self,
        form: Form,
        endpoints: &[String],
    ) -> didcomm::Invitation {
        let service = |endpoint: &String| {
            Reach::Service(Service {
                recipients: vec![*self.key.verkey()],
                routing: Vec::new(),
                endpoint: endpoint.clone(),
                priority: 0,
            })
        };
        let services = match &self.details.public {
            Some(did) => vec![Reach::Did(did.clone())],
            None => endpoints.iter().map(service).collect(),
        };
        didcomm::Invitation {
            id: self.id.clone(),
            label: Some(self.details.label.clone()),
            handshakes: self
                .details
                .handshakes
                .iter()
                .filter_map(|it| Handshake::named(it))
                .collect(),
            services,
            attached: Vec::new(),
            out_of_band: form == Form::OutOfBand,
        }
    }
}

/// How an invitation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Form {
    /// As RFC 0434 has it.
    OutOfBand,
    /// As RFC 0160 has it.
    Connections,
}
