//! New connections: name, address, TCP, TLS.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::TcpStream,
    time::{self, Instant},
};
use url::{Host, Url};

use super::{
    connection::Connection,
    error::{Flaw, Kind},
    hop::{Hop, Phase},
    names::Names,
    tls::Tls,
};

/// Opens connections.
pub(super) struct Dialer {
    pub(super) names: Names,
    pub(super) tls: Tls,
    /// The longest that a lookup, TCP and TLS together may take.
    pub(super) timeout: Duration,
}

impl Dialer {
    /// Opens a connection to the server of `url`.
    pub(super) async fn dial(&self, url: &Url, hop: &mut Hop<'_>) -> Result<Connection, Flaw> {
        let deadline = Instant::now() + self.timeout;
        time::timeout_at(deadline, self.dial_before(deadline, url, hop))
            .await
            .unwrap_or_else(|_| Err(Kind::ConnectTimeout.into()))
    }

    async fn dial_before(
        &self,
        deadline: Instant,
        url: &Url,
        hop: &mut Hop<'_>,
    ) -> Result<Connection, Flaw> {
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(Kind::BadUrl.into());
        };
        hop.enter(Phase::LookingUp);
        let addresses = self.addresses(&host).await?;
        hop.enter(Phase::Connecting);
        let stream = connect(&addresses, port, deadline).await?;
        // Without it, the end of a request may wait for an acknowledgement of its beginning.
        stream.set_nodelay(true)?;
        if url.scheme() != "https" {
            return Ok(Connection::Tcp(stream));
        }
        hop.enter(Phase::TlsHandshaking);
        let stream = self.tls.shake_hands(&host, stream).await?;
        Ok(Connection::Tls(Box::new(stream)))
    }

    async fn addresses(&self, host: &Host<&str>) -> Result<Arc<[IpAddr]>, Flaw> {
        match host {
            Host::Ipv4(address) => Ok(Arc::new([IpAddr::V4(*address)])),
            Host::Ipv6(address) => Ok(Arc::new([IpAddr::V6(*address)])),
            Host::Domain(name) => self.names.look_up(name).await,
        }
    }
}

/// Tries the addresses in order, each for its share of the time that is left.
async fn connect(addresses: &[IpAddr], port: u16, deadline: Instant) -> Result<TcpStream, Flaw> {
    let mut failed = Flaw::from(Kind::NoSuchHost);
    let mut left = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
    for address in addresses {
        let now = Instant::now();
        let share = deadline.saturating_duration_since(now) / left.max(1);
        left -= 1;
        let stream = TcpStream::connect(SocketAddr::new(*address, port));
        failed = match time::timeout_at(now + share, stream).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) if Kind::of(&error) == Kind::Timeout => {
                Flaw::because(Kind::ConnectTimeout, error)
            }
            Ok(Err(error)) => error.into(),
            Err(_) => Kind::ConnectTimeout.into(),
        };
    }
    Err(failed)
}
