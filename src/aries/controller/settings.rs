//! How a scenario says which issuer or verifier is asked, and how.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};

use super::{
    acapy::{Exchanges, Invitations},
    custom::Custom,
    events::{Events, Whose},
    gate::Gate,
    table::{AgentTable, CustomTable},
    token::Tenant,
};

/// Which system is asked, and how; it holds secrets, which it does not show.
///
/// In a scenario it is the URL of an ACA-Py admin API, or a table:
///
/// ```toml
/// [config]
/// issuer = "http://127.0.0.1:8031"
/// verifier = { kind = "traction", url = "https://tenant-proxy.example", tenant_id = "…", api_key = "…" }
///
/// [config.old_issuer]
/// url = "http://127.0.0.1:8031"
/// wallet_type = "askar"
/// protocol = "1.0"
///
/// [config.gateway]
/// kind = "custom"
/// url = "https://gateway.example/api"
/// bearer = "…"
/// invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" }
/// message = { url = "/connections/{connection_id}/messages", body = { text = "{content}" } }
/// verdict = { url = "/requests/{exchange_id}", state = "/state", verified = "/verified" }
/// ```
#[derive(Clone)]
pub struct Settings {
    pub(super) gate: Gate,
    pub(super) kind: Kind,
    /// The credential definition that credentials are of, if it is said.
    pub(super) cred_def_id: Option<String>,
    /// How what becomes of exchanges is heard, if it is.
    pub(super) events: Option<Events>,
    /// Whose events are taken.
    pub(super) whose: Whose,
}

/// What is known of a system.
#[derive(Clone)]
pub(super) enum Kind {
    Acapy { invitations: Invitations, exchanges: Exchanges, tenant: Option<Tenant> },
    Custom(Custom),
}

/// Why settings are none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Neither a URL nor a table.
    #[error("a controller is a URL or a table, such as `{ACAPY}`")]
    Form,
    /// No such kind.
    #[error("no controller is of kind `{kind}`: {hint}; a right one is `{ACAPY}`")]
    Kind {
        /// The kind as written.
        kind: String,
        /// The kinds there are.
        hint: String,
    },
    /// A key that is not known, missing, or of a wrong value.
    #[error("{problem}; a right one is `{example}`")]
    Key {
        /// What is wrong with which key.
        problem: String,
        /// A right table.
        example: &'static str,
    },
}

const ACAPY: &str = r#"{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }"#;
const TRACTION: &str =
    r#"{ kind = "traction", url = "https://proxy.example", tenant_id = "…", api_key = "…" }"#;
const CUSTOM: &str = r#"{ kind = "custom", url = "https://gateway.example", invitation = { url = "/invitations", body = { name = "{label}" }, invitation = "/data/url" } }"#;
const KINDS: [&str; 3] = ["acapy", "traction", "custom"];

impl Settings {
    /// Reads settings from what a scenario says.
    ///
    /// # Errors
    /// It says something else; the error shows what would be right, and no value that may be secret.
    pub fn from_value(value: Value) -> Result<Self, SettingsError> {
        let mut table = match value {
            Value::String(url) => Map::from_iter([("url".to_owned(), Value::String(url))]),
            Value::Object(table) => table,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                return Err(SettingsError::Form);
            }
        };
        let kind = table.remove("kind").unwrap_or_else(|| "acapy".into());
        let table = Value::Object(table);
        match kind.as_str().unwrap_or_default() {
            "acapy" => read(table).and_then(AgentTable::acapy).map_err(wrong(ACAPY)),
            "traction" => read(table).and_then(AgentTable::traction).map_err(wrong(TRACTION)),
            "custom" => read(table).and_then(CustomTable::settings).map_err(wrong(CUSTOM)),
            other => Err(SettingsError::Kind {
                kind: crate::quantity::shortened(other),
                hint: suggestion(other, &KINDS),
            }),
        }
    }
}

impl Settings {
    /// How what becomes of its exchanges is heard, if it is.
    #[must_use]
    pub fn events(&self) -> Option<Events> {
        self.events
    }

    /// Whose events are taken where an agent has many wallets.
    #[must_use]
    pub fn whose(&self) -> Whose {
        self.whose.clone()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("identity", &self.gate.identity).finish_non_exhaustive()
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(from)?).map_err(D::Error::custom)
    }
}

fn wrong(example: &'static str) -> impl Fn(String) -> SettingsError {
    move |problem| SettingsError::Key { problem, example }
}

/// Reads a table, or says what is wrong with which key.
pub(super) fn read<T: DeserializeOwned>(table: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(table)
        .map_err(|error| explain(&error.path().to_string(), &error.inner().to_string()))
}

/// Says what is wrong at a key. The message of a wrong type repeats the value, which may be
/// secret: only what was expected is taken from it.
fn explain(path: &str, message: &str) -> String {
    let key = crate::quantity::shortened(path);
    if message.starts_with("unknown field") {
        let mut names = message.split('`').skip(1).step_by(2);
        let wrong = names.next().unwrap_or_default();
        let names: Vec<_> = names.collect();
        let wrong_key = crate::quantity::shortened(wrong);
        return format!("unknown key `{wrong_key}`: {}", suggestion(wrong, &names));
    }
    if let Some(missing) = message.strip_prefix("missing field ") {
        let within = if path == "." { String::new() } else { format!(" in `{key}`") };
        return format!("missing key {missing}{within}");
    }
    match message.rsplit_once("expected ") {
        Some((_, expected)) if path == "." => format!("must be {expected}"),
        Some((_, expected)) => format!("`{key}` must be {expected}"),
        None => format!("`{key}` is not understood"),
    }
}

/// The name that is meant by a wrong one, or all there are.
pub(super) fn suggestion(wrong: &str, names: &[&str]) -> String {
    let likeness = |name: &str| strsim::jaro_winkler(name, wrong);
    let nearest = names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest {
        Some(nearest) if likeness(nearest) >= 0.75 => format!("did you mean `{nearest}`?"),
        Some(_) | None => format!("there are `{}`", names.join("`, `")),
    }
}
