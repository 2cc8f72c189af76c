//! One holder, and what it is told to do.

use std::{
    collections::HashSet,
    future::Future,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, yield_now},
    time::timeout,
};

use super::{
    command::{Errand, Start},
    config,
    house::House,
    invited::Invited,
    reply::Reply,
    settings::{Settings, SettingsError},
    variables::Variables,
};
use crate::{
    aries::{
        didcomm::unique_id,
        holder::{self, Agency, Holder, HolderError, HolderRecord, Means},
        transport::{FetchError, Http, fetch_invitation},
    },
    journey::chain,
    quantity::shortened,
};

/// What its connections are with, in records.
const SYSTEM: &str = "akrida";
/// A wait that fails says for what it was, if it is given the time to.
const GRACE: Duration = Duration::from_secs(1);
/// Longest goodbye to a mediator.
const GOODBYE: Duration = Duration::from_secs(2);
/// How long the labels of Akrida's agents are.
const LABEL_LETTERS: usize = 14;

/// One holder, and what it is told to do.
pub(super) struct Agent {
    holder: Holder,
    http: Arc<dyn Http>,
    settings: Settings,
    /// The out-of-band records that connections came of.
    invited: Mutex<HashSet<String>>,
    door: Option<Door>,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum AgentError {
    #[error("{0} timeout! {1}")]
    Timeout(&'static str, String),
    #[error("{0}")]
    NoLedger(String),
    #[error(transparent)]
    Holder(HolderError),
    #[error(transparent)]
    Invitation(#[from] FetchError),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("{name} is not set, and {why} needs it")]
    Unset { name: &'static str, why: &'static str },
    #[error("`port` is missing: an agent without a mediator listens there")]
    NoPort,
    #[error("cannot listen on port {port}")]
    Listen { port: u16, source: std::io::Error },
    #[error("`agentConfig` {0}; send back what `start` has answered, or null")]
    Config(&'static str),
    #[error("there is no out-of-band record {0}")]
    NoRecord(String),
}

impl AgentError {
    /// What a person reads, with its causes.
    pub(super) fn text(&self) -> String {
        chain(self)
    }
}

impl Agent {
    /// Starts an agent; what `agentConfig` is in answers comes with it.
    pub(super) async fn start(
        house: &House,
        variables: &Variables,
        start: Start,
    ) -> Result<(Self, Value), AgentError> {
        let settings = Settings::read(variables)?;
        let mediated = start.with_mediation.unwrap_or_default();
        let record = config::recorded(&start.agent_config).map_err(AgentError::Config)?;
        let (listener, endpoint) = if mediated {
            (None, None)
        } else {
            let (listener, endpoint) = listen(&settings, start.port).await?;
            (Some(listener), Some(endpoint))
        };
        let told = holder::Settings {
            pickup: settings.pickup,
            answer_limit: settings.limit,
            endpoint: endpoint.clone(),
            ..holder::Settings::default()
        };
        let agency = Arc::new(house.agency(told, settings.ledger.as_ref()).await);
        let door = listener.map(|listener| Door::open(listener, Arc::clone(&agency)));
        let means = house.means();
        let http = Arc::clone(&means.http);
        let holder = holder(agency, means, record)?;
        let agent = Self { holder, http, settings, invited: Mutex::default(), door };
        agent.in_time("Mediator", agent.come_online(mediated)).await?;
        let config = json!({
            "label": agent.holder.label(),
            "mediation_url": agent.settings.mediation_url,
            "endpoints": endpoint.into_iter().collect::<Vec<_>>(),
            "record": config::record(&agent.holder.record()),
        });
        Ok((agent, config))
    }

    /// Does what it is told.
    pub(super) async fn run(&self, errand: Errand) -> Result<Reply, AgentError> {
        match errand {
            Errand::PingMediator => {
                self.holders("Mediator", self.holder.ping_mediator()).await?;
                Ok(Reply::done("Ping Mediator"))
            }
            Errand::ReceiveInvitation(url) => {
                let connection = self.in_time("Connection", self.accept(&url)).await?;
                Ok(Reply::connected("Receive Connection", connection.out_of_band_record()))
            }
            Errand::ReceiveInvitationConnectionDid(url) => {
                let connection = self.in_time("Connection", self.accept(&url)).await?;
                let did = self.holder.my_did(&connection.id);
                Ok(Reply::connected(
                    "Receive Invitation Connection",
                    connection.with_did(did.as_deref()),
                ))
            }
            Errand::DeleteOobRecordById(id) => {
                let known = self.invited().remove(&id);
                let unknown = || AgentError::NoRecord(shortened(&id));
                known.then(|| Reply::done("Delete OOB Record")).ok_or_else(unknown)
            }
            Errand::ReceiveCredential => {
                self.holders("Credential", self.holder.accept_any_credential()).await?;
                Ok(Reply::done("Receive Credential"))
            }
            Errand::PresentationExchange => {
                self.holders("Presentation", self.holder.answer_any_request()).await?;
                Ok(Reply::done("Presentation Exchange"))
            }
            Errand::ReceiveMessage => {
                self.holders("Message", self.holder.receive_any_text()).await?;
                Ok(Reply::done("Receive Message"))
            }
        }
    }

    /// Says goodbye to its mediator, if that takes no longer than anybody waits for, and closes its
    /// door.
    pub(super) async fn leave(&self) {
        let _ = timeout(GOODBYE, self.holder.go_offline()).await;
        if let Some(door) = &self.door {
            door.close().await;
        }
    }

    async fn come_online(&self, mediated: bool) -> Result<(), AgentError> {
        if mediated && !self.holder.is_mediated() {
            let url = self.settings.mediation_url.as_ref();
            let unset = AgentError::Unset { name: "MEDIATION_URL", why: "an agent with mediation" };
            let mediator = fetch_invitation(&*self.http, url.ok_or(unset)?).await?;
            self.holder
                .connect_mediator(&mediator)
                .await
                .map_err(|it| self.told("Mediator", it))?;
        }
        if self.holder.is_mediated() {
            self.holder.go_online().await.map_err(|it| self.told("Mediator", it))?;
        }
        Ok(())
    }

    async fn accept(&self, url: &str) -> Result<Invited, AgentError> {
        let invitation = fetch_invitation(&*self.http, url).await?;
        let id = self.holder.accept(&invitation, SYSTEM, None).await;
        let id = id.map_err(|it| self.told("Connection", it))?;
        let record = unique_id();
        self.invited().insert(record.clone());
        Ok(Invited { id, record, invitation })
    }

    async fn holders<T>(
        &self,
        what: &'static str,
        doing: impl Future<Output = Result<T, HolderError>>,
    ) -> Result<T, AgentError> {
        self.in_time(what, async { doing.await.map_err(|error| self.told(what, error)) }).await
    }

    async fn in_time<T>(
        &self,
        what: &'static str,
        doing: impl Future<Output = Result<T, AgentError>>,
    ) -> Result<T, AgentError> {
        let limit = self.settings.limit;
        let late = |_| AgentError::Timeout(what, format!("it was not done within {limit:?}"));
        timeout(limit + GRACE, doing).await.map_err(late)?
    }

    /// A holder's error in the words of Akrida, so far as it has any.
    fn told(&self, what: &'static str, error: HolderError) -> AgentError {
        match error {
            HolderError::NoResponse { .. } => AgentError::Timeout(what, error.to_string()),
            HolderError::NoLedger => AgentError::NoLedger(self.settings.no_ledger()),
            other => AgentError::Holder(other),
        }
    }

    fn invited(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.invited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where messages are posted to an agent without a mediator; closed when it goes.
struct Door(JoinHandle<()>);

impl Door {
    fn open(listener: TcpListener, agency: Arc<Agency>) -> Self {
        Self(tokio::spawn(holder::serve(listener, agency)))
    }

    /// Returns when its port can be taken again.
    async fn close(&self) {
        self.0.abort();
        while !self.0.is_finished() {
            yield_now().await;
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn listen(
    settings: &Settings,
    port: Option<u16>,
) -> Result<(TcpListener, String), AgentError> {
    let unset = AgentError::Unset { name: "AGENT_IP", why: "an agent without mediation" };
    let ip = settings.agent_ip.as_ref().ok_or(unset)?;
    let port = port.ok_or(AgentError::NoPort)?;
    let failed = |source| AgentError::Listen { port, source };
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok((listener, format!("http://{ip}:{port}")))
}

fn holder(
    agency: Arc<Agency>,
    means: Means,
    record: Option<HolderRecord>,
) -> Result<Holder, AgentError> {
    if let Some(record) = record {
        return Holder::revive(agency, means, record).map_err(AgentError::Holder);
    }
    let mut label = unique_id().replace('-', "");
    label.truncate(LABEL_LETTERS);
    Ok(Holder::create(agency, means, label))
}
