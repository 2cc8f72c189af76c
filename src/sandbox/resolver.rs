//! The documents of the parties' public DIDs: each at its own place, and all at a universal resolver.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use super::desk::PublicDid;

/// Where documents are found.
pub(super) fn router(dids: &[Arc<PublicDid>]) -> Router {
    let everybody: Arc<[_]> = dids.into();
    let resolver = Router::new().route("/1.0/identifiers/{did}", get(resolve));
    dids.iter().fold(resolver.with_state(everybody), |router, one| {
        let folder = one.did().rsplit(':').next().unwrap_or_default();
        let document = one.document(one.did());
        router.route(
            &format!("/{folder}/did.json"),
            get(async move || ([(header::CONTENT_TYPE, "application/did+json")], Json(document))),
        )
    })
}

async fn resolve(State(dids): State<Arc<[Arc<PublicDid>]>>, Path(did): Path<String>) -> Response {
    const RESULT: &str = "application/ld+json;profile=\"https://w3id.org/did-resolution\"";
    let document = dids.iter().find_map(|it| it.document(&did));
    let (status, error) = match &document {
        Some(_) => (StatusCode::OK, None),
        None => (StatusCode::NOT_FOUND, Some("notFound")),
    };
    let metadata = match error {
        Some(error) => json!({ "error": error }),
        None => json!({ "contentType": "application/did+json" }),
    };
    let result = json!({
        "didDocument": document,
        "didResolutionMetadata": metadata,
        "didDocumentMetadata": {},
    });
    (status, [(header::CONTENT_TYPE, RESULT)], Json(result)).into_response()
}
