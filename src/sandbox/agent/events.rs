//! What the admin API tells of records as they change, over a WebSocket.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message as Frame, WebSocket},
    },
    http::HeaderMap,
    response::Response,
};
use serde_json::{Value, json};
use tokio::{
    sync::broadcast::{Receiver, Sender, error::RecvError},
    time::timeout,
};

use super::Agent;

/// Events that may wait for a listener; one that is slower is hung up on.
const WAITING_MAX: usize = 4_096;
/// How often a listener is told that the agent lives.
const PING_EVERY: Duration = Duration::from_secs(5);
/// How long a listener may take to make room for one frame.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that a socket reads at a time, and that a message to it may have: listeners say nothing.
const READ_MAX: usize = 1_024;

/// Where an agent's events are told.
pub(super) struct Events(Sender<Arc<str>>);

impl Default for Events {
    fn default() -> Self {
        Self(Sender::new(WAITING_MAX))
    }
}

impl Events {
    /// Tells whoever listens of a record; it is not even made where nobody does.
    pub(super) fn tell(&self, topic: &str, record: impl FnOnce() -> Value) {
        if self.0.receiver_count() > 0 {
            let event = json!({ "topic": topic, "payload": record() });
            // Whoever has just left hears nothing.
            let _ = self.0.send(event.to_string().into());
        }
    }
}

/// Who does not know the key is let in all the same, and told nothing: ACA-Py does so.
pub(super) async fn upgrade(
    State(agent): State<Arc<Agent>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let authenticated = agent.door.opens_to(&headers);
    let upgrade = upgrade.read_buffer_size(READ_MAX);
    let upgrade = upgrade.max_message_size(READ_MAX).max_frame_size(READ_MAX);
    upgrade.on_upgrade(async move |mut socket| {
        let events = authenticated.then(|| agent.events.0.subscribe());
        let settings = json!({ "authenticated": authenticated, "label": agent.desk.label });
        let settings = json!({ "topic": "settings", "payload": settings });
        if send(&mut socket, settings.to_string()).await.is_ok() {
            let Err(Closed) = talk(&mut socket, events, authenticated).await;
        }
    })
}

/// The socket is closed, or its listener too slow.
struct Closed;

async fn talk(
    socket: &mut WebSocket,
    mut events: Option<Receiver<Arc<str>>>,
    authenticated: bool,
) -> Result<Infallible, Closed> {
    let ping = json!({ "topic": "ping", "authenticated": authenticated }).to_string();
    loop {
        tokio::select! {
            event = next(&mut events) => send(socket, event?.as_ref().to_owned()).await?,
            heard = socket.recv() => {
                if !matches!(heard, Some(Ok(frame)) if !matches!(frame, Frame::Close(_))) {
                    return Err(Closed);
                }
            }
            () = tokio::time::sleep(PING_EVERY) => send(socket, ping.clone()).await?,
        }
    }
}

async fn next(events: &mut Option<Receiver<Arc<str>>>) -> Result<Arc<str>, Closed> {
    match events {
        Some(events) => events.recv().await.map_err(|error| match error {
            RecvError::Closed | RecvError::Lagged(_) => Closed,
        }),
        None => std::future::pending().await,
    }
}

async fn send(socket: &mut WebSocket, text: String) -> Result<(), Closed> {
    match timeout(PATIENCE, socket.send(Frame::Text(text.into()))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Closed),
    }
}
