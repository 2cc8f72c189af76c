//! What all wallets of a run share: the systems under test, asked about once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Deserialize;
use tokio::sync::OnceCell;

use super::{
    failure,
    settings::{MediatorSettings, WalletSettings},
};
use crate::{
    aries::{
        controller::{self, Controller},
        didcomm::invitation::Invitation,
        holder::Agency,
        transport::{Http, fetch_invitation},
    },
    journey::{Context, Failure},
};

/// What all wallets of a run share.
pub(super) struct Systems {
    pub(super) agency: Arc<Agency>,
    mediator: Option<MediatorSettings>,
    /// Fetched by the first wallet that needs it.
    mediator_invitation: OnceCell<Invitation>,
    controllers: Mutex<HashMap<String, Arc<Controller>>>,
}

impl Systems {
    /// Those of the run; the first wallet reads them from `[config]`.
    pub(super) fn of(ctx: &Context) -> Result<Arc<Self>, Failure> {
        ctx.shared(|| {
            let settings = WalletSettings::read(ctx.settings())
                .map_err(|error| Failure::new("config", error.to_string()))?;
            Ok(Self {
                agency: Arc::new(Agency::new(settings.agency(), None, None)),
                mediator: settings.mediator,
                mediator_invitation: OnceCell::new(),
                controllers: Mutex::default(),
            })
        })
    }

    pub(super) fn has_mediator(&self) -> bool {
        self.mediator.is_some()
    }

    pub(super) async fn mediator_invitation(
        &self,
        http: &dyn Http,
    ) -> Result<Option<&Invitation>, Failure> {
        let Some(mediator) = &self.mediator else { return Ok(None) };
        let fetch = || fetch_invitation(http, &mediator.invitation);
        self.mediator_invitation.get_or_try_init(fetch).await.map(Some).map_err(failure::fetch)
    }

    /// The controller of a system, such as `issuer`: all trips share its token.
    pub(super) fn controller(&self, ctx: &Context, system: &str) -> Result<Arc<Controller>, Failure> {
        let mut controllers = self.controllers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(controller) = controllers.get(system) {
            return Ok(Arc::clone(controller));
        }
        let settings: controller::Settings = ctx.config_as(system)?;
        let controller = Arc::new(Controller::new(settings).map_err(failure::controller)?);
        controllers.insert(system.to_owned(), Arc::clone(&controller));
        Ok(controller)
    }
}
