//! DIDComm over HTTP: envelopes in, envelopes or errors out (RFC 0025).

use axum::{
    Json,
    extract::rejection::BytesRejection,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::json;

use super::{
    desk::Refused,
    post::{ENVELOPE, Undeliverable},
};

/// Largest envelope, in bytes: presentations take 75 KB, and a forward of one twice that.
pub(super) const MESSAGE_MAX: usize = 1 << 20;

/// The body of a request.
pub(super) type Body = Result<Bytes, BytesRejection>;

/// An envelope, or nothing.
pub(super) fn answer(envelope: Option<Bytes>) -> Response {
    match envelope {
        Some(envelope) => ([(header::CONTENT_TYPE, ENVELOPE)], envelope).into_response(),
        None => StatusCode::OK.into_response(),
    }
}

/// Why an envelope was not taken.
pub(super) fn refusal(error: &Refused) -> Response {
    let status = match error {
        Refused::Envelope(_)
        | Refused::NotForUs
        | Refused::Stranger
        | Refused::Key(_)
        | Refused::Message(_)
        | Refused::Protocol(_)
        | Refused::NoDocument
        | Refused::OutOfTurn(_)
        | Refused::NotInvited
        | Refused::Unreadable(..)
        | Refused::NoRoute(_) => StatusCode::BAD_REQUEST,
        Refused::Full => StatusCode::INSUFFICIENT_STORAGE,
        Refused::Journal(_) | Refused::Ledger(_) | Refused::Panicked => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        Refused::Busy | Refused::Undeliverable(Undeliverable::Busy | Undeliverable::NoEndpoint) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    (status, Json(json!({ "error": error.to_string() }))).into_response()
}

/// Why a body could not be read.
pub(super) fn unreadable(rejection: &BytesRejection) -> Response {
    (rejection.status(), Json(json!({ "error": rejection.body_text() }))).into_response()
}
