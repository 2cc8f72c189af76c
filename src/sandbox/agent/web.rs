//! An agent's doors: its DIDComm endpoint, and the paths of ACA-Py's admin API.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, Request, State, rejection::QueryRejection},
    http::{StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{
    Agent, Trade,
    admin::{Denied, Filter, Order},
    events,
};
use crate::sandbox::{desk::Refused, post::Undeliverable, wire};

type Answer = Result<Json<Value>, Denied>;
type Both = (Arc<Agent>, Trade);
type Asked<T> = Result<Query<T>, QueryRejection>;

impl Agent {
    /// Its routes, below `/issuer` or `/verifier`.
    pub(in super::super) fn router(self: &Arc<Self>, trade: &Trade) -> Router {
        let both = (Arc::clone(self), trade.clone());
        let admin = Router::new()
            .route("/status", get(status))
            .route("/connections/create-invitation", post(invite_as_before))
            .route("/connections", get(connections))
            .route("/connections/{id}", get(connection).delete(forget))
            .route("/connections/{id}/send-message", post(send_message))
            .route("/connections/{id}/send-ping", post(send_ping))
            .route("/action-menu/{id}/send-menu", post(send_menu))
            .with_state(Arc::clone(self))
            .route("/out-of-band/create-invitation", post(invite).with_state(both.clone()))
            .merge(trade.routes())
            .layer(from_fn_with_state(Arc::clone(self), pass_door));
        Router::new()
            .route("/", post(receive).with_state(both))
            .route("/status/live", get(async || Json(json!({ "alive": true }))))
            .route("/status/ready", get(async || Json(json!({ "ready": true }))))
            .route("/multitenancy/tenant/{tenant_id}/token", post(token))
            .route("/ws", get(events::upgrade))
            .with_state(Arc::clone(self))
            .merge(admin)
    }
}

async fn pass_door(State(agent): State<Arc<Agent>>, request: Request, next: Next) -> Response {
    if agent.door.opens_to(request.headers()) {
        return next.run(request).await;
    }
    plain(StatusCode::UNAUTHORIZED, "Unauthorized")
}

async fn receive(State((agent, trade)): State<Both>, body: wire::Body) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return wire::unreadable(&rejection),
    };
    match agent.hear(&trade, &body).await {
        Ok(answer) => wire::answer(answer.map(Into::into)),
        Err(error) => {
            agent.desk.office.counts.refused.one();
            tracing::debug!(agent = agent.desk.name, %error, "a message is refused");
            wire::refusal(&error)
        }
    }
}

async fn status(State(agent): State<Arc<Agent>>) -> Json<Value> {
    let version = concat!("sandbox ", env!("CARGO_PKG_VERSION"));
    Json(json!({ "version": version, "label": agent.desk.label, "conductor": {} }))
}

async fn token(State(agent): State<Arc<Agent>>, body: wire::Body) -> Result<Response, Denied> {
    #[derive(Deserialize)]
    struct Key {
        api_key: String,
    }

    let Key { api_key } = read(body)?;
    Ok(match agent.door.token(&api_key) {
        Some(token) => Json(json!({ "token": token })).into_response(),
        None => plain(StatusCode::UNAUTHORIZED, "Unauthorized"),
    })
}

async fn invite(
    State((agent, trade)): State<Both>,
    query: Asked<Map<String, Value>>,
    body: wire::Body,
) -> Answer {
    let multi_use = asked(query)?.get("multi_use").is_some_and(|it| it == "true");
    agent.invite(&trade, read(body)?, multi_use).await.map(Json)
}

async fn invite_as_before(
    State(agent): State<Arc<Agent>>,
    query: Asked<Map<String, Value>>,
    body: wire::Body,
) -> Answer {
    let query = asked(query)?;
    let alias = query.get("alias").and_then(Value::as_str).map(str::to_owned);
    let order = match body {
        Ok(body) if body.is_empty() => Order::default(),
        body => read(body)?,
    };
    agent.invite_as_before(order, alias).await.map(Json)
}

async fn connections(State(agent): State<Arc<Agent>>, query: Asked<Filter>) -> Answer {
    Ok(Json(agent.connections(&asked(query)?)))
}

async fn connection(State(agent): State<Arc<Agent>>, Path(id): Path<String>) -> Answer {
    agent.record(&id).map(Json)
}

async fn forget(State(agent): State<Arc<Agent>>, Path(id): Path<String>) -> Answer {
    agent.forget(&id).await.map(Json)
}

async fn send_message(
    State(agent): State<Arc<Agent>>,
    Path(id): Path<String>,
    body: wire::Body,
) -> Answer {
    #[derive(Deserialize)]
    struct Text {
        content: String,
    }

    let Text { content } = read(body)?;
    agent.send_message(&id, &content).map(Json)
}

async fn send_ping(
    State(agent): State<Arc<Agent>>,
    Path(id): Path<String>,
    body: wire::Body,
) -> Answer {
    #[derive(Deserialize)]
    struct Ping {
        comment: Option<String>,
    }

    let Ping { comment } = read(body)?;
    agent.send_ping(&id, comment.as_deref()).map(Json)
}

async fn send_menu(
    State(agent): State<Arc<Agent>>,
    Path(id): Path<String>,
    body: wire::Body,
) -> Answer {
    #[derive(Deserialize)]
    struct Fields {
        menu: Map<String, Value>,
    }

    let Fields { menu } = read(body)?;
    agent.send_menu(&id, &menu).map(Json)
}

fn asked<T>(query: Asked<T>) -> Result<T, Denied> {
    query
        .map(|Query(it)| it)
        .map_err(|it| Denied::Unprocessable(json!({ "query": [it.body_text()] })))
}

/// Reads a body, and says of a wrong one which field is meant.
pub(super) fn read<T: DeserializeOwned>(body: wire::Body) -> Result<T, Denied> {
    let body = body.map_err(|it| Denied::Malformed(it.body_text()))?;
    let value: Value = serde_json::from_slice(&body)
        .map_err(|error| Denied::Unprocessable(json!({ "json": [error.to_string()] })))?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let (field, why) = (error.path().to_string(), error.inner().to_string());
        let mut fields = Map::new();
        fields.insert(field, json!([why]));
        Denied::Unprocessable(fields.into())
    })
}

/// An error as ACA-Py writes it.
fn plain(status: StatusCode, text: &str) -> Response {
    let body = format!("{}: {text}", status.as_u16());
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response()
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unprocessable(fields) => {
                return (StatusCode::UNPROCESSABLE_ENTITY, Json(fields)).into_response();
            }
            Self::NotFound | Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::NotReady(_) => StatusCode::FORBIDDEN,
            Self::Refused(Refused::Busy | Refused::Undeliverable(Undeliverable::Busy)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Refused(Refused::Full) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Refused(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        plain(status, &self.to_string())
    }
}
