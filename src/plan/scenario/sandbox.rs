//! How the embedded target behaves, as a scenario says it.

use std::{ops::Range, path::PathBuf, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer};

use crate::quantity::{Percent, Span, Written, from_text, shortened};

/// The keys of `[sandbox]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SandboxSettings {
    /// How long each answer waits before it starts.
    #[serde(deserialize_with = "from_text::<Span, _, _>")]
    pub delay: Duration,
    /// Answers that would start in this time after the first request wait until its end.
    #[serde(deserialize_with = "window")]
    pub freeze: Option<Range<Duration>>,
    /// The part of answers, from 0 to 1, that are failures.
    #[serde(deserialize_with = "from_text::<Percent, _, _>")]
    pub failure_rate: f64,
    /// The part of DIDComm messages, from 0 to 1, that it takes and loses.
    #[serde(deserialize_with = "from_text::<Percent, _, _>")]
    pub loss: f64,
    /// How long a WebSocket stays open before it closes it.
    #[serde(deserialize_with = "span")]
    pub close_sockets_after: Option<Duration>,
    /// Whether its verifier takes every presentation for true and computes nothing.
    pub blind: bool,
    /// How many credentials a revocation registry of its issuer is for; 1,000 if it is not said.
    pub registry_size: Option<u32>,
    /// Where it keeps what it has issued, relative to the current directory.
    pub directory: PathBuf,
}

impl Default for SandboxSettings {
    fn default() -> Self {
        Self {
            delay: Duration::ZERO,
            freeze: None,
            failure_rate: 0.0,
            loss: 0.0,
            close_sockets_after: None,
            blind: false,
            registry_size: None,
            directory: "sandbox-data".into(),
        }
    }
}

/// A stretch of time: `3s..4s`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window(pub Range<Duration>);

impl FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split_once("..")
            .and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)))
            .filter(|(Span(from), Span(to))| from < to)
            .map(|(Span(from), Span(to))| Self(from..to))
            .ok_or_else(|| {
                let text = shortened(text);
                format!("`{text}` is no stretch of time, which is written like `3s..4s`")
            })
    }
}

impl From<Window> for Option<Range<Duration>> {
    fn from(window: Window) -> Self {
        Some(window.0)
    }
}

impl Written for Window {
    const EXAMPLE: &'static str = "3s..4s";
}

fn window<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Range<Duration>>, D::Error> {
    from_text::<Window, _, _>(deserializer)
}

fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    from_text::<Span, _, _>(deserializer).map(Some)
}
