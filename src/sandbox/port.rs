//! Where a sandbox listens: where it is told to, or, told nothing, where it did the last time.

use std::{io, net::SocketAddr, ops::Range};

use rand::RngExt;
use tokio::net::{TcpListener, TcpSocket};

use super::{SandboxError, Store};

/// Connections that may wait to be accepted: all users of a load test open theirs at once.
const BACKLOG: u32 = 4_096;
/// First ports are drawn from here: above what services take, below what connections take.
const PORTS: Range<u16> = 10_240..32_000;
/// Ports that are tried before a sandbox gives up.
const TRIES: u32 = 100;

/// Binds the address, or, told no port, the one that a directory remembers.
///
/// Recorded holders know the URL of their mediator, so a directory that has none gets one for good.
pub(super) fn bind(
    listen: SocketAddr,
    store: &Store,
    remembered: Option<u16>,
) -> Result<TcpListener, SandboxError> {
    match (listen.port(), store, remembered) {
        (0, Store::Directory(directory), Some(port)) => {
            let listen = SocketAddr::new(listen.ip(), port);
            bind_to(listen).map_err(|source| SandboxError::PortTaken {
                listen,
                directory: directory.clone(),
                source,
            })
        }
        (0, Store::Directory(_), None) => {
            bind_any(listen).map_err(|source| SandboxError::Listen { listen, source })
        }
        (_, Store::Directory(_) | Store::Memory, _) => {
            bind_to(listen).map_err(|source| SandboxError::Listen { listen, source })
        }
    }
}

fn bind_any(listen: SocketAddr) -> io::Result<TcpListener> {
    let mut rng: rand::rngs::StdRng = rand::make_rng();
    let mut bound = Err(io::ErrorKind::AddrInUse.into());
    for _ in 0..TRIES {
        bound = bind_to(SocketAddr::new(listen.ip(), rng.random_range(PORTS)));
        if !matches!(&bound, Err(error) if error.kind() == io::ErrorKind::AddrInUse) {
            break;
        }
    }
    bound
}

fn bind_to(listen: SocketAddr) -> io::Result<TcpListener> {
    let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(listen)?;
    socket.listen(BACKLOG)
}
