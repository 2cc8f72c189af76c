//! Opens TCP connections, from several loopback addresses where one runs out of ports.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicU8, Ordering},
};

use tokio::{
    net::{TcpSocket, TcpStream, lookup_host},
    sync::Semaphore,
};

/// Loopback addresses that connections to a loopback address may come from: 127.0.0.1 to this.
/// Each has some 28,000 ports towards one address.
const SOURCES_MAX: u8 = 16;

/// The loopback address that had a free port last.
static SOURCE: AtomicU8 = AtomicU8::new(1);

/// Names that are looked up at a time; each takes a thread while it is.
static LOOK_UPS: Semaphore = Semaphore::const_new(16);

/// Connects to the first address of a host that takes us.
pub(super) async fn dial(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut refused = None;
    for address in look_up(host, port).await? {
        let connected = match address.ip() {
            IpAddr::V4(ip) if ip.is_loopback() => dial_loopback(address).await,
            IpAddr::V4(_) | IpAddr::V6(_) => TcpStream::connect(address).await,
        };
        match connected {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such host")))
}

async fn look_up(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if let Ok(ip) = host.parse() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let _turn = LOOK_UPS.acquire().await;
    Ok(lookup_host((host, port)).await?.collect())
}

async fn dial_loopback(address: SocketAddr) -> io::Result<TcpStream> {
    let mut tries = SOURCES_MAX;
    loop {
        tries -= 1;
        let source = SOURCE.load(Ordering::Relaxed);
        let socket = TcpSocket::new_v4()?;
        let connected = match bind(&socket, source) {
            Ok(()) => socket.connect(address).await,
            Err(error) => Err(error),
        };
        let exhausted = |error: &io::Error| {
            matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::AddrInUse)
        };
        match connected {
            Err(error) if exhausted(&error) && tries > 0 => {
                // Ports get free again: after the last address comes the first.
                let next = source % SOURCES_MAX + 1;
                // Whoever else found it exhausted may have moved on already.
                let _ = SOURCE.compare_exchange(source, next, Ordering::Relaxed, Ordering::Relaxed);
            }
            done => return done,
        }
    }
}

/// The first source is left to the operating system, which knows better which ports are free.
fn bind(socket: &TcpSocket, source: u8) -> io::Result<()> {
    if source == 1 {
        return Ok(());
    }
    socket.set_reuseaddr(true)?;
    socket.bind((Ipv4Addr::new(127, 0, 0, source), 0).into())
}
