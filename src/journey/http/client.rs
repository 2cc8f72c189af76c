//! One client for a process, one handle for each trip.

use std::sync::Arc;

use http::{HeaderValue, Method};
use tokio_rustls::TlsConnector;
use url::Url;

use super::{
    cookies::Jar,
    dial::Dialer,
    hop::Observer,
    names::Names,
    pool::Pool,
    request::RequestBuilder,
    settings::{Connections, Settings, SettingsError},
    tls::{self, Tls, Trust},
};

/// The client of a process; clones share its connections.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) agent: HeaderValue,
    pub(super) dialer: Dialer,
    pool: Pool,
}

impl Client {
    /// Makes a client; nothing is opened or read before the first request.
    ///
    /// # Errors
    ///
    /// The user agent or a certificate authority in `settings` cannot be used.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let mut authorities = Vec::new();
        for (index, pem) in settings.ca.iter().enumerate() {
            let read = tls::certificates(pem);
            authorities
                .extend(read.map_err(|source| SettingsError::Ca { number: index + 1, source })?);
        }
        let trust = if settings.insecure { Trust::Anyone } else { Trust::Authorities(authorities) };
        let dialer = Dialer {
            names: Names::default(),
            tls: Tls::new(trust),
            timeout: settings.connect_timeout,
        };
        let (agent, pool) = (settings.agent()?, Pool::new(&settings));
        Ok(Self(Arc::new(Shared { settings, agent, dialer, pool })))
    }

    /// A handle for one trip, with cookies of its own; `observer` is told of each request.
    #[must_use]
    pub fn for_trip(&self, observer: Arc<dyn Observer>) -> Http {
        let settings = &self.0.settings;
        let own = match settings.connections {
            Connections::Shared => None,
            Connections::Own => Some(Box::new(Pool::new(settings))),
        };
        let shared = Arc::clone(&self.0);
        Http(Arc::new(Trip { shared, observer, jar: Jar::default(), own }))
    }
}

/// The HTTP client of one trip; clones share its cookies.
#[derive(Clone)]
pub struct Http(pub(super) Arc<Trip>);

pub(super) struct Trip {
    pub(super) shared: Arc<Shared>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) jar: Jar,
    own: Option<Box<Pool>>,
}

impl Trip {
    pub(super) fn pool(&self) -> &Pool {
        self.own.as_deref().unwrap_or(&self.shared.pool)
    }
}

impl Http {
    /// Begins a `GET`.
    pub fn get(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::GET, url)
    }

    /// Begins a `POST`.
    pub fn post(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::POST, url)
    }

    /// Begins a `PUT`.
    pub fn put(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::PUT, url)
    }

    /// Begins a `PATCH`.
    pub fn patch(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::PATCH, url)
    }

    /// Begins a `DELETE`.
    pub fn delete(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::DELETE, url)
    }

    /// Begins a `HEAD`.
    pub fn head(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::HEAD, url)
    }

    /// Begins an `OPTIONS`.
    pub fn options(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::OPTIONS, url)
    }

    /// Begins a request of any method; a URL that is none is told by [`RequestBuilder::send`].
    pub fn request(&self, method: Method, url: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder::new(self.clone(), method, url.as_ref())
    }

    /// What makes connections of other protocols private, trusting whom requests trust; `None` when
    /// there is nobody to trust.
    pub(crate) async fn tls(&self) -> Option<TlsConnector> {
        self.0.shared.dialer.tls.connector().await.ok()
    }

    /// The value of the cookie of this name that a request to `url` would send.
    #[must_use]
    pub fn cookie(&self, url: impl AsRef<str>, name: &str) -> Option<String> {
        self.0.jar.value(&Url::parse(url.as_ref()).ok()?, name)
    }

    /// Keeps a cookie as if `url` had set it, such as `session=1; Path=/`; what is none is ignored.
    pub fn add_cookie(&self, url: impl AsRef<str>, set_cookie: &str) {
        if let Ok(url) = Url::parse(url.as_ref()) {
            self.0.jar.add(&url, set_cookie);
        }
    }
}
