//! The paths of an issuer's admin API, of both versions.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use serde_json::Value;

use super::{
    Issuing,
    admin::{self, Issue, Order, OrderAsBefore},
};
use crate::sandbox::{
    agent::{admin::Denied, web::read},
    wire,
};

type Answer = Result<Json<Value>, Denied>;
type Shared = State<Arc<Issuing>>;

impl Issuing {
    /// Its routes, below `/issuer`.
    pub(in super::super) fn routes(self: &Arc<Self>) -> Router {
        let record = || get(shown).delete(remove);
        Router::new()
            .route("/issue-credential-2.0/send", post(send))
            .route("/issue-credential-2.0/send-offer", post(send))
            .route("/issue-credential-2.0/create-offer", post(create))
            .route("/issue-credential-2.0/records/{id}", record())
            .route("/issue-credential/send", post(send_as_before))
            .route("/issue-credential/send-offer", post(send_as_before))
            .route("/issue-credential/create-offer", post(create_as_before))
            .route("/issue-credential/records/{id}", record())
            .route("/anoncreds/credential-definitions", get(definitions))
            .route("/credential-definitions/created", get(definitions))
            .route("/anoncreds/revocation/revoke", post(revoke))
            .route("/revocation/revoke", post(revoke))
            .route("/anoncreds/revocation/publish-revocations", post(publish))
            .route("/revocation/publish-revocations", post(publish))
            .with_state(Arc::clone(self))
    }
}

async fn send(State(issuing): Shared, body: wire::Body) -> Answer {
    issuing.send(read::<Order>(body)?.try_into()?).map(Json)
}

async fn create(State(issuing): Shared, body: wire::Body) -> Answer {
    issuing.create(read::<Order>(body)?.try_into()?).map(Json)
}

async fn send_as_before(State(issuing): Shared, body: wire::Body) -> Answer {
    issuing.send(Issue::from(read::<OrderAsBefore>(body)?)).map(Json)
}

async fn create_as_before(State(issuing): Shared, body: wire::Body) -> Answer {
    issuing.create(Issue::from(read::<OrderAsBefore>(body)?)).map(Json)
}

async fn shown(State(issuing): Shared, Path(id): Path<String>) -> Answer {
    issuing.shown(&id).map(Json)
}

async fn remove(State(issuing): Shared, Path(id): Path<String>) -> Answer {
    issuing.remove(&id).map(Json)
}

async fn definitions() -> Json<Value> {
    Json(admin::definitions())
}

async fn revoke(State(issuing): Shared, body: wire::Body) -> Answer {
    issuing.revoke(read(body)?).await.map(Json)
}

async fn publish(State(issuing): Shared, body: wire::Body) -> Answer {
    let batch = match body {
        Ok(body) if body.is_empty() => super::revoking::Batch::default(),
        body => read(body)?,
    };
    issuing.publish(batch).await.map(Json)
}
