//! The registry's doors: whatever is published, for everybody.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::json;

use super::{Ledger, issuer};

type Shared = State<Arc<Ledger>>;

impl Ledger {
    /// Its routes, below `/registry`.
    pub(in super::super) fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/schemas/{id}", get(schema))
            .route("/credential-definitions/{id}", get(definition))
            .route("/revocation-registries/{id}", get(registry))
            .route("/status-lists/{id}", get(list))
            .route("/tails/{hash}", get(tails))
            .with_state(Arc::clone(self))
    }
}

async fn schema(State(ledger): Shared, Path(id): Path<String>) -> Response {
    if id != issuer().published().schema_id {
        return nothing("schema");
    }
    ledger.counts.reads.schemas.one();
    Json(issuer().definition().schema()).into_response()
}

async fn definition(State(ledger): Shared, Path(id): Path<String>) -> Response {
    if id != issuer().definition().id() {
        return nothing("credential definition");
    }
    ledger.counts.reads.definitions.one();
    Json(issuer().published()).into_response()
}

async fn registry(State(ledger): Shared, Path(id): Path<String>) -> Response {
    let Some(registry) = ledger.registry(&id) else { return nothing("revocation registry") };
    ledger.counts.reads.registries.one();
    Json(registry.published()).into_response()
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
    let Some(registry) = ledger.registry(&id) else { return nothing("revocation registry") };
    ledger.counts.reads.lists.one();
    Json(registry.list(until.to)).into_response()
}

async fn tails(State(ledger): Shared, Path(hash): Path<String>) -> Response {
    let tails = ledger.registries().tails.get(&hash).cloned();
    let Some(tails) = tails else { return nothing("tails file") };
    ledger.counts.reads.tails.one();
    ([(header::CONTENT_TYPE, "application/octet-stream")], tails).into_response()
}

fn nothing(what: &str) -> Response {
    let error = json!({ "error": format!("no such {what} is published here") });
    (StatusCode::NOT_FOUND, Json(error)).into_response()
}
