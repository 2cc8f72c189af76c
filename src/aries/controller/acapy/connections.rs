//! Invitations, connections, and what goes over them.

use serde_json::{Value, json};

use super::super::{
    answer::{Answered, Exchange, Invited},
    error::ControllerError,
    gate::Question,
    watch::Watch,
};
use crate::aries::transport::text::percent;

/// How invitations are to be.
#[derive(Clone)]
pub(in super::super) struct Invitations {
    /// Protocols by which they may be answered, the favourite first; as URIs.
    pub(in super::super) handshakes: Vec<String>,
    /// Whether many may answer one.
    pub(in super::super) multi_use: bool,
    /// Whether they are those of connections 1.0 (RFC 0160) and not out-of-band ones (RFC 0434).
    pub(in super::super) legacy: bool,
    /// Whether they name the system's public DID instead of a key and an endpoint.
    pub(in super::super) public_did: bool,
}

impl Invitations {
    pub(in super::super) fn question(&self, label: &str) -> Question {
        let many = if self.multi_use { "&multi_use=true" } else { "" };
        if self.legacy {
            let alias = percent(label);
            let path = "/connections/create-invitation";
            return Question::post(
                format!("{path}?alias={alias}&auto_accept=true{many}"),
                json!({}),
            );
        }
        let mut body = json!({ "alias": label, "handshake_protocols": self.handshakes });
        if self.public_did {
            body["use_public_did"] = true.into();
        }
        Question::post(format!("/out-of-band/create-invitation?auto_accept=true{many}"), body)
    }

    /// Asks for an invitation that holds a request and leads to no connection.
    pub(in super::super) fn holding(&self, request: &Exchange, label: &str) -> Question {
        let attachment = json!({ "id": request.id, "type": "present-proof" });
        let mut body = json!({ "alias": label, "attachments": [attachment] });
        if self.public_did {
            body["use_public_did"] = true.into();
        }
        Question::post("/out-of-band/create-invitation", body)
    }

    pub(in super::super) fn read(&self, mut answer: Answered) -> Result<Invited, ControllerError> {
        let connection_id = answer.id("/connection_id").filter(|_| !self.multi_use);
        let invitation_id = answer.id("/invi_msg_id");
        let invitation = answer.invitation(&["/invitation", "/invitation_url"])?;
        Ok(Invited { invitation, connection_id, invitation_id })
    }
}

/// Asks which connection an invitation leads to.
pub(in super::super) fn connection_of(invitation_id: &str) -> Question {
    Question::get(format!("/connections?invitation_msg_id={}", percent(invitation_id)))
}

/// Asks which connection is with the owner of a DID.
pub(in super::super) fn connection_with(did: &str) -> Question {
    Question::get(format!("/connections?their_did={}", percent(did)))
}

/// Where the answers to these name the connection.
pub(in super::super) const CONNECTION_ID: &str = "/results/0/connection_id";

/// Looks whether a connection is ready.
pub(in super::super) fn readiness(connection_id: &str) -> Watch<'static> {
    Watch {
        question: Question::get(format!("/connections/{}", percent(connection_id))),
        state: "/state",
        // Of the two ends it depends on protocol and version which one says "active".
        is: vec!["active", "completed"],
        reason: None,
    }
}

pub(in super::super) fn message(connection_id: &str, content: &str) -> Question {
    let path = format!("/connections/{}/send-message", percent(connection_id));
    Question::post(path, json!({ "content": content }))
}

pub(in super::super) fn ping(connection_id: &str) -> Question {
    Question::post(format!("/connections/{}/send-ping", percent(connection_id)), json!({}))
}

pub(in super::super) fn menu(connection_id: &str, menu: &Value) -> Question {
    let path = format!("/action-menu/{}/send-menu", percent(connection_id));
    Question::post(path, json!({ "menu": menu }))
}

pub(in super::super) fn live() -> Question {
    Question::get("/status/live")
}
