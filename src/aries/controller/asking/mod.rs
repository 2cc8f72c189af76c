//! What a holder's journey asks of an issuer or a verifier.

mod connections;
mod credentials;
mod presentations;

use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use super::{
    Settings,
    publication::Publication,
    settings::Kind,
    shared::Shared,
    system::{System, Tongue},
    token::{Clock, Tokens},
};

/// An issuer or a verifier that can be asked over HTTPS; one is enough for all trips of a run.
pub struct Controller(System);

impl Controller {
    /// Makes the controller of some settings; nothing is asked yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self::with_clock(settings, Arc::new(now))
    }

    /// The same, by a clock that tells seconds since the Unix epoch.
    pub(super) fn with_clock(settings: Settings, clock: Clock) -> Self {
        let Settings { gate, kind, cred_def_id, .. } = settings;
        let tongue = match kind {
            Kind::Acapy { invitations, exchanges, tenant } => {
                let tokens = tenant.map(|tenant| Box::new(Tokens::new(tenant, clock)));
                Tongue::Acapy { invitations, exchanges, tokens }
            }
            Kind::Custom(custom) => Tongue::Custom(custom),
        };
        let (definition, publication) = (Shared::new(), Publication::new());
        Self(System { gate, tongue, cred_def_id, definition, publication })
    }

    /// Which system it is, without secrets: what rows recorded with it can be told apart by.
    #[must_use]
    pub fn identity(&self) -> &str {
        &self.0.gate.identity
    }
}

impl fmt::Debug for Controller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Controller").field(&self.identity()).finish()
    }
}
