//! How journeys speak HTTP, as a scenario says it.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Deserializer, de::Error};

use crate::quantity::{Size, Span, from_text};

/// The keys of `[http]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSettings {
    /// How long a request may take, answer and all; longer than zero.
    #[serde(deserialize_with = "some_time")]
    pub timeout: Duration,
    /// How long opening a connection may take; longer than zero.
    #[serde(deserialize_with = "some_time")]
    pub connect_timeout: Duration,
    /// How many redirects are followed.
    pub redirects: u32,
    /// Whether certificates go unchecked.
    pub insecure: bool,
    /// A PEM file of certificate authorities to trust as well, relative to the current directory.
    pub ca: Option<PathBuf>,
    /// Who keeps connections.
    pub connections: Connections,
    /// What the `User-Agent` header says, if not the default.
    pub user_agent: Option<String>,
    /// Bytes that the body of an answer may have.
    #[serde(deserialize_with = "from_text::<Size, _, _>")]
    pub max_body: u64,
}

/// Who keeps connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Connections {
    /// All trips together.
    #[default]
    Shared,
    /// Each trip its own, as a device does.
    Own,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            redirects: 10,
            insecure: false,
            ca: None,
            connections: Connections::Shared,
            user_agent: None,
            max_body: 16 << 20,
        }
    }
}

/// Reads a time that is longer than zero.
pub(super) fn some_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let span: Duration = from_text::<Span, _, _>(deserializer)?;
    if span.is_zero() {
        return Err(D::Error::custom(
            "zero does not mean unlimited: it has to be some time, such as `30s`",
        ));
    }
    Ok(span)
}
