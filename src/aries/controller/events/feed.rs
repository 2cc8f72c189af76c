//! Hearing events over the WebSocket of ACA-Py's admin API.

use std::{fmt, time::Duration};

use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::{
    super::{
        gate::{Gate, Header, Secret},
        settings::{Kind, Settings},
    },
    notice::{Notice, Unreadable, Whose},
};
use crate::aries::transport::socket::{self, Inlet, Outlet, SocketError};

/// How long opening may take, and then the first word.
const LIMIT: Duration = Duration::from_secs(10);
/// How long an agent may say nothing: ACA-Py says every five seconds that it lives.
const SILENCE: Duration = Duration::from_secs(30);

/// Where an agent's events are heard, and whose.
pub struct Feed {
    url: String,
    headers: Vec<Header>,
    whose: Whose,
}

/// An open WebSocket on which events come.
pub struct Ear {
    inlet: Inlet,
    /// Dropped, it would close.
    _outlet: Outlet,
    whose: Whose,
}

/// Why no events are heard.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// It does not open.
    #[error(
        "no events at {url}: {}; `events = \"websocket\"` needs ACA-Py's own admin port (`--admin`), \
         behind a proxy that takes no WebSockets set `events = \"webhooks\"`",
        told(why)
    )]
    Socket {
        /// The URL.
        url: String,
        /// Why.
        why: SocketError,
    },
    /// It opens, and says nothing.
    #[error("no events at {url}: it opens, and says nothing that ACA-Py would say")]
    Silent {
        /// The URL.
        url: String,
    },
    /// It does not know us.
    #[error("no events at {url}: it does not take our key; set `api_key` to its `--admin-api-key`")]
    Refused {
        /// The URL.
        url: String,
    },
}

impl Feed {
    /// The feed of an agent; `None` of any other controller.
    #[must_use]
    pub fn of(settings: &Settings) -> Option<Self> {
        let Settings { gate, kind: Kind::Acapy { .. }, .. } = settings else { return None };
        let Gate { base, headers, .. } = gate;
        let url = format!("{}/ws", base.replacen("http", "ws", 1));
        Some(Self { url, headers: headers.clone(), whose: settings.whose() })
    }

    /// Opens it, and waits until the agent says that it knows us.
    ///
    /// # Errors
    /// It is not there, or does not take our key.
    pub async fn open(&self, tls: Option<&TlsConnector>) -> Result<Ear, FeedError> {
        let url = || self.url.clone();
        let headers = self.headers.iter().map(|(name, Secret(value))| (&**name, &**value));
        let opened = socket::open_with(&self.url, headers, tls, LIMIT).await;
        let (outlet, inlet) = opened.map_err(|why| FeedError::Socket { url: url(), why })?;
        let mut ear = Ear { inlet, _outlet: outlet, whose: self.whose.clone() };
        match timeout(LIMIT, ear.notice()).await {
            Ok(Some(Ok(Notice::Settings { authenticated: true }))) => Ok(ear),
            Ok(Some(Ok(Notice::Settings { authenticated: false }))) => {
                Err(FeedError::Refused { url: url() })
            }
            Ok(Some(Ok(Notice::Sighting(_) | Notice::Other) | Err(_)) | None) | Err(_) => {
                Err(FeedError::Silent { url: url() })
            }
        }
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Ear {
    /// The next event; `None` once the agent is gone, or has said nothing for so long that it must be.
    pub async fn next(&mut self) -> Option<Result<Notice, Unreadable>> {
        timeout(SILENCE, self.notice()).await.ok()?
    }

    async fn notice(&mut self) -> Option<Result<Notice, Unreadable>> {
        let frame = self.inlet.next().await?;
        Some(Notice::of_frame(&frame, &self.whose))
    }
}

/// An error with its causes.
fn told(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |it| it.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
