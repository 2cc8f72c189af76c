//! Services: the ways to reach somebody that a document or an invitation tells.

use serde_json::{Map, Value};

use super::{DidError, keys::Keys};
use crate::{aries::didcomm::Verkey, quantity::shortened};

/// Most recipient keys, routing keys or endpoints of a service.
const PARTS_MAX: usize = 16;
/// Longest endpoint, in bytes.
const ENDPOINT_MAX: usize = 2048;

const EXAMPLE_ENDPOINT: &str = "\"https://agent.example.com\"";
const EXAMPLE_KEYS: &str = "[\"did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV\"]";

/// One way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Whom a message is packed for.
    pub recipients: Vec<Verkey>,
    /// Whom it is forwarded through, the nearest to the recipient first.
    pub routing: Vec<Verkey>,
    /// A URL, or the DID of whoever mediates.
    pub endpoint: String,
    /// Lower is better.
    pub priority: i64,
}

impl Service {
    /// Whether the endpoint is a URL of this scheme.
    #[must_use]
    pub fn has_scheme(&self, scheme: &str) -> bool {
        let written = self.endpoint.split_once(':');
        written.is_some_and(|(written, _)| written.eq_ignore_ascii_case(scheme))
    }
}

/// The first of `services` whose endpoint has the first of `schemes` that any has.
pub(in crate::aries::didcomm) fn best<'a>(
    services: &(impl Iterator<Item = &'a Service> + Clone),
    schemes: &[&str],
) -> Option<&'a Service> {
    schemes.iter().find_map(|scheme| services.clone().find(|it| it.has_scheme(scheme)))
}

/// Reads services; the keys that they name are those of a document, if there is one.
#[derive(Default)]
pub(in crate::aries::didcomm) struct Reader<'a> {
    pub(super) keys: Keys<'a>,
}

impl Reader<'_> {
    /// Reads a service: one for each of its endpoints, none if it is not for DIDComm v1.
    pub(in crate::aries::didcomm) fn read(
        &self,
        service: &Map<String, Value>,
    ) -> Result<Vec<Service>, DidError> {
        let kind = service.get("type").and_then(Value::as_str).unwrap_or("did-communication");
        let priority = service.get("priority").and_then(Value::as_i64);
        let priority = match kind {
            "did-communication" | "IndyAgent" => priority.unwrap_or(0),
            "DIDCommMessaging" | "DIDComm" if service.contains_key("recipientKeys") => {
                priority.unwrap_or(0)
            }
            // It names neither recipients nor routing: whatever else there is knows better.
            "endpoint" => i64::MAX,
            _ => return Ok(Vec::new()),
        };
        let endpoints: Vec<_> = match service.get("serviceEndpoint") {
            Some(Value::Array(several)) => several.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        if endpoints.is_empty() {
            return Err(missing(service, "serviceEndpoint", EXAMPLE_ENDPOINT));
        }
        bounded(service, endpoints.len(), "endpoints")?;
        let spoken = endpoints.into_iter().filter(|it| !second_version(service, it));
        spoken.map(|endpoint| self.reach(service, endpoint, priority)).collect()
    }

    fn reach(
        &self,
        service: &Map<String, Value>,
        endpoint: &Value,
        priority: i64,
    ) -> Result<Service, DidError> {
        let routing = endpoint.get("routingKeys").or_else(|| service.get("routingKeys"));
        let routing = self.named(service, "routingKeys", routing)?;
        let mut recipients = self.named(service, "recipientKeys", service.get("recipientKeys"))?;
        if recipients.is_empty() {
            recipients.extend(self.keys.first());
        }
        if recipients.is_empty() {
            return Err(missing(service, "recipientKeys", EXAMPLE_KEYS));
        }
        let written = endpoint.get("uri").unwrap_or(endpoint).as_str();
        let written = written.filter(|it| (1..=ENDPOINT_MAX).contains(&it.len()));
        let written =
            written.ok_or_else(|| missing(service, "serviceEndpoint", EXAMPLE_ENDPOINT))?;
        Ok(Service { recipients, routing, endpoint: written.to_owned(), priority })
    }

    /// The keys of a list of names; nothing is an empty list.
    fn named(
        &self,
        service: &Map<String, Value>,
        field: &'static str,
        names: Option<&Value>,
    ) -> Result<Vec<Verkey>, DidError> {
        let names = match names {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(names)) => names,
            Some(_) => return Err(missing(service, field, EXAMPLE_KEYS)),
        };
        bounded(service, names.len(), field)?;
        let key = |name: &Value| {
            let name = name.as_str().ok_or_else(|| missing(service, field, EXAMPLE_KEYS))?;
            let unknown =
                || DidError::UnknownKey { service: name_of(service), key: shortened(name) };
            self.keys.find(name).ok_or_else(unknown)
        };
        names.iter().map(key).collect()
    }
}

/// Whether an endpoint takes DIDComm v2 and nothing else.
fn second_version(service: &Map<String, Value>, endpoint: &Value) -> bool {
    let accept = endpoint.get("accept").or_else(|| service.get("accept"));
    let accept = accept.and_then(Value::as_array).filter(|it| !it.is_empty());
    accept.is_some_and(|it| it.iter().all(|profile| profile == "didcomm/v2"))
}

fn bounded(service: &Map<String, Value>, count: usize, what: &'static str) -> Result<(), DidError> {
    let place = || format!("service `{}`", name_of(service));
    if count > PARTS_MAX { Err(DidError::too_many(&place(), what, PARTS_MAX)) } else { Ok(()) }
}

fn missing(service: &Map<String, Value>, field: &'static str, example: &'static str) -> DidError {
    DidError::Service { service: name_of(service), field, example }
}

fn name_of(service: &Map<String, Value>) -> String {
    shortened(service.get("id").and_then(Value::as_str).unwrap_or("#inline"))
}
