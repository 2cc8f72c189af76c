//! The mediator's doors: its invitation, its endpoint, its WebSocket.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{State, WebSocketUpgrade},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;

use super::{Flow, Heard, Mediator, Refused};
use crate::sandbox::{desk::Form, wire};

/// Bytes that a socket reads at a time: holders are many, and mostly silent.
const READ_BUFFER: usize = 4_096;

impl Mediator {
    /// Its routes, below `/mediator`.
    pub(in super::super) fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/", get(invitation).post(receive))
            .route("/ws", get(upgrade))
            .with_state(Arc::clone(self))
    }

    /// Counts what was no message for us.
    pub(super) fn refuse(&self, error: &Refused) {
        self.desk.office.counts.refused.one();
        tracing::debug!(%error, "the mediator refuses a message");
    }

    /// The invitation, as anybody may have it.
    pub(in super::super) fn invitation(&self) -> serde_json::Value {
        self.invitation.written(Form::OutOfBand, &self.desk.public.endpoints).to_value()
    }
}

async fn invitation(State(mediator): State<Arc<Mediator>>) -> Response {
    Json(mediator.invitation()).into_response()
}

async fn receive(State(mediator): State<Arc<Mediator>>, body: wire::Body) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return wire::unreadable(&rejection),
    };
    match mediator.hear(&body).await {
        Ok(heard) => wire::answer(mediator.answer_to(heard).await),
        Err(error) => {
            mediator.refuse(&error);
            wire::refusal(&error)
        }
    }
}

impl Mediator {
    /// What goes back over HTTP: the answer, else one message that waits.
    async fn answer_to(&self, Heard { answer, holder, flow }: Heard) -> Option<Bytes> {
        if let Some(answer) = answer {
            return Some(answer.into());
        }
        let parcels = holder.filter(|_| flow == Flow::Implicit)?.inbox.take(1);
        let message = parcels.first()?.message.clone();
        self.gone(parcels).await;
        Some(message)
    }
}

async fn upgrade(State(mediator): State<Arc<Mediator>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(wire::MESSAGE_MAX)
        .max_frame_size(wire::MESSAGE_MAX)
        .on_upgrade(async move |socket| mediator.serve(socket).await)
}
