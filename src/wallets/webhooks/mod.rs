//! One listener for the webhooks of all systems: `webhooks` of `[config]`.

use std::{collections::HashMap, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Path, Request, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, sync::mpsc};

use super::settings::{self, SettingsError};
use crate::{
    aries::{
        controller::events::{Notice, Unreadable, Whose},
        transport::listen,
    },
    journey::Settings,
};

pub(super) const WEBHOOKS: &str = "webhooks";
pub(super) const EXAMPLE: &str = "webhooks = { listen = \"0.0.0.0:7900\", key = \"…\" }";
/// Largest webhook that is taken, in bytes: records of presentations have some 150,000.
const BODY_MAX: usize = 4 << 20;
/// Events that may wait to be looked at; an agent that sends more is asked to send them later.
const WAITING_MAX: usize = 1_024;

/// Where webhooks are taken, and of whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookSettings {
    listen: SocketAddr,
    /// What each must say as `X-API-Key`: what follows `#` in `--webhook-url`.
    key: Option<String>,
}

/// What comes as webhooks of one system.
pub(super) type Post = mpsc::Receiver<Result<Notice, Unreadable>>;

/// The listener, before it listens.
pub(super) struct Webhooks {
    listener: TcpListener,
    doors: Doors,
}

struct Doors {
    /// The digest of the key: comparing digests tells nothing of where two keys differ.
    key: Option<[u8; 32]>,
    systems: HashMap<String, Door>,
}

struct Door {
    whose: Whose,
    post: mpsc::Sender<Result<Notice, Unreadable>>,
}

impl WebhookSettings {
    pub(super) fn read(config: &Settings) -> Result<Option<Self>, SettingsError> {
        let read = |value| settings::read(WEBHOOKS, value, EXAMPLE);
        config.get(WEBHOOKS).map(read).transpose()
    }

    /// Takes the port.
    pub(super) async fn bind(&self) -> std::io::Result<Webhooks> {
        let listener = TcpListener::bind(self.listen).await?;
        let doors = Doors { key: self.key.as_deref().map(digest), systems: HashMap::new() };
        Ok(Webhooks { listener, doors })
    }
}

impl Webhooks {
    /// Takes webhooks of a system, which posts them to `/<system>`.
    pub(super) fn admit(&mut self, system: &str, whose: Whose) -> Post {
        let (sender, post) = mpsc::channel(WAITING_MAX);
        self.doors.systems.insert(system.to_owned(), Door { whose, post: sender });
        post
    }

    /// Listens until nobody takes what comes.
    pub(super) async fn serve(self) {
        let doors = Arc::new(self.doors);
        // ACA-Py ends the path with a slash.
        let router = Router::new()
            .route("/{system}/topic/{topic}", post(receive))
            .route("/{system}/topic/{topic}/", post(receive))
            .layer(DefaultBodyLimit::max(BODY_MAX))
            .with_state(Arc::clone(&doors));
        let nobody = async {
            for door in doors.systems.values() {
                door.post.closed().await;
            }
        };
        tokio::select! {
            () = listen(self.listener, router) => {}
            () = nobody => {}
        }
    }
}

async fn receive(
    State(doors): State<Arc<Doors>>,
    Path((system, topic)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> StatusCode {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let key = text("x-api-key").map(digest);
    if doors.key.is_some() && doors.key != key {
        return StatusCode::UNAUTHORIZED;
    }
    let Some(Door { whose, post }) = doors.systems.get(&system) else {
        return StatusCode::NOT_FOUND;
    };
    // Only now: nobody whom we do not know fills our memory.
    let Ok(body) = Bytes::from_request(request, &()).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let notice = Notice::of_hook(&topic, text("x-wallet-id"), &body, whose);
    let status = if notice.is_ok() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    match post.try_send(notice) {
        Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => status,
        Err(mpsc::error::TrySendError::Full(_)) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key).into()
}

#[cfg(test)]
mod tests;
