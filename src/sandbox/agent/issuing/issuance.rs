//! Where an exchange that issues stands, and how the admin API shows it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::exchanges::Exchange;
use crate::{
    aries::{
        anoncreds::CredentialOffer,
        didcomm::Message,
        protocol::{Format, issue_credential::Issuer},
    },
    sandbox::desk::now,
};

/// Where one exchange stands.
pub(in super::super) struct Issuance {
    pub(super) machine: Issuer,
    /// Until it is answered.
    pub(super) offer: Option<CredentialOffer>,
    pub(super) values: BTreeMap<String, String>,
    /// The offer as it is sent, until it is attached to an invitation.
    pub(super) message: Option<Message>,
    /// The registry and the index of what was issued.
    pub(super) place: Option<(String, u32)>,
    state: State,
    error: Option<String>,
    updated_at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Offered,
    Requested,
    Issued,
    Done,
    Abandoned,
}

impl State {
    /// As the records of RFC 0453 and RFC 0036 say it.
    pub(super) const fn name(self, format: Format) -> &'static str {
        match (format, self) {
            (Format::LibIndy, Self::Offered) => "offer_sent",
            (Format::LibIndy, Self::Requested) => "request_received",
            (Format::LibIndy, Self::Issued) => "credential_issued",
            (Format::LibIndy, Self::Done) => "credential_acked",
            (Format::Indy | Format::AnonCreds, Self::Offered) => "offer-sent",
            (Format::Indy | Format::AnonCreds, Self::Requested) => "request-received",
            (Format::Indy | Format::AnonCreds, Self::Issued) => "credential-issued",
            (Format::Indy | Format::AnonCreds, Self::Done) => "done",
            (_, Self::Abandoned) => "abandoned",
        }
    }
}

impl Issuance {
    pub(super) fn offered(
        machine: Issuer,
        offer: CredentialOffer,
        values: BTreeMap<String, String>,
    ) -> Self {
        let (state, updated_at) = (State::Offered, now());
        let (message, place, error) = (None, None, None);
        Self { machine, offer: Some(offer), values, message, place, state, error, updated_at }
    }

    pub(super) fn goes_to(&mut self, state: State) {
        self.state = state;
        self.updated_at = now();
    }

    pub(super) fn end(&mut self, state: State, error: Option<String>) {
        self.goes_to(state);
        self.error = error;
        self.offer = None;
    }
}

/// What the admin API shows of an exchange, without its formats.
pub(super) fn record(exchange: &Exchange<Issuance>) -> Value {
    let issuance = exchange.standing();
    let Issuance { state, error, updated_at, place, .. } = &*issuance;
    let id = match exchange.format {
        Format::LibIndy => "credential_exchange_id",
        Format::Indy | Format::AnonCreds => "cred_ex_id",
    };
    let mut record = json!({
        id: exchange.id,
        "connection_id": exchange.connection_id,
        "thread_id": exchange.thread,
        "state": state.name(exchange.format),
        "initiator": if exchange.proposed { "external" } else { "self" },
        "role": "issuer",
        "auto_issue": true,
        "auto_offer": exchange.proposed,
        "auto_remove": exchange.auto_remove,
        "trace": false,
        "error_msg": error,
        "created_at": exchange.created_at,
        "updated_at": updated_at,
    });
    if exchange.format == Format::LibIndy
        && let Some((registry, index)) = place
    {
        record["revoc_reg_id"] = json!(registry);
        record["revocation_id"] = json!(index.to_string());
    }
    record
}

/// A record with what its formats say of it.
pub(super) fn detailed(format: Format, record: Value, place: Option<(&str, u32)>) -> Value {
    let details = place.map(|(registry, index)| {
        json!({
            "cred_ex_id": record["cred_ex_id"],
            "rev_reg_id": registry,
            "cred_rev_id": index.to_string(),
        })
    });
    match format {
        Format::LibIndy => record,
        Format::Indy => json!({ "cred_ex_record": record, "indy": details, "anoncreds": null }),
        Format::AnonCreds => {
            json!({ "cred_ex_record": record, "anoncreds": details, "indy": null })
        }
    }
}
