//! Offers, revocations, and how an issuance stands.

use serde_json::{Value, json};

use super::{
    super::{
        answer::Exchange,
        credentials::{CredentialOrder, Revocation},
        error::ControllerError,
        gate::Question,
        watch::Watch,
    },
    exchanges::{Exchanges, Protocol, Publish, Wallet},
};
use crate::aries::transport::text::percent;

/// Where an issuer lists its credential definitions.
pub(in super::super) const DEFINITIONS: &str = "/credential_definition_ids";
/// Where it has the first of them.
pub(in super::super) const FIRST_DEFINITION: &str = "/credential_definition_ids/0";

impl Exchanges {
    /// Asks for an offer; the credential is issued when it is requested.
    pub(in super::super) fn offer(&self, connection_id: &str, order: &CredentialOrder) -> Question {
        let CredentialOrder { cred_def_id, attributes, comment } = order;
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let preview = |version: &str| {
            let preview =
                format!("https://didcomm.org/issue-credential/{version}/credential-preview");
            json!({ "@type": preview, "attributes": attributes })
        };
        let (path, mut body) = match self.protocol {
            Protocol::V1 => (
                "/issue-credential/send",
                json!({ "cred_def_id": cred_def_id, "credential_proposal": preview("1.0") }),
            ),
            Protocol::V2 => (
                "/issue-credential-2.0/send",
                json!({
                    "filter": { self.format.name(): { "cred_def_id": cred_def_id } },
                    "credential_preview": preview("2.0"),
                }),
            ),
        };
        body["connection_id"] = connection_id.into();
        body["auto_remove"] = self.auto_remove.into();
        comment_on(&mut body, comment);
        Question::post(path, body)
    }

    /// Where the answer to an offer names its exchange.
    pub(in super::super) fn offered(&self) -> &'static str {
        match self.protocol {
            Protocol::V1 => "/credential_exchange_id",
            Protocol::V2 => "/cred_ex_id",
        }
    }

    /// Looks whether the holder has the credential and has said so.
    pub(in super::super) fn issuance(&self, exchange: &Exchange) -> Watch<'static> {
        let id = percent(&exchange.id);
        match self.protocol {
            Protocol::V1 => Watch {
                question: Question::get(format!("/issue-credential/records/{id}")),
                state: "/state",
                is: vec!["credential_acked", "credential_revoked"],
                reason: Some("/error_msg"),
            },
            Protocol::V2 => Watch {
                question: Question::get(format!("/issue-credential-2.0/records/{id}")),
                state: "/cred_ex_record/state",
                is: vec!["done", "credential-revoked"],
                reason: Some("/cred_ex_record/error_msg"),
            },
        }
    }

    pub(in super::super) fn revocation(
        &self,
        what: &Revocation,
    ) -> Result<Question, ControllerError> {
        // Only one of the two may be told.
        let mut body = match (&what.exchange_id, &what.place) {
            (Some(exchange_id), _) => json!({ "cred_ex_id": exchange_id }),
            (None, Some((registry_id, index))) => {
                json!({ "rev_reg_id": registry_id, "cred_rev_id": index.to_string() })
            }
            (None, None) => return Err(ControllerError::Unnamed),
        };
        body["publish"] = (self.publish == Publish::AtOnce).into();
        // An agent with `--notify-revocation` notifies unless it is told not to.
        body["notify"] = self.notify.is_some().into();
        if let Some(version) = self.notify {
            body["notify_version"] = match version {
                Protocol::V1 => "v1_0".into(),
                Protocol::V2 => "v2_0".into(),
            };
            body["connection_id"] = what.connection_id.as_str().into();
            if let Some(thread_id) = &what.thread_id {
                body["thread_id"] = thread_id.as_str().into();
            }
            comment_on(&mut body, &what.comment);
        }
        Ok(Question::post(self.of_wallet("revocation/revoke"), body))
    }

    pub(in super::super) fn publication(&self) -> Question {
        Question::post(self.of_wallet("revocation/publish-revocations"), json!({}))
    }

    pub(in super::super) fn definitions(&self) -> Question {
        Question::get(match self.wallet {
            Wallet::Anoncreds => "/anoncreds/credential-definitions",
            Wallet::Askar => "/credential-definitions/created",
        })
    }

    fn of_wallet(&self, path: &str) -> String {
        match self.wallet {
            Wallet::Anoncreds => format!("/anoncreds/{path}"),
            Wallet::Askar => format!("/{path}"),
        }
    }
}

fn comment_on(body: &mut Value, comment: &str) {
    if !comment.is_empty() {
        body["comment"] = comment.into();
    }
}
