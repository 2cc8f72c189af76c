//! A WebSocket to a mediator: packed messages out and in, with buffers fit for thousands of them.

use std::{io, time::Duration};

use bytes::Bytes;
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::Mutex,
    time::{Instant, timeout},
};
use tokio_rustls::{TlsConnector, client::TlsStream, rustls::pki_types::ServerName};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self, Message as Frame,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
        protocol::WebSocketConfig,
    },
};
use url::Url;

use super::dial::dial;

/// Bytes read at a time, an ordinary message; the default of 128 KiB would be most of a holder's
/// memory.
const READ_BUFFER_BYTES: usize = 2 * 1024;
/// Largest message that is taken, in bytes.
const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes that may wait to be written before a writer fails.
const WRITE_BUFFER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

type Wire = WebSocketStream<Box<dyn Duplex>>;

/// The half that is written to.
pub(crate) struct Outlet(Mutex<SplitSink<Wire, Frame>>);

/// The half that is read from.
pub(crate) struct Inlet(SplitStream<Wire>);

/// Why a WebSocket did not open, or is no more.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// The URL is none of a WebSocket.
    #[error("`{url}` is no URL of a WebSocket, which is written like wss://mediator.example/ws")]
    Url {
        /// The URL.
        url: String,
    },
    /// There is no connection to be had.
    #[error("cannot connect to {host}")]
    Connect {
        /// Host and port.
        host: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// TLS is asked for, and the program brings none.
    #[error("{host} wants TLS, for which no authorities are known")]
    NoTls {
        /// Host and port.
        host: String,
    },
    /// The server does not upgrade, or breaks the protocol.
    #[error("the WebSocket to {host} failed")]
    Protocol {
        /// Host and port.
        host: String,
        /// What is wrong.
        source: Box<tungstenite::Error>,
    },
    /// It took too long.
    #[error("no WebSocket to {host} within {limit:?}")]
    Late {
        /// Host and port.
        host: String,
        /// The limit.
        limit: Duration,
    },
    /// The other side takes nothing any more.
    #[error("the WebSocket took nothing for {limit:?}")]
    Stalled {
        /// The limit.
        limit: Duration,
    },
    /// It was open, and is closed.
    #[error("the WebSocket is closed")]
    Closed,
}

impl SocketError {
    /// What to count it by.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Url { .. } => "bad url",
            Self::Connect { source, .. } if source.kind() == io::ErrorKind::ConnectionRefused => {
                "connection refused"
            }
            Self::Connect { .. } => "cannot connect",
            Self::NoTls { .. } => "tls",
            Self::Protocol { .. } => "websocket",
            Self::Late { .. } => "websocket timeout",
            Self::Stalled { .. } => "websocket stalled",
            Self::Closed => "websocket closed",
        }
    }
}

/// Opens a WebSocket within `limit`.
pub(crate) async fn open(
    url: &str,
    tls: Option<&TlsConnector>,
    limit: Duration,
) -> Result<(Outlet, Inlet), SocketError> {
    open_with(url, [], tls, limit).await
}

/// Opens a WebSocket within `limit`, with headers beside those that it takes; they may hold secrets.
pub(crate) async fn open_with<'a>(
    url: &str,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    tls: Option<&TlsConnector>,
    limit: Duration,
) -> Result<(Outlet, Inlet), SocketError> {
    let bad_url = || SocketError::Url { url: crate::quantity::shortened(url) };
    let parsed = Url::parse(url).map_err(|_| bad_url())?;
    let secure = match parsed.scheme() {
        "ws" => false,
        "wss" => true,
        _ => return Err(bad_url()),
    };
    let host = parsed.host_str().ok_or_else(bad_url)?;
    let port = parsed.port_or_known_default().ok_or_else(bad_url)?;
    let name = format!("{host}:{port}");
    let mut request = url.into_client_request().map_err(|_| bad_url())?;
    for (header, value) in headers {
        let header = HeaderName::try_from(header).map_err(|_| bad_url())?;
        let mut value = HeaderValue::try_from(value).map_err(|_| bad_url())?;
        value.set_sensitive(true);
        request.headers_mut().insert(header, value);
    }
    let opening = async {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let failed = |source| SocketError::Connect { host: name.clone(), source };
        let stream = dial(bare, port).await.map_err(failed)?;
        let stream: Box<dyn Duplex> = if secure {
            Box::new(make_private(bare, stream, tls, &name).await?)
        } else {
            Box::new(stream)
        };
        let (wire, _) =
            client_async_with_config(request, stream, Some(config())).await.map_err(|source| {
                SocketError::Protocol { host: name.clone(), source: Box::new(source) }
            })?;
        let (sink, stream) = wire.split();
        Ok((Outlet(Mutex::new(sink)), Inlet(stream)))
    };
    // What it takes to open is not needed while it is open.
    let opened = timeout(limit, Box::pin(opening)).await;
    opened.unwrap_or_else(|_| Err(SocketError::Late { host: name.clone(), limit }))
}

async fn make_private(
    host: &str,
    stream: TcpStream,
    tls: Option<&TlsConnector>,
    name: &str,
) -> Result<TlsStream<TcpStream>, SocketError> {
    let failed = |source| SocketError::Connect { host: name.to_owned(), source };
    let tls = tls.ok_or_else(|| SocketError::NoTls { host: name.to_owned() })?;
    let server = ServerName::try_from(host.to_owned())
        .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidInput, error)))?;
    tls.connect(server, stream).await.map_err(failed)
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX))
}

impl Outlet {
    /// Sends a packed message within `limit`; gives the moment at which the operating system had all
    /// of it.
    pub(crate) async fn send(
        &self,
        packed: Vec<u8>,
        limit: Duration,
    ) -> Result<Instant, SocketError> {
        match timeout(limit, self.write(Frame::Binary(packed.into()))).await {
            Ok(Ok(())) => Ok(Instant::now()),
            Ok(Err(_)) => Err(SocketError::Closed),
            Err(_) => Err(SocketError::Stalled { limit }),
        }
    }

    /// Says goodbye; the other side closes.
    pub(crate) async fn close(&self) {
        // Whoever is gone already, or does not listen, needs no goodbye.
        let _ = timeout(GOODBYE, self.write(Frame::Close(None))).await;
    }

    /// A frame is taken whole or not at all, even if whoever sends it stops waiting.
    async fn write(&self, frame: Frame) -> Result<(), tungstenite::Error> {
        self.0.lock().await.send(frame).await
    }
}

impl Inlet {
    /// The next packed message; `None` once the socket is closed. Pings are answered meanwhile.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        while let Some(Ok(frame)) = self.0.next().await {
            match frame {
                Frame::Binary(bytes) => return Some(bytes),
                Frame::Text(text) => return Some(text.into()),
                // Our own goodbye goes out with the next read.
                Frame::Close(_) => {
                    let _ = Box::pin(timeout(GOODBYE, self.0.next())).await;
                    return None;
                }
                Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_) => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use tokio::{join, net::TcpListener};
    use tokio_tungstenite::accept_async;

    use super::*;

    #[tokio::test]
    async fn a_goodbye_is_answered() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let server = async {
            let (stream, _) = listener.accept().await.unwrap();
            let mut wire = accept_async(stream).await.unwrap();
            wire.send(Frame::Close(None)).await.unwrap();
            matches!(wire.next().await, Some(Ok(Frame::Close(_))))
        };
        let client = async {
            let (_outlet, mut inlet) = open(&url, None, Duration::from_secs(5)).await.unwrap();
            inlet.next().await.is_none()
        };
        assert_eq!(join!(server, client), (true, true));
    }
}
