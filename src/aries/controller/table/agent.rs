//! The table of an agent that is asked by ACA-Py's admin API, as itself or as a tenant.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{
    super::{
        acapy::{Exchanges, Format, Invitations, Protocol, Publish, Wallet},
        events::{Events, Whose},
        gate::{Gate, Secret},
        settings::{Kind, Settings, suggestion},
        token::{Tenant, wallet_of},
    },
    base_url, headers,
};

/// Handshakes as settings name them.
const HANDSHAKES: [&str; 3] = ["didexchange/1.1", "didexchange/1.0", "connections/1.0"];
const LEGACY: &str = HANDSHAKES[2];

/// What is said of ACA-Py and of a tenant of Traction.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct AgentTable {
    url: String,
    api_key: Option<String>,
    bearer: Option<String>,
    tenant_id: Option<String>,
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
    cred_def_id: Option<String>,
    protocol: Option<Value>,
    wallet_type: Option<Value>,
    format: Option<Value>,
    notify: Option<Value>,
    publish: Option<Value>,
    auto_remove: Option<Value>,
    events: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a name such as \"didexchange/1.1\" or a list of them")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl AgentTable {
    /// Reads it as that of ACA-Py.
    pub(in super::super) fn acapy(mut self) -> Result<Settings, String> {
        if self.tenant_id.is_some() || self.wallet_id.is_some() || self.wallet_key.is_some() {
            return Err("a tenant is of `kind = \"traction\"`".into());
        }
        let whose = match self.bearer.as_deref() {
            None => Whose::TheAgents,
            Some(token) => wallet_of(token).map_or(Whose::Anybodys, Whose::Wallet),
        };
        let given = std::mem::take(&mut self.headers);
        let headers = headers(given, self.api_key.take(), self.bearer.take())?;
        let gate = Gate::to(&base_url(&self.url)?, headers);
        self.settings(gate, None, whose)
    }

    /// Reads it as that of a tenant of Traction.
    pub(in super::super) fn traction(mut self) -> Result<Settings, String> {
        if self.bearer.is_some() {
            return Err("a tenant's `bearer` is asked for and renewed by itself".into());
        }
        let keys = (self.tenant_id.take(), self.api_key.take());
        let tenant = match (keys, (self.wallet_id.take(), self.wallet_key.take())) {
            ((Some(id), Some(key)), (None, None)) => Tenant::Tenant { id, key: Secret(key) },
            ((None, None), (Some(id), Some(key))) => Tenant::Wallet { id, key: Secret(key) },
            _ => return Err(
                "a tenant has either `tenant_id` and `api_key`, or `wallet_id` and `wallet_key`"
                    .into(),
            ),
        };
        if ["", ".", ".."].contains(&tenant.id()) {
            return Err("the id of a tenant must be one".into());
        }
        let headers = headers(std::mem::take(&mut self.headers), None, None)?;
        let mut gate = Gate::to(&base_url(&self.url)?, headers);
        // Each tenant has connections and credentials of its own.
        gate.identity = format!("{}#{}", gate.identity, tenant.id());
        let whose = match &tenant {
            Tenant::Wallet { id, .. } => Whose::Wallet(id.clone()),
            Tenant::Tenant { .. } => Whose::Anybodys,
        };
        self.settings(gate, Some(tenant), whose)
    }

    fn settings(
        self,
        gate: Gate,
        tenant: Option<Tenant>,
        whose: Whose,
    ) -> Result<Settings, String> {
        let (exchanges, events) = (self.exchanges()?, self.events(tenant.is_some())?);
        let (multi_use, legacy, public_did) = (self.multi_use, self.legacy, self.public_did);
        let handshakes = handshakes(self.handshake, legacy)?;
        let invitations = Invitations { handshakes, multi_use, legacy, public_did };
        let kind = Kind::Acapy { invitations, exchanges, tenant };
        Ok(Settings { gate, kind, cred_def_id: self.cred_def_id, events, whose })
    }

    fn events(&self, of_tenant: bool) -> Result<Option<Events>, String> {
        let ways = [
            ("false", None),
            ("\"websocket\"", Some(Events::WebSocket)),
            ("\"webhooks\"", Some(Events::Webhooks)),
        ];
        match chosen("events", self.events.as_ref(), ways)? {
            Some(Events::WebSocket) if of_tenant => {
                Err("a tenant's `events` come as \"webhooks\" alone".into())
            }
            events => Ok(events),
        }
    }

    fn exchanges(&self) -> Result<Exchanges, String> {
        let versions = [("\"2.0\"", Protocol::V2), ("\"1.0\"", Protocol::V1)];
        let wallets = [("\"askar-anoncreds\"", Wallet::Anoncreds), ("\"askar\"", Wallet::Askar)];
        let mut formats = [("\"anoncreds\"", Format::Anoncreds), ("\"indy\"", Format::Indy)];
        let notices =
            [("\"1.0\"", Some(Protocol::V1)), ("\"2.0\"", Some(Protocol::V2)), ("false", None)];
        let times = [("\"at-once\"", Publish::AtOnce), ("\"batch\"", Publish::Batch)];
        let removals = [("false", false), ("true", true)];
        let wallet = chosen("wallet_type", self.wallet_type.as_ref(), wallets)?;
        if wallet == Wallet::Askar {
            formats.reverse();
        }
        Ok(Exchanges {
            protocol: chosen("protocol", self.protocol.as_ref(), versions)?,
            wallet,
            format: chosen("format", self.format.as_ref(), formats)?,
            notify: chosen("notify", self.notify.as_ref(), notices)?,
            publish: chosen("publish", self.publish.as_ref(), times)?,
            auto_remove: chosen("auto_remove", self.auto_remove.as_ref(), removals)?,
        })
    }
}

/// What a key stands for: one of some values as JSON writes them, the first if it is not told.
fn chosen<T: Copy, const N: usize>(
    key: &str,
    told: Option<&Value>,
    choices: [(&str, T); N],
) -> Result<T, String> {
    let Some(told) = told else { return Ok(choices[0].1) };
    let told = told.to_string();
    let found = choices.iter().find(|(written, _)| *written == told);
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let written = choices.map(|(written, _)| written);
        format!("`{key}` must be {}", written.join(" or "))
    })
}

fn handshakes(handshake: Option<OneOrMany>, legacy: bool) -> Result<Vec<String>, String> {
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
    Ok(names.iter().map(|name| format!("https://didcomm.org/{name}")).collect())
}
