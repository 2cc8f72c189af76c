//! A sandbox's life: it starts listening, serves on a thread of its own, and stops when dropped.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, SyncSender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use axum::serve::ListenerExt;
use tokio::{
    net::{TcpListener, TcpSocket},
    runtime::Builder,
    sync::watch,
    time::sleep,
};

use super::{
    SandboxError, Store, Switches,
    users::{Keeper, Users},
    web::App,
};

/// Connections that may wait to be accepted: all users of a load test open theirs at once.
const BACKLOG: u32 = 4_096;
/// How long answers under way may take once the sandbox is told to stop.
const GRACE: Duration = Duration::from_secs(1);

/// How a sandbox is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Where it listens; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where its users are kept.
    pub store: Store,
    /// What it does wrong.
    pub switches: Switches,
}

/// A running application; it stops when this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    users: Arc<AtomicU64>,
    /// Dropped to tell the server to stop.
    stop: Option<watch::Sender<()>>,
    server: Option<JoinHandle<Result<(), SandboxError>>>,
}

impl Sandbox {
    /// Starts a sandbox; it listens when this returns.
    ///
    /// # Errors
    /// When the switches make no sense, the users cannot be opened, or the address is not to be had.
    pub fn start(settings: Settings) -> Result<Self, SandboxError> {
        SandboxError::check(&settings.switches)?;
        let (users, keeper) = Users::open(&settings.store)?;
        let count = users.count();
        let app = App::new(users, settings.switches, rand::make_rng());
        let (stop, stopped) = watch::channel(());
        let (ready, listening) = mpsc::sync_channel(1);
        let listen = settings.listen;
        let server = thread::Builder::new()
            .name("sandbox-http".into())
            .spawn(move || run(listen, app, stopped, &ready).and(close(keeper)))
            .map_err(SandboxError::Thread)?;
        let Ok(address) = listening.recv() else {
            return Err(ended(server.join()).err().unwrap_or(SandboxError::Panicked));
        };
        Ok(Self { address, users: count, stop: Some(stop), server: Some(server) })
    }

    /// The address as a URL without a slash at its end, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What a scenario's `[config]` key of this name means when it says `sandbox`.
    ///
    /// It is the mediator's invitation for `mediator`, the admin API for `issuer` and `verifier`, and
    /// the address for any other.
    #[must_use]
    pub fn target(&self, key: &str) -> String {
        match key {
            "mediator" | "issuer" | "verifier" => format!("{}/{key}", self.url()),
            _ => self.url(),
        }
    }

    /// How many users there are.
    #[must_use]
    pub fn users(&self) -> u64 {
        self.users.load(Ordering::Relaxed)
    }

    /// Lets answers under way end, for a second at most, and closes the users.
    ///
    /// # Errors
    /// When the users cannot be closed, or a thread of the sandbox has panicked.
    pub fn stop(mut self) -> Result<(), SandboxError> {
        self.end()
    }

    fn end(&mut self) -> Result<(), SandboxError> {
        drop(self.stop.take());
        self.server.take().map_or(Ok(()), |server| ended(server.join()))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Whoever wants to know calls `stop`.
        let _ = self.end();
    }
}

fn ended(joined: thread::Result<Result<(), SandboxError>>) -> Result<(), SandboxError> {
    joined.unwrap_or(Err(SandboxError::Panicked))
}

/// Serves until told to stop; nothing asks for users any more when it returns.
fn run(
    listen: SocketAddr,
    app: App,
    stopped: watch::Receiver<()>,
    ready: &SyncSender<SocketAddr>,
) -> Result<(), SandboxError> {
    let runtime =
        Builder::new_current_thread().enable_all().build().map_err(SandboxError::Thread)?;
    runtime.block_on(async {
        let bound = bind(listen).and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) =
            bound.map_err(|source| SandboxError::Listen { listen, source })?;
        // Whoever started us waits for it: nobody hangs up before.
        let _ = ready.send(address);
        serve(listener, app, stopped).await;
        Ok(())
    })
}

/// Waits for the database to close, which it does when nobody can ask it any more.
fn close(keeper: Keeper) -> Result<(), SandboxError> {
    ended(keeper.join())
}

fn bind(listen: SocketAddr) -> io::Result<TcpListener> {
    let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(listen)?;
    socket.listen(BACKLOG)
}

async fn serve(listener: TcpListener, app: App, stopped: watch::Receiver<()>) {
    let listener = listener.tap_io(|connection| {
        // Without it an answer may wait for the acknowledgement of the one before.
        let _ = connection.set_nodelay(true);
    });
    let serving = axum::serve(listener, app.router()).with_graceful_shutdown(told(stopped.clone()));
    let too_late = async {
        told(stopped).await;
        sleep(GRACE).await;
    };
    tokio::select! {
        _ = serving => {}
        () = too_late => {}
    }
}

/// Waits until the sender is dropped.
async fn told(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}
