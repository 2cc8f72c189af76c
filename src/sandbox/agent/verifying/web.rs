//! The paths of a verifier's admin API, of both versions.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use serde_json::Value;

use super::{
    Verifying,
    admin::{Ask, Order, OrderAsBefore},
};
use crate::sandbox::{
    agent::{admin::Denied, web::read},
    wire,
};

type Answer = Result<Json<Value>, Denied>;
type Shared = State<Arc<Verifying>>;

impl Verifying {
    /// Its routes, below `/verifier`.
    pub(in super::super) fn routes(self: &Arc<Self>) -> Router {
        let record = || get(shown).delete(remove);
        Router::new()
            .route("/present-proof-2.0/send-request", post(send))
            .route("/present-proof-2.0/create-request", post(create))
            .route("/present-proof-2.0/records/{id}", record())
            .route("/present-proof-2.0/records/{id}/verify-presentation", post(verify))
            .route("/present-proof/send-request", post(send_as_before))
            .route("/present-proof/create-request", post(create_as_before))
            .route("/present-proof/records/{id}", record())
            .route("/present-proof/records/{id}/verify-presentation", post(verify))
            .with_state(Arc::clone(self))
    }
}

async fn send(State(verifying): Shared, body: wire::Body) -> Answer {
    verifying.send(read::<Order>(body)?.try_into()?).map(Json)
}

async fn create(State(verifying): Shared, body: wire::Body) -> Answer {
    verifying.create(read::<Order>(body)?.try_into()?).map(Json)
}

async fn send_as_before(State(verifying): Shared, body: wire::Body) -> Answer {
    verifying.send(Ask::from(read::<OrderAsBefore>(body)?)).map(Json)
}

async fn create_as_before(State(verifying): Shared, body: wire::Body) -> Answer {
    verifying.create(Ask::from(read::<OrderAsBefore>(body)?)).map(Json)
}

async fn shown(State(verifying): Shared, Path(id): Path<String>) -> Answer {
    verifying.shown(&id).map(Json)
}

async fn remove(State(verifying): Shared, Path(id): Path<String>) -> Answer {
    verifying.remove(&id).map(Json)
}

async fn verify(State(verifying): Shared, Path(id): Path<String>) -> Answer {
    verifying.verify_now(&id).await.map(Json)
}
