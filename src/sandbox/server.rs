//! A sandbox's life: it starts listening, serves on a thread of its own, and stops when dropped.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, SyncSender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use axum::{Router, serve::ListenerExt};
use tokio::{net::TcpListener, runtime::Builder, sync::watch, time::sleep};

use super::{
    Admin, SandboxError, Store, Switches,
    app::{App, Keeper, Users, behind},
    gate::Gate,
    journal::{Clerk, Journal, Kept, Write},
    parties::{Parties, Surroundings},
    port,
};

/// Threads that serve; opening envelopes takes most of their time.
const THREADS: usize = 2;
/// How long answers under way may take once the sandbox is told to stop.
const GRACE: Duration = Duration::from_secs(1);

/// How a sandbox is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Where it listens; port 0 takes the one that its directory remembers, or any free one.
    pub listen: SocketAddr,
    /// Where its users, keys and connections are kept.
    pub store: Store,
    /// What it does wrong.
    pub switches: Switches,
    /// Whom its agents' admin API answers.
    pub admin: Admin,
    /// How many credentials a revocation registry is for, from 2 to 32,768: one less than that get a
    /// place, and making it takes half a second for each 1,000.
    pub registry_size: u32,
    /// Whether others than its issuer may publish in its registry.
    pub open_registry: bool,
}

impl Settings {
    /// A usual [`registry_size`](Self::registry_size).
    pub const REGISTRY_SIZE: u32 = 1_000;
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
        SandboxError::check_size(settings.registry_size)?;
        let (users, keeper) = Users::open(&settings.store)?;
        let (journal, kept, clerk) = Journal::open(&settings.store)?;
        let count = users.count();
        let (stop, stopped) = watch::channel(());
        let (ready, listening) = mpsc::sync_channel(1);
        let state = State { users, journal, kept };
        let server = thread::Builder::new()
            .name("sandbox".into())
            .spawn(move || run(settings, state, stopped, &ready).and(close(keeper, clerk)))
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
    /// It is the mediator's invitation for `mediator`, the admin API for `issuer` and `verifier`, the
    /// registry for `ledger`, and the address for any other.
    #[must_use]
    pub fn target(&self, key: &str) -> String {
        match key {
            "mediator" | "issuer" | "verifier" => format!("{}/{key}", self.url()),
            "ledger" => format!("{}/registry", self.url()),
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

/// What a sandbox has kept, and where it keeps more.
struct State {
    users: Users,
    journal: Journal,
    kept: Kept,
}

/// Serves until told to stop; nothing is asked of the databases any more when it returns.
fn run(
    settings: Settings,
    state: State,
    stopped: watch::Receiver<()>,
    ready: &SyncSender<SocketAddr>,
) -> Result<(), SandboxError> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(THREADS)
        .thread_name("sandbox-http")
        .enable_all()
        .build()
        .map_err(SandboxError::Thread)?;
    runtime.block_on(async {
        let Settings { listen, store, switches, admin, registry_size, open_registry } = settings;
        let blind = switches.blind;
        let State { users, journal, kept } = state;
        let listener = port::bind(listen, &store, kept.port)?;
        let address =
            listener.local_addr().map_err(|source| SandboxError::Listen { listen, source })?;
        if listen.port() == 0 && kept.port.is_none() {
            let kept = journal.commit(vec![Write::Port(address.port())]).await;
            kept.map_err(|error| SandboxError::NotKept { reason: error.to_string() })?;
        }
        let gate = Arc::new(Gate::new(switches));
        let url = format!("http://{address}");
        let gate_of_all = Arc::clone(&gate);
        let around = Surroundings {
            url,
            journal,
            gate: gate_of_all,
            admin,
            blind,
            registry_size,
            open_registry,
        };
        let parties = Parties::open(around, kept).await?;
        let app = App::new(users, rand::make_rng());
        let routes = behind(&gate, app.router().merge(parties.router()));
        // Whoever started us waits for it: nobody hangs up before.
        let _ = ready.send(address);
        serve(listener, routes.merge(parties.stats()), stopped).await;
        parties.settle().await;
        Ok(())
    })
}

/// Waits for the databases to close, which they do when nobody can ask them any more.
fn close(keeper: Keeper, clerk: Option<Clerk>) -> Result<(), SandboxError> {
    let closed = clerk.map_or(Ok(()), |clerk| ended(clerk.join()));
    ended(keeper.join()).and(closed)
}

async fn serve(listener: TcpListener, routes: Router, stopped: watch::Receiver<()>) {
    let listener = listener.tap_io(|connection| {
        // Without it an answer may wait for the acknowledgement of the one before.
        let _ = connection.set_nodelay(true);
    });
    let serving = axum::serve(listener, routes).with_graceful_shutdown(told(stopped.clone()));
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
