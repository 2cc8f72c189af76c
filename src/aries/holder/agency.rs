//! What the holders of a process have in common.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio_rustls::TlsConnector;

use super::{HolderError, Observer, inner::Inner};
use crate::aries::{
    compute::Compute,
    didcomm::{
        Verkey,
        did::{DidMethod, Resolver},
        invitation::Handshake,
    },
    ledger::Ledger,
    protocol::pickup::Strategy,
    transport::Http,
};

/// How holders are to behave.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The handshake they use; by default the first of an invitation that they know.
    pub handshake: Option<Handshake>,
    /// How their DIDs are made; DID exchange 1.0 and connections 1.0 have unqualified ones always.
    pub did_method: DidMethod,
    /// How messages are picked up from a mediator.
    pub pickup: Strategy,
    /// Whether a WebSocket is held open to the mediator, or it is asked over HTTP now and then.
    pub socket: bool,
    /// The mediator's WebSocket, where its invitation does not say.
    pub socket_url: Option<String>,
    /// How often the mediator, or whoever is waited for without one, is asked where nothing comes by
    /// itself.
    pub poll_every: Duration,
    /// The longest wait for an answer.
    pub answer_limit: Duration,
    /// The longest that opening a WebSocket may take.
    pub open_limit: Duration,
    /// The waits before the first reconnect and, doubling, before the last.
    pub backoff: (Duration, Duration),
    /// Where messages can be posted for all holders of this process, if anywhere.
    pub endpoint: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            handshake: None,
            did_method: DidMethod::default(),
            pickup: Strategy::Implicit,
            socket: true,
            socket_url: None,
            poll_every: Duration::from_secs(2),
            answer_limit: Duration::from_secs(30),
            open_limit: Duration::from_secs(30),
            backoff: (Duration::from_millis(250), Duration::from_secs(30)),
            endpoint: None,
        }
    }
}

/// What the holders of a process have in common.
pub struct Agency {
    pub(super) settings: Settings,
    pub(super) resolver: Option<Arc<dyn Resolver>>,
    pub(super) tls: Option<TlsConnector>,
    published: Option<Published>,
    /// Holders by each of their keys, where messages are posted for all of them to one address.
    residents: Mutex<HashMap<Verkey, Weak<Inner>>>,
}

/// What dealing in credentials needs.
pub(super) struct Published {
    pub(super) ledger: Arc<Ledger>,
    pub(super) compute: Arc<Compute>,
}

/// What one holder is given by its program.
#[derive(Clone)]
pub struct Means {
    /// Its HTTP client.
    pub http: Arc<dyn Http>,
    /// Who is told of its messages.
    pub observer: Arc<dyn Observer>,
}

impl Agency {
    /// An agency without holders; a `resolver` is needed for public DIDs, `tls` for `wss://`.
    #[must_use]
    pub fn new(
        settings: Settings,
        resolver: Option<Arc<dyn Resolver>>,
        tls: Option<TlsConnector>,
    ) -> Self {
        Self { settings, resolver, tls, published: None, residents: Mutex::default() }
    }

    /// The same with what its holders need to deal in credentials: where published documents are read,
    /// and the threads that compute.
    #[must_use]
    pub fn with_credentials(self, ledger: Arc<Ledger>, compute: Arc<Compute>) -> Self {
        Self { published: Some(Published { ledger, compute }), ..self }
    }

    pub(super) fn published(&self) -> Result<&Published, HolderError> {
        self.published.as_ref().ok_or(HolderError::NoLedger)
    }

    /// Takes a message that was posted to the agency's endpoint; `false` when it is for nobody here.
    #[must_use]
    pub fn receive(&self, packed: &[u8]) -> bool {
        super::arrive::deliver_to_resident(self, packed)
    }

    pub(super) fn house(&self, key: Verkey, holder: &Arc<Inner>) {
        if self.settings.endpoint.is_some() {
            self.residents().insert(key, Arc::downgrade(holder));
        }
    }

    pub(super) fn evict(&self, keys: impl Iterator<Item = Verkey>) {
        if self.settings.endpoint.is_some() {
            let mut residents = self.residents();
            keys.for_each(|key| drop(residents.remove(&key)));
        }
    }

    pub(super) fn resident(&self, key: &Verkey) -> Option<Arc<Inner>> {
        self.residents().get(key).and_then(Weak::upgrade)
    }

    fn residents(&self) -> std::sync::MutexGuard<'_, HashMap<Verkey, Weak<Inner>>> {
        self.residents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
