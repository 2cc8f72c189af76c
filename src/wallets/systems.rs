//! What all wallets of a run share: the systems under test, asked about once.

use std::{
    collections::HashMap,
    fmt::Display,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{net::TcpListener, sync::OnceCell};

use super::{
    Invited,
    credential::CredentialSettings,
    events, failure,
    http::Client,
    proof_requests::ProofRequests,
    settings::{MediatorSettings, WalletSettings},
    well_configured::ledger,
};
use crate::{
    aries::{
        compute::Compute,
        controller::{self, Controller},
        didcomm::invitation::Invitation,
        holder::{self, Agency},
        ledger::Ledger,
        transport::{Http, HttpResolver, KnownDids, fetch_invitation},
    },
    journey::{Context, Failure},
};

/// What all wallets of a run share.
pub(super) struct Systems {
    pub(super) agency: Arc<Agency>,
    pub(super) proof_requests: ProofRequests,
    /// The longest wait for an answer.
    pub(super) answer_limit: Duration,
    credential: Option<CredentialSettings>,
    mediator: Option<MediatorSettings>,
    /// Fetched by the first wallet that needs it.
    mediator_invitation: OnceCell<Invitation>,
    controllers: Mutex<HashMap<String, Arc<Controller>>>,
    /// Invitations that many answer, by the name of their system.
    invitations: Mutex<HashMap<String, Arc<OnceCell<Invited>>>>,
}

/// Made by the first wallet, while the others wait.
type Shared = OnceCell<Arc<Systems>>;

impl Systems {
    /// Those of the run; the first wallet reads them from `[config]`.
    pub(super) async fn of(ctx: &Context) -> Result<Arc<Self>, Failure> {
        let shared = ctx.shared(|| Ok(Shared::new()))?;
        // Boxed, because one trip of all needs what it takes.
        shared.get_or_try_init(|| Box::pin(Self::make(ctx))).await.cloned()
    }

    async fn make(ctx: &Context) -> Result<Arc<Self>, Failure> {
        let config = ctx.settings();
        let settings = WalletSettings::read(config).map_err(wrong)?;
        let proof_requests = ProofRequests::read(config).map_err(wrong)?;
        let credential = CredentialSettings::read(config).map_err(wrong)?;
        events::listen(ctx).await?;
        let listener = match settings.holders.listen {
            Some(address) => Some(TcpListener::bind(address).await?),
            None => None,
        };
        let resolver = HttpResolver {
            http: Arc::new(Client(ctx.http().clone())),
            universal: settings.holders.resolver.clone(),
        };
        let resolver = Arc::new(KnownDids::new(Arc::new(resolver)));
        let told = settings.agency();
        let answer_limit = told.answer_limit;
        let agency = Agency::new(told, Some(resolver), ctx.http().tls().await);
        let agency = match ledger(config).map_err(wrong)? {
            Some(ledger) => {
                let compute = Arc::new(Compute::new(settings.holders.compute_threads()));
                agency
                    .with_credentials(Arc::new(Ledger::new(ledger, Arc::clone(&compute))), compute)
            }
            None => agency,
        };
        let agency = Arc::new(agency);
        if let Some(listener) = listener {
            tokio::spawn(holder::serve(listener, Arc::clone(&agency)));
        }
        Ok(Arc::new(Self {
            agency,
            answer_limit,
            proof_requests,
            credential,
            mediator: settings.mediator,
            mediator_invitation: OnceCell::new(),
            controllers: Mutex::default(),
            invitations: Mutex::default(),
        }))
    }

    pub(super) fn has_mediator(&self) -> bool {
        self.mediator.is_some()
    }

    /// What issuers are to be asked to issue.
    pub(super) fn credential(&self) -> Result<&CredentialSettings, Failure> {
        self.credential.as_ref().ok_or_else(|| wrong(CredentialSettings::missing()))
    }

    pub(super) async fn mediator_invitation(
        &self,
        http: &dyn Http,
    ) -> Result<Option<&Invitation>, Failure> {
        let Some(mediator) = &self.mediator else { return Ok(None) };
        let fetch = || fetch_invitation(http, &mediator.invitation);
        self.mediator_invitation.get_or_try_init(fetch).await.map(Some).map_err(failure::fetch)
    }

    /// Where a system's invitation for many is kept.
    pub(super) fn shared_invitation(&self, system: &str) -> Arc<OnceCell<Invited>> {
        let mut invitations = self.invitations.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(invitations.entry(system.to_owned()).or_default())
    }

    /// The controller of a system, such as `issuer`: all trips share its token.
    pub(super) fn controller(
        &self,
        ctx: &Context,
        system: &str,
    ) -> Result<Arc<Controller>, Failure> {
        let mut controllers = self.controllers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(controller) = controllers.get(system) {
            return Ok(Arc::clone(controller));
        }
        let settings: controller::Settings = ctx.config_as(system)?;
        let controller = Arc::new(Controller::new(settings));
        controllers.insert(system.to_owned(), Arc::clone(&controller));
        Ok(controller)
    }
}

fn wrong(error: impl Display) -> Failure {
    Failure::new("config", error.to_string())
}
