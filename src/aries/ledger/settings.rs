//! How a scenario says where published documents are read.

use std::{borrow::Cow, collections::BTreeMap, fmt, path::PathBuf, time::Duration};

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};
use url::Url;

use super::web::{Header, Web};
use crate::quantity::{Span, shortened};

/// Where published documents are read, and how long a revocation status list counts as new; it may
/// hold secrets, which it does not show.
///
/// In a scenario it is the URL of an AnonCreds registry over HTTP, or a table:
///
/// ```toml
/// [config]
/// ledger = "http://127.0.0.1:8080/registry"
/// ledger = { kind = "registry", url = "https://registry.example", bearer = "…", refresh = "5s" }
/// ledger = { kind = "indy-vdr-proxy", url = "https://vdr.example/bcovrin:test" }
/// ledger = { kind = "file", path = "published.json" }
/// ```
#[derive(Clone, PartialEq)]
pub struct Settings {
    pub(super) place: Place,
    pub(super) refresh: Duration,
}

/// Where documents are.
#[derive(Clone, PartialEq)]
pub(super) enum Place {
    /// An AnonCreds registry over HTTP.
    Registry(Web),
    /// An indy-vdr-proxy.
    Indy(Web),
    /// A file.
    File(PathBuf),
}

/// Why settings are none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Neither a URL nor a table.
    #[error("a ledger is a URL or a table, such as `{REGISTRY}`")]
    Form,
    /// No such kind.
    #[error("no ledger is of kind `{kind}`: {hint}; a right one is `{REGISTRY}`")]
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

const REGISTRY: &str = r#"{ kind = "registry", url = "https://registry.example" }"#;
const INDY: &str = r#"{ kind = "indy-vdr-proxy", url = "https://vdr.example" }"#;
const FILE: &str = r#"{ kind = "file", path = "published.json" }"#;
const KINDS: [&str; 3] = ["registry", "indy-vdr-proxy", "file"];
/// How long a revocation status list counts as the newest if nothing else is said.
const REFRESH: Duration = Duration::from_secs(1);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebTable {
    url: String,
    bearer: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    refresh: Option<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTable {
    path: PathBuf,
}

impl Settings {
    /// Reads settings from what a scenario says: a URL, or a table with a `kind`.
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
        let kind = table.remove("kind").unwrap_or_else(|| "registry".into());
        match kind.as_str().unwrap_or_default() {
            "registry" => web(table, Place::Registry, REGISTRY),
            "indy-vdr-proxy" => web(table, Place::Indy, INDY),
            "file" => {
                let FileTable { path } = read(table, FILE)?;
                // What a file says does not change.
                Ok(Self { place: Place::File(path), refresh: Duration::MAX })
            }
            other => {
                Err(SettingsError::Kind { kind: shortened(other), hint: suggestion(other, &KINDS) })
            }
        }
    }

    /// Where it is, without secrets: what rows recorded with it can be told apart by.
    #[must_use]
    pub fn identity(&self) -> Cow<'_, str> {
        match &self.place {
            Place::Registry(web) | Place::Indy(web) => Cow::Borrowed(&web.place),
            Place::File(path) => path.to_string_lossy(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Settings");
        shown.field("identity", &self.identity()).finish_non_exhaustive()
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(from)?).map_err(D::Error::custom)
    }
}

fn web(
    table: Map<String, Value>,
    place: fn(Web) -> Place,
    example: &'static str,
) -> Result<Settings, SettingsError> {
    let WebTable { url, bearer, headers: given, refresh } = read(table, example)?;
    let url = base_url(&url).map_err(wrong(example))?;
    let headers = headers(given, bearer).map_err(wrong(example))?;
    let refresh = refresh.map_or(REFRESH, Duration::from);
    Ok(Settings { place: place(Web::new(&url, headers)), refresh })
}

fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    let url = url.filter(Url::has_host).ok_or("`url` must begin with http:// or https://")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("`url` must not hold a name or password: say `bearer` or `headers`".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("`url` must end before `?` and `#`".into());
    }
    Ok(url)
}

fn headers(given: BTreeMap<String, String>, bearer: Option<String>) -> Result<Vec<Header>, String> {
    let bearer = bearer.map(|token| (Cow::from("Authorization"), format!("Bearer {token}")));
    let given = given.into_iter().map(|(name, value)| (Cow::from(name), value));
    let all = bearer.into_iter().chain(given).map(|(name, value)| {
        let token = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
        if name.is_empty() || !name.bytes().all(token) {
            let name = shortened(&name);
            return Err(format!("`{name}` is no name of a header, such as `X-API-Key`"));
        }
        if !value.bytes().all(|it| it.is_ascii_graphic() || it == b' ') {
            return Err(format!("header `{name}`: its value holds what no header can"));
        }
        Ok((name, value))
    });
    all.collect()
}

fn wrong(example: &'static str) -> impl Fn(String) -> SettingsError {
    move |problem| SettingsError::Key { problem, example }
}

fn read<'de, T: Deserialize<'de>>(
    table: Map<String, Value>,
    example: &'static str,
) -> Result<T, SettingsError> {
    serde_path_to_error::deserialize(Value::Object(table)).map_err(|error| {
        let path = error.path().to_string();
        wrong(example)(explain(&path, &error.inner().to_string()))
    })
}

/// Says what is wrong at a key. The message of a wrong type repeats the value, which may be
/// secret: only what was expected is taken from it.
fn explain(path: &str, message: &str) -> String {
    let key = shortened(path);
    if message.starts_with("unknown field") {
        let mut names = message.split('`').skip(1).step_by(2);
        let wrong = names.next().unwrap_or_default();
        let names: Vec<_> = names.collect();
        return format!("unknown key `{}`: {}", shortened(wrong), suggestion(wrong, &names));
    }
    if let Some(missing) = message.strip_prefix("missing field ") {
        return format!("missing key {missing}");
    }
    match message.rsplit_once("expected ") {
        Some((_, expected)) => format!("`{key}` must be {expected}"),
        None if path == "refresh" => format!("`refresh`: {message}"),
        None => format!("`{key}` is not understood"),
    }
}

/// The name that is meant by a wrong one, or all there are.
fn suggestion(wrong: &str, names: &[&str]) -> String {
    let likeness = |name: &str| strsim::jaro_winkler(name, wrong);
    let nearest = names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest {
        Some(nearest) if likeness(nearest) >= 0.75 => format!("did you mean `{nearest}`?"),
        Some(_) | None => format!("there are `{}`", names.join("`, `")),
    }
}
