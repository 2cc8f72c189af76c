//! Requests for presentations, and what has become of them.

use serde_json::{Value, json};

use super::{
    super::{answer::Exchange, gate::Question, watch::Watch},
    exchanges::{Exchanges, Protocol},
};
use crate::aries::transport::text::percent;

/// Where a record has what the verifier found.
pub(in super::super) const VERIFIED: &str = "/verified";

impl Exchanges {
    /// Asks for a request along a connection, or for one that belongs to none yet.
    pub(in super::super) fn request(
        &self,
        connection_id: Option<&str>,
        request: &Value,
    ) -> Question {
        let (protocol, mut body) = match self.protocol {
            Protocol::V1 => ("present-proof", json!({ "proof_request": request })),
            Protocol::V2 => (
                "present-proof-2.0",
                json!({ "presentation_request": { self.format.name(): request } }),
            ),
        };
        body["auto_verify"] = true.into();
        body["auto_remove"] = self.auto_remove.into();
        let Some(connection_id) = connection_id else {
            return Question::post(format!("/{protocol}/create-request"), body);
        };
        body["connection_id"] = connection_id.into();
        Question::post(format!("/{protocol}/send-request"), body)
    }

    /// Where the answer to a request names its exchange.
    pub(in super::super) fn requested(&self) -> &'static str {
        match self.protocol {
            Protocol::V1 => "/presentation_exchange_id",
            Protocol::V2 => "/pres_ex_id",
        }
    }

    /// Looks whether the verifier has made up its mind.
    pub(in super::super) fn verification(&self, exchange: &Exchange) -> Watch<'static> {
        let id = percent(&exchange.id);
        let (path, is) = match self.protocol {
            Protocol::V1 => (format!("/present-proof/records/{id}"), vec!["verified"]),
            Protocol::V2 => (format!("/present-proof-2.0/records/{id}"), vec!["done"]),
        };
        Watch { question: Question::get(path), state: "/state", is, reason: Some("/error_msg") }
    }
}
