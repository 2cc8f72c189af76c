//! The tables that describe a controller, key by key.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{
    acapy::Invitations,
    custom::{Action, Custom, Places},
    gate::{Gate, Header, Secret},
    settings::{Kind, Settings, suggestion},
    template::{BodyTemplate, Slot, Template},
    token::Tenant,
};
use crate::aries::transport::Method;

/// Handshakes as settings name them.
const HANDSHAKES: [&str; 3] = ["didexchange/1.1", "didexchange/1.0", "connections/1.0"];
const LEGACY: &str = HANDSHAKES[2];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcapyTable {
    url: String,
    api_key: Option<String>,
    bearer: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    handshake: Option<OneOrMany>,
    #[serde(default)]
    multi_use: bool,
    #[serde(default)]
    legacy: bool,
    #[serde(default)]
    public_did: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TractionTable {
    url: String,
    tenant_id: Option<String>,
    api_key: Option<String>,
    wallet_id: Option<String>,
    wallet_key: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    handshake: Option<OneOrMany>,
    #[serde(default)]
    multi_use: bool,
    #[serde(default)]
    legacy: bool,
    #[serde(default)]
    public_did: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomTable {
    url: String,
    api_key: Option<String>,
    bearer: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    invitation: ActionTable,
    connection: Option<ActionTable>,
    ready: Option<ActionTable>,
    message: Option<ActionTable>,
    ping: Option<ActionTable>,
    menu: Option<ActionTable>,
    live: Option<ActionTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActionTable {
    method: Option<String>,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
    invitation: Option<String>,
    connection_id: Option<String>,
    invitation_id: Option<String>,
    state: Option<String>,
    is: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a name such as \"didexchange/1.1\" or a list of them")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl AcapyTable {
    pub(super) fn settings(self) -> Result<Settings, String> {
        let headers = headers(self.headers, self.api_key, self.bearer)?;
        let gate = Gate::to(&base_url(&self.url)?, headers);
        let invitations = invitations(self.handshake, self.legacy)?;
        let invitations =
            Invitations { multi_use: self.multi_use, public_did: self.public_did, ..invitations };
        Ok(Settings { gate, kind: Kind::Acapy { invitations, tenant: None } })
    }
}

impl TractionTable {
    pub(super) fn settings(self) -> Result<Settings, String> {
        let tenant = match (self.tenant_id, self.api_key, self.wallet_id, self.wallet_key) {
            (Some(id), Some(key), None, None) => Tenant::Tenant { id, key: Secret(key) },
            (None, None, Some(id), Some(key)) => Tenant::Wallet { id, key: Secret(key) },
            _ => return Err(
                "a tenant has either `tenant_id` and `api_key`, or `wallet_id` and `wallet_key`"
                    .into(),
            ),
        };
        if ["", ".", ".."].contains(&tenant.id()) {
            return Err("the id of a tenant must be one".into());
        }
        let mut gate = Gate::to(&base_url(&self.url)?, headers(self.headers, None, None)?);
        // Each tenant has connections and credentials of its own.
        gate.identity = format!("{}#{}", gate.identity, tenant.id());
        let invitations = invitations(self.handshake, self.legacy)?;
        let invitations =
            Invitations { multi_use: self.multi_use, public_did: self.public_did, ..invitations };
        Ok(Settings { gate, kind: Kind::Acapy { invitations, tenant: Some(tenant) } })
    }
}

impl CustomTable {
    pub(super) fn settings(self) -> Result<Settings, String> {
        use Slot::{ConnectionId, Content, InvitationId, Label, Menu};
        let gate =
            Gate::to(&base_url(&self.url)?, headers(self.headers, self.api_key, self.bearer)?);
        let custom = Custom {
            invitation: self.invitation.action(
                "invitation",
                &[Label],
                &[("invitation", true), ("connection_id", false), ("invitation_id", false)],
            )?,
            connection: action(
                self.connection,
                "connection",
                (&[InvitationId], &[("connection_id", true)]),
            )?,
            ready: action(self.ready, "ready", (&[ConnectionId], &[("state", true)]))?,
            message: action(self.message, "message", (&[ConnectionId, Content], &[]))?,
            ping: action(self.ping, "ping", (&[ConnectionId], &[]))?,
            menu: action(self.menu, "menu", (&[ConnectionId, Menu], &[]))?,
            live: action(self.live, "live", (&[], &[]))?,
        };
        Ok(Settings { gate, kind: Kind::Custom(Box::new(custom)) })
    }
}

/// Slots that are filled when an action is asked for, and places that are looked at in its answer,
/// with whether they must be told.
type Uses<'a> = (&'a [Slot], &'a [(&'a str, bool)]);

fn action(
    table: Option<ActionTable>,
    name: &str,
    (slots, places): Uses<'_>,
) -> Result<Option<Action>, String> {
    table.map(|table| table.action(name, slots, places)).transpose()
}

impl ActionTable {
    fn action(self, name: &str, slots: &[Slot], used: &[(&str, bool)]) -> Result<Action, String> {
        let within = |problem: String| format!("`{name}`: {problem}");
        let body = match self.body {
            // Text is JSON, so that a body can be copied as it stands in a manual.
            Some(Value::String(text)) => Some(serde_json::from_str(&text).map_err(|_| {
                within("`body` must be a table, or JSON with `{…}` in quotes".into())
            })?),
            body => body,
        };
        let body = body.map(|body| BodyTemplate::parse(body, slots)).transpose().map_err(within)?;
        let url = Template::parse(&self.url, slots).map_err(within)?;
        check_place(url.beginning()).map_err(within)?;
        let method = method(self.method.as_deref(), body.is_some()).map_err(within)?;
        let headers = headers(self.headers, None, None).map_err(within)?;
        let told = [
            ("invitation", &self.invitation),
            ("connection_id", &self.connection_id),
            ("invitation_id", &self.invitation_id),
            ("state", &self.state),
        ];
        for (place, pointer) in told {
            check_pointer(place, pointer.as_deref(), used).map_err(within)?;
        }
        let is = self.is.unwrap_or_else(|| vec!["active".into(), "completed".into()]);
        let Self { invitation, connection_id, invitation_id, state, .. } = self;
        let places = Places { invitation, connection_id, invitation_id, state, is };
        Ok(Action { method, url, headers, body, places })
    }
}

fn check_pointer(place: &str, pointer: Option<&str>, used: &[(&str, bool)]) -> Result<(), String> {
    let needed = used.iter().find(|(it, _)| *it == place).map(|(_, needed)| *needed);
    match (pointer, needed) {
        (None, Some(true)) => {
            Err(format!("missing key `{place}`, such as `{place} = \"/data/{place}\"`"))
        }
        (Some(_), None) => Err(format!("`{place}` is not looked at in this answer")),
        (Some(pointer), Some(_)) if !pointer.is_empty() && !pointer.starts_with('/') => {
            Err(format!("`{place}` must be a JSON pointer, such as `/data/{place}`"))
        }
        (Some(_) | None, _) => Ok(()),
    }
}

/// Whether what comes before the first slot says which server is asked.
fn check_place(beginning: &str) -> Result<(), String> {
    let whole = beginning.split_once("://").is_some_and(|(_, after)| after.contains('/'));
    let path = beginning.starts_with('/') && !beginning.starts_with("//");
    if path || (whole && base_url(beginning.split('?').next().unwrap_or(beginning)).is_ok()) {
        return Ok(());
    }
    Err("`url` must be a path such as `/invitations`, or a URL whose server is no slot".into())
}

fn method(name: Option<&str>, has_body: bool) -> Result<Method, String> {
    match name.map(str::to_ascii_uppercase).as_deref() {
        None if has_body => Ok(Method::Post),
        None | Some("GET") => Ok(Method::Get),
        Some("POST") => Ok(Method::Post),
        Some("PUT") => Ok(Method::Put),
        Some("PATCH") => Ok(Method::Patch),
        Some("DELETE") => Ok(Method::Delete),
        Some(_) => Err("`method` must be GET, POST, PUT, PATCH or DELETE".into()),
    }
}

/// Headers as they are sent: none can end before its time.
fn headers(
    given: BTreeMap<String, String>,
    api_key: Option<String>,
    bearer: Option<String>,
) -> Result<Vec<Header>, String> {
    let known =
        [("X-API-Key", api_key), ("Authorization", bearer.map(|token| format!("Bearer {token}")))];
    let known = known.into_iter().filter_map(|(name, value)| Some((Cow::from(name), value?)));
    let all = known.chain(given.into_iter().map(|(name, value)| (Cow::from(name), value)));
    all.map(|(name, value)| {
        let token = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
        if name.is_empty() || !name.bytes().all(token) {
            let name = crate::quantity::shortened(&name);
            return Err(format!("`{name}` is no name of a header, such as `X-API-Key`"));
        }
        if !value.bytes().all(|it| it.is_ascii_graphic() || it == b' ') {
            return Err(format!("header `{name}`: its value holds what no header can"));
        }
        Ok((name, Secret(value)))
    })
    .collect()
}

fn invitations(handshake: Option<OneOrMany>, legacy: bool) -> Result<Invitations, String> {
    let names = match handshake {
        Some(OneOrMany::One(name)) => vec![name],
        Some(OneOrMany::Many(names)) => names,
        None if legacy => vec![LEGACY.into()],
        None => HANDSHAKES[..2].iter().map(|&it| it.into()).collect(),
    };
    if let Some(wrong) = names.iter().find(|name| !HANDSHAKES.contains(&name.as_str())) {
        let name = crate::quantity::shortened(wrong);
        return Err(format!("no handshake is called `{name}`: {}", suggestion(wrong, &HANDSHAKES)));
    }
    if names.is_empty() || (legacy && names != [LEGACY]) {
        return Err(format!(
            "`handshake` must name one, and with `legacy = true` only \"{LEGACY}\""
        ));
    }
    let handshakes = names.iter().map(|name| format!("https://didcomm.org/{name}")).collect();
    Ok(Invitations { handshakes, legacy, multi_use: false, public_did: false })
}

/// A URL that questions can be put to; it is not repeated in what is wrong, as it may hold a password.
fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    let url = url.filter(Url::has_host).ok_or("`url` must begin with http:// or https://")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("`url` must not hold a name or password: say `api_key` or `bearer`".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("`url` must end before `?` and `#`".into());
    }
    Ok(url)
}
