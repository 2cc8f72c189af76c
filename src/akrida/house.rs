//! What the agents of a process share: connections to the same hosts, threads that compute, and what
//! has been read of each ledger.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use crate::{
    aries::{
        compute::Compute,
        didcomm::Kind,
        holder::{self, Agency, Means, Observer, Received, Sent, Trouble},
        ledger::{self, Ledger},
        transport::{HttpResolver, KnownDids},
    },
    journey::http,
    wallets::http::Client,
};

/// What the agents of a process share.
pub(crate) struct House {
    client: http::Client,
    resolver: Arc<KnownDids>,
    threads: NonZeroUsize,
    /// Made for the first who deals in credentials.
    compute: OnceLock<Arc<Compute>>,
    ledgers: Mutex<Vec<(ledger::Settings, Arc<Ledger>)>>,
}

/// Ledgers that are remembered; of more, the oldest is forgotten.
const LEDGERS_MAX: usize = 16;

impl House {
    /// A house with so many threads to compute credentials on.
    pub(crate) fn new(threads: NonZeroUsize) -> Result<Self, http::SettingsError> {
        let client = http::Client::new(http::Settings::default())?;
        let http = Arc::new(Client(client.for_trip(Arc::new(()))));
        let resolver = HttpResolver { http, universal: None };
        Ok(Self {
            client,
            resolver: Arc::new(KnownDids::new(Arc::new(resolver))),
            threads,
            compute: OnceLock::new(),
            ledgers: Mutex::default(),
        })
    }

    /// Somewhere for holders to live.
    pub(super) async fn agency(
        &self,
        settings: holder::Settings,
        ledger: Option<&ledger::Settings>,
    ) -> Agency {
        let resolver = Arc::<KnownDids>::clone(&self.resolver);
        let tls = self.client.for_trip(Arc::new(())).tls().await;
        let agency = Agency::new(settings, Some(resolver), tls);
        match ledger {
            Some(ledger) => {
                let compute = self.compute.get_or_init(|| Arc::new(Compute::new(self.threads)));
                agency.with_credentials(self.ledger(ledger, compute), Arc::clone(compute))
            }
            None => agency,
        }
    }

    /// What one agent is given: it shares connections with the others, but no cookies.
    pub(super) fn means(&self) -> Means {
        let http = Client(self.client.for_trip(Arc::new(())));
        Means { http: Arc::new(http), observer: Arc::new(Log) }
    }

    fn ledger(&self, settings: &ledger::Settings, compute: &Arc<Compute>) -> Arc<Ledger> {
        let mut ledgers = self.ledgers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ledger)) = ledgers.iter().find(|(known, _)| known == settings) {
            return Arc::clone(ledger);
        }
        if ledgers.len() == LEDGERS_MAX {
            ledgers.remove(0);
        }
        let ledger = Arc::new(Ledger::new(settings.clone(), Arc::clone(compute)));
        ledgers.push((settings.clone(), Arc::clone(&ledger)));
        ledger
    }
}

/// What a holder cannot make sense of is logged: standard output is for answers.
struct Log;

impl Observer for Log {
    fn sent(&self, _: &Kind, _: Sent) {}

    fn received(&self, _: &Kind, _: Received) {}

    fn trouble(&self, trouble: &Trouble) {
        tracing::warn!("{}: {}", trouble.kind, trouble.text);
    }
}
