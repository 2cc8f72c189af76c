//! Where an exchange that verifies stands, and how the admin API shows it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{super::exchanges::Exchange, Presented};
use crate::{
    aries::{
        anoncreds::PresentationRequest,
        didcomm::Message,
        protocol::{Format, present_proof::Verifier},
    },
    sandbox::{agent::Other, desk::now},
};

/// Where one exchange stands.
pub(in super::super) struct Inquiry {
    pub(super) machine: Verifier,
    pub(super) request: Arc<PresentationRequest>,
    /// The request as it is written.
    asked: Value,
    pub(super) auto_verify: bool,
    /// The request as it is sent, until it is attached to an invitation.
    pub(super) message: Option<Message>,
    pub(super) presented: Option<Presented>,
    /// Who presented, to be told later.
    pub(super) other: Option<Other>,
    pub(super) verified: Option<bool>,
    state: State,
    error: Option<String>,
    updated_at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Asked,
    Presented,
    Done,
    Abandoned,
}

impl State {
    /// As the records of RFC 0454 and RFC 0037 say it.
    const fn name(self, format: Format) -> &'static str {
        match (format, self) {
            (Format::LibIndy, Self::Asked) => "request_sent",
            (Format::LibIndy, Self::Presented) => "presentation_received",
            (Format::LibIndy, Self::Done) => "verified",
            (Format::Indy | Format::AnonCreds, Self::Asked) => "request-sent",
            (Format::Indy | Format::AnonCreds, Self::Presented) => "presentation-received",
            (Format::Indy | Format::AnonCreds, Self::Done) => "done",
            (_, Self::Abandoned) => "abandoned",
        }
    }
}

impl Inquiry {
    pub(super) fn new(machine: Verifier, request: PresentationRequest, asked: Value) -> Self {
        Self {
            machine,
            request: Arc::new(request),
            asked,
            auto_verify: true,
            message: None,
            presented: None,
            other: None,
            verified: None,
            state: State::Asked,
            error: None,
            updated_at: now(),
        }
    }

    pub(super) fn goes_to(&mut self, state: State) {
        self.state = state;
        self.updated_at = now();
    }

    pub(super) fn abandon(&mut self, error: String) {
        self.goes_to(State::Abandoned);
        self.presented = None;
        self.error = Some(error);
    }
}

/// What the admin API shows of an exchange.
pub(super) fn record(exchange: &Exchange<Inquiry>) -> Value {
    let inquiry = exchange.standing();
    let Inquiry { asked, auto_verify, verified, state, error, updated_at, .. } = &*inquiry;
    let id = match exchange.format {
        Format::LibIndy => "presentation_exchange_id",
        Format::Indy | Format::AnonCreds => "pres_ex_id",
    };
    let mut record = json!({
        id: exchange.id,
        "connection_id": exchange.connection_id,
        "thread_id": exchange.thread,
        "state": state.name(exchange.format),
        "initiator": "self",
        "role": "verifier",
        "auto_verify": auto_verify,
        "auto_remove": exchange.auto_remove,
        "trace": false,
        "error_msg": error,
        "created_at": exchange.created_at,
        "updated_at": updated_at,
    });
    if let Some(verified) = verified {
        record["verified"] = json!(verified.to_string());
    }
    let (field, asked) = match exchange.format {
        Format::LibIndy => ("presentation_request", asked.clone()),
        Format::Indy => ("by_format", json!({ "pres_request": { "indy": asked } })),
        Format::AnonCreds => ("by_format", json!({ "pres_request": { "anoncreds": asked } })),
    };
    record[field] = asked;
    record
}
