//! The registry's doors: whatever is published, for everybody, and where others publish.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::{
    Ledger, WriteError,
    writing::{Publication, TAILS_BYTES_MAX},
};
use crate::{
    aries::ledger::Document,
    sandbox::{counts::Reads, wire},
};

type Shared = State<Arc<Ledger>>;

impl Ledger {
    /// Its routes, below `/registry`.
    pub(in super::super) fn router(self: &Arc<Self>) -> Router {
        let tails = documents(Document::Tails).layer(DefaultBodyLimit::max(TAILS_BYTES_MAX));
        Router::new()
            .route("/schemas/{id}", documents(Document::Schema))
            .route("/credential-definitions/{id}", documents(Document::Definition))
            .route("/revocation-registries/{id}", documents(Document::Registry))
            .route("/status-lists/{id}", get(list).put(put_list))
            .route("/tails/{id}", tails)
            .with_state(Arc::clone(self))
    }
}

/// What never changes.
fn documents(document: Document) -> MethodRouter<Arc<Ledger>> {
    let read = async move |State(ledger): Shared, Path(id): Path<String>| {
        let Some(bytes) = ledger.published(document, &id) else { return nothing(document) };
        count(&ledger.counts.reads, document);
        (StatusCode::OK, content_type(document), bytes).into_response()
    };
    let put = async move |State(ledger): Shared, Path(id): Path<String>, body: wire::Body| {
        let body = match body {
            Ok(body) => body,
            Err(rejection) => return wire::unreadable(&rejection),
        };
        // What is kept is also served, whether whoever published it is still there.
        let put = tokio::spawn(async move { ledger.put(document, id, body).await });
        answer(document, put.await.unwrap_or(Err(WriteError::Panicked)))
    };
    get(read).put(put)
}

#[derive(Deserialize)]
struct Until {
    to: Option<u64>,
}

async fn list(
    State(ledger): Shared,
    Path(id): Path<String>,
    until: Result<Query<Until>, QueryRejection>,
) -> Response {
    let until = match until {
        Ok(Query(until)) => until,
        Err(rejection) => {
            let error = json!({ "error": rejection.body_text() });
            return (StatusCode::BAD_REQUEST, Json(error)).into_response();
        }
    };
    let list = match ledger.registry(&id) {
        Some(registry) => Some(registry.list(until.to)),
        None => ledger.shelf().registry(&id).and_then(|registry| registry.list(until.to)),
    };
    let Some(list) = list else { return nothing(Document::List) };
    ledger.counts.reads.lists.one();
    Json(list).into_response()
}

async fn put_list(State(ledger): Shared, Path(id): Path<String>, body: wire::Body) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return wire::unreadable(&rejection),
    };
    let put = tokio::spawn(async move { ledger.put_list(id, body).await });
    answer(Document::List, put.await.unwrap_or(Err(WriteError::Panicked)))
}

fn answer(document: Document, put: Result<Publication, WriteError>) -> Response {
    let (status, bytes) = match put {
        Ok(Publication::New(bytes)) => (StatusCode::CREATED, bytes),
        Ok(Publication::Known(bytes)) => (StatusCode::OK, bytes),
        Err(error) => return refusal(&error),
    };
    // Whoever sent eight megabytes has them.
    let bytes = if document == Document::Tails { Bytes::new() } else { bytes };
    (status, content_type(document), bytes).into_response()
}

fn refusal(error: &WriteError) -> Response {
    let status = match error {
        WriteError::Closed | WriteError::Own { .. } => StatusCode::FORBIDDEN,
        WriteError::NoId | WriteError::Unsound { .. } | WriteError::Future { .. } => {
            StatusCode::BAD_REQUEST
        }
        WriteError::NoRegistry { .. } => StatusCode::NOT_FOUND,
        WriteError::Differs { .. } | WriteError::Older { .. } => StatusCode::CONFLICT,
        WriteError::Full { .. } => StatusCode::INSUFFICIENT_STORAGE,
        WriteError::Journal(_) | WriteError::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, Json(json!({ "error": error.to_string() }))).into_response()
}

fn content_type(document: Document) -> [(header::HeaderName, &'static str); 1] {
    let json = document != Document::Tails;
    let content_type = if json { "application/json" } else { "application/octet-stream" };
    [(header::CONTENT_TYPE, content_type)]
}

fn count(reads: &Reads, document: Document) {
    let count = match document {
        Document::Schema => &reads.schemas,
        Document::Definition => &reads.definitions,
        Document::Registry => &reads.registries,
        Document::Tails => &reads.tails,
        Document::List => &reads.lists,
    };
    count.one();
}

fn nothing(document: Document) -> Response {
    let error = json!({ "error": format!("no such {document} is published here") });
    (StatusCode::NOT_FOUND, Json(error)).into_response()
}
