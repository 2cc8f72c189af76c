//! What all requests of a process have in common.

use std::time::Duration;

use http::HeaderValue;

use super::tls;

/// What all requests of a process have in common.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The longest that one request may take, from its start to the last byte of the answer; each
    /// redirect that is followed begins anew.
    pub timeout: Duration,
    /// The longest that name lookup, TCP and TLS together may take.
    pub connect_timeout: Duration,
    /// How many redirects are followed; with 0 the redirect itself is the response.
    pub redirects: usize,
    /// Accepts any certificate, for targets that have none that could be checked.
    pub insecure: bool,
    /// Certificate authorities trusted besides those of the system, each one file of PEM.
    pub ca: Vec<Vec<u8>>,
    /// Whose the connections are.
    pub connections: Connections,
    /// The `User-Agent`; `engine/<version>` by default.
    pub user_agent: Option<String>,
    /// The longest body of an answer, in bytes.
    pub body_bytes_max: usize,
    /// How long an idle connection is kept.
    pub idle_timeout: Duration,
    /// How many idle connections are kept to one scheme, host and port.
    pub idle_per_origin_max: usize,
    /// How many idle connections are kept altogether.
    pub idle_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            redirects: 10,
            insecure: false,
            ca: Vec::new(),
            connections: Connections::Shared,
            user_agent: None,
            body_bytes_max: 16 << 20,
            idle_timeout: Duration::from_secs(90),
            idle_per_origin_max: 10_000,
            idle_max: 50_000,
        }
    }
}

impl Settings {
    pub(super) fn agent(&self) -> Result<HeaderValue, SettingsError> {
        let default = concat!("engine/", env!("CARGO_PKG_VERSION"));
        let agent = self.user_agent.as_deref().unwrap_or(default);
        HeaderValue::from_str(agent).map_err(|_| SettingsError::UserAgent(agent.to_owned()))
    }
}

/// Whose the connections are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connections {
    /// All trips': one takes what another has finished with.
    #[default]
    Shared,
    /// The trip's own, as those of a new user are: they close when it ends.
    Own,
}

/// Settings that no client can be made of.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The user agent has characters that no header may have.
    #[error("user agent {0:?} is not a header value; write one line, such as \"shop/1.0\"")]
    UserAgent(String),
    /// A certificate authority cannot be read.
    #[error("certificate authority {number} cannot be used; give the text of a PEM file")]
    Ca {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        source: tls::CaError,
    },
}
