//! The table of a controller of which the scenario says how each thing is asked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{
    super::{
        custom::{Action, Ask, Custom, Place, Spec},
        events::Whose,
        gate::Gate,
        settings::{Kind, Settings, read, suggestion},
        template::{BodyTemplate, Template},
    },
    base_url, headers,
};
use crate::aries::transport::Method;

#[derive(Deserialize)]
pub(in super::super) struct CustomTable {
    url: String,
    api_key: Option<String>,
    bearer: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    cred_def_id: Option<String>,
    /// What is asked, by its name.
    #[serde(flatten)]
    actions: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table such as { url = \"/…\" }")]
struct ActionTable {
    method: Option<String>,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
    invitation: Option<String>,
    connection_id: Option<String>,
    invitation_id: Option<String>,
    exchange_id: Option<String>,
    thread_id: Option<String>,
    state: Option<String>,
    verified: Option<String>,
    is: Option<Vec<String>>,
}

impl CustomTable {
    pub(in super::super) fn settings(self) -> Result<Settings, String> {
        let gate =
            Gate::to(&base_url(&self.url)?, headers(self.headers, self.api_key, self.bearer)?);
        let actions = self.actions.into_iter().map(|(name, table)| {
            let ask = Ask::ALL.into_iter().find(|ask| ask.spec().name == name);
            let ask = ask.ok_or_else(|| unknown(&name))?;
            let action = read::<ActionTable>(table).and_then(|table| table.action(&ask.spec()));
            Ok((ask, action.map_err(|problem| format!("`{name}`: {problem}"))?))
        });
        let actions = actions.collect::<Result<BTreeMap<_, _>, String>>()?;
        if actions.is_empty() {
            return Err("missing key `invitation`".into());
        }
        let (kind, cred_def_id) = (Kind::Custom(Custom(actions)), self.cred_def_id);
        Ok(Settings { gate, kind, cred_def_id, events: None, whose: Whose::Anybodys })
    }
}

fn unknown(name: &str) -> String {
    let names: Vec<_> = ["url", "api_key", "bearer", "headers", "cred_def_id"]
        .into_iter()
        .chain(Ask::ALL.map(|ask| ask.spec().name))
        .collect();
    let shown = crate::quantity::shortened(name);
    format!("unknown key `{shown}`: {}", suggestion(name, &names))
}

impl ActionTable {
    fn action(self, spec: &Spec) -> Result<Action, String> {
        let body = match self.body {
            // Text is JSON, so that a body can be copied as it stands in a manual.
            Some(Value::String(text)) => Some(
                serde_json::from_str(&text)
                    .map_err(|_| "`body` must be a table, or JSON with `{…}` in quotes")?,
            ),
            body => body,
        };
        let body = body.map(|body| BodyTemplate::parse(body, spec.slots)).transpose()?;
        let url = Template::parse(&self.url, spec.slots)?;
        check_place(url.beginning())?;
        let method = method(self.method.as_deref(), body.is_some())?;
        let headers = headers(self.headers, None, None)?;
        let told = [
            (Place::Invitation, self.invitation),
            (Place::ConnectionId, self.connection_id),
            (Place::InvitationId, self.invitation_id),
            (Place::ExchangeId, self.exchange_id),
            (Place::ThreadId, self.thread_id),
            (Place::State, self.state),
            (Place::Verified, self.verified),
        ];
        let mut places = BTreeMap::new();
        for (place, pointer) in told {
            check_pointer(place, pointer.as_deref(), spec)?;
            places.extend(pointer.map(|pointer| (place, pointer)));
        }
        if self.is.is_some() && !spec.needed.contains(&Place::State) {
            return Err("`is` is not looked at in this answer".into());
        }
        let is = self.is.unwrap_or_else(|| spec.is.iter().map(|&it| it.into()).collect());
        Ok(Action { method, url, headers, body, places, is })
    }
}

fn check_pointer(place: Place, pointer: Option<&str>, spec: &Spec) -> Result<(), String> {
    let (name, needed) = (place.name(), spec.needed.contains(&place));
    match pointer {
        None if needed => Err(format!("missing key `{name}`, such as `{name} = \"/data/{name}\"`")),
        Some(_) if !needed && !spec.useful.contains(&place) => {
            Err(format!("`{name}` is not looked at in this answer"))
        }
        Some(pointer) if !pointer.is_empty() && !pointer.starts_with('/') => {
            Err(format!("`{name}` must be a JSON pointer, such as `/data/{name}`"))
        }
        Some(_) | None => Ok(()),
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
