//! The Aries half of a sandbox: a mediator, an issuer and a verifier, as they were left.

use std::{mem, sync::Arc};

use axum::{Json, Router, extract::DefaultBodyLimit, routing::get};
use serde::de::Error as _;

use super::{
    SandboxError,
    agent::{self, Admin, Agent, Issuing, Trade, Verifying},
    counts::Counts,
    desk::{Connection, Desk, Office, PublicDid, Terms, now},
    gate::Gate,
    journal::{Journal, Kept, Write},
    mediator::{self, Mediator},
    registry::{self, KeptRegistries, Ledger},
    resolver, wire,
};
use crate::aries::{
    didcomm::{KeyPair, invitation::Handshake},
    protocol::discover::Feature,
};

/// The name of the mediator's routing key in the journal.
const ROUTING: &str = "mediator routing";

/// What it takes to set them up.
pub(super) struct Surroundings {
    /// Where the sandbox is reached.
    pub(super) url: String,
    pub(super) journal: Journal,
    pub(super) gate: Arc<Gate>,
    pub(super) admin: Admin,
    /// Whether the verifier takes every presentation for true.
    pub(super) blind: bool,
    /// How many credentials a revocation registry is for.
    pub(super) registry_size: u32,
    /// Whether others may publish.
    pub(super) open_registry: bool,
}

/// A mediator and two agents.
pub(super) struct Parties {
    mediator: Arc<Mediator>,
    agents: [(&'static str, Arc<Agent>, Trade); 2],
    ledger: Arc<Ledger>,
    blind: bool,
    dids: Vec<Arc<PublicDid>>,
    counts: Arc<Counts>,
}

impl Parties {
    /// Sets them up as they were left, or anew.
    pub(super) async fn open(around: Surroundings, mut kept: Kept) -> Result<Self, SandboxError> {
        let counts = Arc::new(Counts::default());
        let office = Arc::new(Office::new(around.journal.clone(), Arc::clone(&counts)));
        let ledger = Arc::new(open_ledger(&around, Arc::clone(&counts), &mut kept)?);
        let (credentials, put_off) = (mem::take(&mut kept.issued), mem::take(&mut kept.pending));
        let issues = open_agent(&around, &office, ("issuer", agent::ISSUES), &mut kept).await?;
        let verifies =
            open_agent(&around, &office, ("verifier", agent::VERIFIES), &mut kept).await?;
        let issuing = Issuing::new(Arc::clone(&issues), Arc::clone(&ledger), credentials, put_off)
            .map_err(|source| SandboxError::Unreadable { party: "issuer", source })?;
        let verifying = Verifying::new(Arc::clone(&verifies), Arc::clone(&ledger), around.blind);
        let key = kept_key(&office, &kept, "mediator public".into()).await?;
        let public = PublicDid::new(&around.url, "mediator", key).with_socket();
        let desk = Desk::new(office, "mediator", public, mediator::FEATURES.to_vec());
        let dids = vec![issues.did(), verifies.did(), Arc::clone(&desk.public)];
        let mediator = Arc::new(open_mediator(desk, around.gate, kept).await?);
        let agents = [
            ("issuer", issues, Trade::Issuing(Arc::new(issuing))),
            ("verifier", verifies, Trade::Verifying(Arc::new(verifying))),
        ];
        Ok(Self { mediator, agents, ledger, blind: around.blind, dids, counts })
    }

    /// Their routes.
    pub(super) fn router(&self) -> Router {
        let mut router = Router::new().nest("/mediator", self.mediator.router());
        for (name, agent, trade) in &self.agents {
            router = router.nest(&format!("/{name}"), agent.router(trade));
        }
        router = router.nest("/registry", self.ledger.router());
        router.merge(resolver::router(&self.dids)).layer(DefaultBodyLimit::max(wire::MESSAGE_MAX))
    }

    /// What they have seen, for whoever asks; asking changes nothing.
    pub(super) fn stats(&self) -> Router {
        let (counts, verifies) = (Arc::clone(&self.counts), !self.blind);
        let stats = async move || {
            let mut stats = counts.to_value();
            stats["verifies"] = verifies.into();
            Json(stats)
        };
        Router::new().route("/sandbox/stats", get(stats))
    }

    /// Has kept what is not yet: the sandbox ends.
    pub(super) async fn settle(&self) {
        self.mediator.settle().await;
    }
}

fn open_ledger(
    around: &Surroundings,
    counts: Arc<Counts>,
    kept: &mut Kept,
) -> Result<Ledger, SandboxError> {
    let registries = KeptRegistries {
        registries: mem::take(&mut kept.registries),
        lists: mem::take(&mut kept.lists),
        issued: &kept.issued,
        published: mem::take(&mut kept.published),
    };
    let (url, size) = (around.url.as_str(), around.registry_size);
    let terms = registry::Terms { url, size, is_open: around.open_registry };
    Ledger::open(terms, around.journal.clone(), counts, registries).map_err(|error| {
        SandboxError::Unreadable { party: "registry", source: serde_json::Error::custom(error) }
    })
}

async fn open_agent(
    around: &Surroundings,
    office: &Arc<Office>,
    (name, features): (&'static str, &[Feature]),
    kept: &mut Kept,
) -> Result<Arc<Agent>, SandboxError> {
    let key = kept_key(office, kept, format!("{name} public")).await?;
    let public = PublicDid::new(&around.url, name, key);
    let features = [agent::FEATURES, features].concat();
    let desk = Desk::new(Arc::clone(office), name, public, features);
    restore(&desk, kept)?;
    Ok(Arc::new(Agent::new(desk, Arc::clone(&around.gate), around.admin.clone())))
}

async fn open_mediator(
    desk: Desk,
    gate: Arc<Gate>,
    mut kept: Kept,
) -> Result<Mediator, SandboxError> {
    let connections = restore(&desk, &mut kept)?;
    let routing = kept_key(&desk.office, &kept, ROUTING.into()).await?;
    let routing_verkey = *routing.verkey();
    desk.route(routing);
    let invitation = match desk.for_many() {
        Some(invitation) => invitation,
        None => desk.invite(terms(&desk)).await.map_err(not_kept)?,
    };
    let mediator = Mediator::new(desk, gate, invitation, routing_verkey);
    for connection in connections {
        mediator.restore(connection);
    }
    for route in &kept.routes {
        mediator.restore_route(route);
    }
    for parcel in kept.parcels {
        mediator.restore_parcel(parcel).await;
    }
    Ok(mediator)
}

/// The mediator's invitation lets anybody in, whichever way.
fn terms(desk: &Desk) -> Terms {
    let all = [Handshake::DidExchange1_1, Handshake::DidExchange1_0, Handshake::Connections1_0];
    Terms {
        label: desk.label.clone(),
        alias: None,
        handshakes: all.map(|it| it.uri().to_owned()).into(),
        becomes: None,
        public: None,
        created_at: now(),
    }
}

/// The key of this name, which is made once.
async fn kept_key(office: &Office, kept: &Kept, name: String) -> Result<KeyPair, SandboxError> {
    if let Some(row) = kept.keys.iter().find(|row| row.name == name) {
        return Ok(KeyPair::from_seed(row.seed));
    }
    let key = KeyPair::generate();
    let write = Write::Key { name, key: key.clone() };
    let committed = office.journal.commit(vec![write]).await;
    committed.map_err(not_kept)?;
    Ok(key)
}

/// Gives a desk back what is its own.
fn restore(desk: &Desk, kept: &mut Kept) -> Result<Vec<Arc<Connection>>, SandboxError> {
    let unreadable = |source| SandboxError::Unreadable { party: desk.name, source };
    for row in kept.invitations.extract_if(.., |row| row.desk == desk.name) {
        desk.restore_invitation(row).map_err(unreadable)?;
    }
    let rows = kept.connections.extract_if(.., |row| row.desk == desk.name);
    rows.map(|row| desk.restore(row).map_err(unreadable)).collect()
}

fn not_kept(error: impl std::error::Error) -> SandboxError {
    SandboxError::NotKept { reason: error.to_string() }
}
