//! What an agent does for a living.

use std::sync::Arc;

use axum::Router;

use super::{Other, admin::Denied, issuing::Issuing, verifying::Verifying};
use crate::{
    aries::{
        didcomm::{Kind, Message},
        protocol::discover::Feature,
    },
    quantity::shortened,
    sandbox::desk::Refused,
};

/// Issuing or verifying.
#[derive(Clone)]
pub(in super::super) enum Trade {
    Issuing(Arc<Issuing>),
    Verifying(Arc<Verifying>),
}

/// What an issuer can do beside what all agents can.
pub(in super::super) const ISSUES: &[Feature] = &[
    Feature { protocol: "https://didcomm.org/issue-credential/1.0", roles: &["issuer"] },
    Feature { protocol: "https://didcomm.org/issue-credential/2.0", roles: &["issuer"] },
    Feature { protocol: "https://didcomm.org/revocation_notification/1.0", roles: &["issuer"] },
    Feature { protocol: "https://didcomm.org/revocation_notification/2.0", roles: &["issuer"] },
];

/// What a verifier can do beside what all agents can.
pub(in super::super) const VERIFIES: &[Feature] = &[
    Feature { protocol: "https://didcomm.org/present-proof/1.0", roles: &["verifier"] },
    Feature { protocol: "https://didcomm.org/present-proof/2.0", roles: &["verifier"] },
];

impl Trade {
    /// Whether a message belongs to it.
    pub(super) fn is_of(&self, kind: &Kind) -> bool {
        match self {
            Self::Issuing(_) => kind.protocol == "issue-credential",
            Self::Verifying(_) => kind.protocol == "present-proof",
        }
    }

    /// Takes a message; says what is to be answered.
    pub(super) async fn hear(
        &self,
        other: &Other,
        message: &Message,
    ) -> Result<Option<Message>, Refused> {
        match self {
            Self::Issuing(issuing) => issuing.hear(other, message).await,
            Self::Verifying(verifying) => verifying.hear(other, message).await,
        }
    }

    /// The first message of an exchange that is to be attached to an invitation.
    pub(super) fn first_message(&self, id: &str, kind: &str) -> Result<Message, Denied> {
        match (self, kind) {
            (Self::Issuing(issuing), "credential-offer") => issuing.first_message(id),
            (Self::Verifying(verifying), "present-proof") => verifying.first_message(id),
            (Self::Issuing(_) | Self::Verifying(_), _) => {
                let kind = shortened(kind);
                Err(Denied::Malformed(format!("Unknown attachment type: {kind}")))
            }
        }
    }

    /// Notes that it is attached; says whether it was to no other invitation.
    pub(super) fn attach(&self, id: &str, invitation: &str) -> bool {
        match self {
            Self::Issuing(issuing) => issuing.exchanges.attach(id, invitation),
            Self::Verifying(verifying) => verifying.exchanges.attach(id, invitation),
        }
    }

    /// The paths of the admin API that belong to it.
    pub(super) fn routes(&self) -> Router {
        match self {
            Self::Issuing(issuing) => issuing.routes(),
            Self::Verifying(verifying) => verifying.routes(),
        }
    }
}
