//! What the admin API does: invitations, connections, messages.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Agent, Trade, record};
use crate::{
    aries::{
        didcomm::{Message, invitation::Handshake},
        protocol::{action_menu::Menu, basic_message, trust_ping},
    },
    quantity::shortened,
    sandbox::desk::{Connection, Form, Refused, Terms, now},
};

/// Connections in one answer unless another number is asked for.
const PAGE: usize = 100;
/// Longest name that an invitation says, in bytes.
const LABEL_MAX: usize = 1_000;

/// Why the admin API does not do what it is asked to.
#[derive(Debug, thiserror::Error)]
pub(super) enum Denied {
    #[error("{0}")]
    Malformed(String),
    #[error("{0}")]
    Unprocessable(Value),
    #[error("Record not found")]
    NotFound,
    #[error("{0}")]
    Unknown(String),
    #[error("Connection {0} not ready")]
    NotReady(String),
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// What an invitation shall be.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Order {
    handshake_protocols: Vec<String>,
    my_label: Option<String>,
    alias: Option<String>,
    attachments: Vec<Attachment>,
    use_public_did: bool,
}

/// The first message of an exchange that an invitation is to carry.
#[derive(Deserialize)]
struct Attachment {
    id: String,
    #[serde(rename = "type")]
    kind: String,
}

/// Which connections are asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Filter {
    invitation_msg_id: Option<String>,
    their_did: Option<String>,
    connection_id: Option<String>,
    state: Option<String>,
    alias: Option<String>,
    limit: Option<usize>,
    offset: usize,
}

impl Agent {
    /// Makes an out-of-band invitation.
    pub(super) async fn invite(
        &self,
        trade: &Trade,
        order: Order,
        multi_use: bool,
    ) -> Result<Value, Denied> {
        let attached = attached(trade, &order.attachments, multi_use)?;
        let handshakes: Result<Vec<_>, _> =
            order.handshake_protocols.iter().map(|it| handshake(it)).collect();
        let handshakes = handshakes?;
        if handshakes.is_empty() && attached.is_none() {
            return Err(Denied::Malformed(
                "Invitation must include handshake protocols, request attachments, or both".into(),
            ));
        }
        let mut terms = self.terms(order.my_label, order.alias, handshakes, multi_use)?;
        terms.public = order.use_public_did.then(|| self.desk.public.did().to_owned());
        let invitation = if terms.handshakes.is_empty() {
            terms.becomes = None;
            self.desk.invite_for_now(terms)?
        } else {
            self.desk.invite(terms).await?
        };
        let mut written = invitation.written(Form::OutOfBand, &self.desk.public.endpoints);
        if let Some((id, message)) = attached {
            if !trade.attach(&id, &invitation.id) {
                self.desk.withdraw(&invitation.id);
                let said = format!("{id} is attached to another invitation");
                return Err(Denied::Malformed(said));
            }
            written.attached.push(message.with_parent(&invitation.id));
        }
        Ok(json!({
            "state": "initial",
            "trace": false,
            "invi_msg_id": invitation.id,
            // There are no records of invitations here beside the invitations.
            "oob_id": invitation.id,
            "invitation": written.to_value(),
            "invitation_url": written.to_url(&self.desk.endpoint),
        }))
    }

    /// Makes an invitation of connections 1.0.
    pub(super) async fn invite_as_before(
        &self,
        order: Order,
        alias: Option<String>,
    ) -> Result<Value, Denied> {
        let handshakes = vec![Handshake::Connections1_0];
        let terms = self.terms(order.my_label, alias, handshakes, false)?;
        let invitation = self.desk.invite(terms).await?;
        let written = invitation.written(Form::Connections, &self.desk.public.endpoints);
        Ok(json!({
            "connection_id": invitation.details.becomes.as_ref().map(|(_, id)| id),
            "invitation": written.to_value(),
            "invitation_url": written.to_url(&self.desk.endpoint),
        }))
    }

    fn terms(
        &self,
        label: Option<String>,
        alias: Option<String>,
        handshakes: Vec<Handshake>,
        multi_use: bool,
    ) -> Result<Terms, Denied> {
        let label = label.unwrap_or_else(|| self.desk.label.clone());
        if label.len() + alias.as_ref().map_or(0, String::len) > LABEL_MAX {
            return Err(Denied::Malformed(format!("a label takes up to {LABEL_MAX} bytes")));
        }
        let becomes = (!multi_use).then(|| self.desk.fresh());
        let handshakes = handshakes.into_iter().map(|it| it.uri().to_owned()).collect();
        Ok(Terms { label, alias, handshakes, becomes, public: None, created_at: now() })
    }

    /// Lists connections.
    pub(super) fn connections(&self, filter: &Filter) -> Value {
        let (invitations, connections) = match filter {
            Filter { connection_id: Some(id), .. } => {
                (Vec::from_iter(self.desk.invited(id)), Vec::from_iter(self.desk.connection(id)))
            }
            Filter { invitation_msg_id: Some(id), .. } => {
                (Vec::from_iter(self.desk.invitation(id)), self.desk.of_invitation(id))
            }
            Filter { .. } => self.desk.all(),
        };
        let invited = invitations.iter().filter_map(|it| record::of_invitation(it));
        let connected = connections.iter().map(|it| record::of_connection(it));
        let wanted = |record: &Value| {
            let is = |field: &str, text: &Option<String>| {
                text.as_deref().is_none_or(|text| record[field] == text)
            };
            is("invitation_msg_id", &filter.invitation_msg_id)
                && is("their_did", &filter.their_did)
                && is("alias", &filter.alias)
                && (is("state", &filter.state) || is("rfc23_state", &filter.state))
        };
        let results: Vec<_> = invited
            .chain(connected)
            .filter(wanted)
            .skip(filter.offset)
            .take(filter.limit.unwrap_or(PAGE))
            .collect();
        json!({ "results": results })
    }

    pub(super) fn record(&self, id: &str) -> Result<Value, Denied> {
        if let Some(connection) = self.desk.connection(id) {
            return Ok(record::of_connection(&connection));
        }
        let invitation = self.desk.invited(id).ok_or(Denied::NotFound)?;
        record::of_invitation(&invitation).ok_or(Denied::NotFound)
    }

    pub(super) async fn forget(&self, id: &str) -> Result<Value, Denied> {
        let forgotten = self.desk.forget(id).await.map_err(Refused::from)?;
        let forgotten = forgotten.ok_or(Denied::NotFound)?;
        self.waiting.forget(forgotten.number);
        Ok(json!({}))
    }

    pub(super) fn send_message(&self, id: &str, content: &str) -> Result<Value, Denied> {
        self.send_to(id, &basic_message::message(content, &now()))
    }

    pub(super) fn send_ping(&self, id: &str, comment: Option<&str>) -> Result<Value, Denied> {
        let mut ping = trust_ping::ping(true);
        if let Some(comment) = comment {
            ping = ping.with("comment", comment);
        }
        self.send_to(id, &ping)?;
        Ok(json!({ "thread_id": ping.id }))
    }

    pub(super) fn send_menu(&self, id: &str, menu: &Map<String, Value>) -> Result<Value, Denied> {
        let menu: Menu = serde_json::from_value(menu.clone().into())
            .map_err(|error| Denied::Unprocessable(json!({ "menu": [error.to_string()] })))?;
        self.send_to(id, &menu.message())
    }

    fn send_to(&self, id: &str, message: &Message) -> Result<Value, Denied> {
        self.send(&*self.ready(id)?, message)?;
        Ok(json!({}))
    }

    /// A connection that may be used.
    pub(super) fn ready(&self, id: &str) -> Result<Arc<Connection>, Denied> {
        match self.desk.connection(id) {
            Some(connection) => Ok(connection),
            None if self.desk.invited(id).is_some() => Err(Denied::NotReady(id.to_owned())),
            None => Err(Denied::NotFound),
        }
    }
}

/// What an invitation is to carry, by the id of its exchange.
fn attached(
    trade: &Trade,
    wanted: &[Attachment],
    multi_use: bool,
) -> Result<Option<(String, Message)>, Denied> {
    let one = match wanted {
        [] => return Ok(None),
        [one] => one,
        [_, _, ..] => return Err(Denied::Malformed("one attachment is supported here".into())),
    };
    if multi_use {
        let said = "Cannot create multi use invitations with attachments";
        return Err(Denied::Malformed(said.into()));
    }
    Ok(Some((one.id.clone(), trade.first_message(&one.id, &one.kind)?)))
}

/// A handshake as it is asked for.
fn handshake(uri: &str) -> Result<Handshake, Denied> {
    let unknown = || Denied::Malformed(format!("Unknown handshake protocol: {}", shortened(uri)));
    Handshake::named(uri).ok_or_else(unknown)
}
