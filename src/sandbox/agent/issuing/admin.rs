//! What the admin API does for an issuer.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Issuing,
    issuance::{detailed, record},
    offering::Draft,
};
use crate::{
    aries::{
        didcomm::Message,
        protocol::{Format, issue_credential::Attribute},
    },
    sandbox::{
        agent::{admin::Denied, exchanges::Peer},
        registry,
    },
};

/// What is to be said.
#[derive(Deserialize)]
pub(super) struct Preview {
    attributes: Vec<Attribute>,
}

/// What is to be issued, by version 2.
#[derive(Deserialize)]
pub(super) struct Order {
    connection_id: Option<String>,
    filter: Filter,
    credential_preview: Preview,
    #[serde(default)]
    auto_remove: bool,
}

#[derive(Deserialize)]
struct Filter {
    anoncreds: Option<Map<String, Value>>,
    indy: Option<Map<String, Value>>,
}

/// What is to be issued, by version 1; an offer calls the preview by another name than `send`.
#[derive(Deserialize)]
pub(super) struct OrderAsBefore {
    connection_id: Option<String>,
    #[serde(alias = "credential_preview")]
    credential_proposal: Preview,
    #[serde(default)]
    auto_remove: bool,
    #[serde(flatten)]
    filter: Map<String, Value>,
}

/// What is to be issued, whichever the version.
pub(super) struct Issue {
    format: Format,
    filter: Map<String, Value>,
    connection_id: Option<String>,
    preview: Vec<Attribute>,
    auto_remove: bool,
}

impl TryFrom<Order> for Issue {
    type Error = Denied;

    fn try_from(order: Order) -> Result<Self, Denied> {
        let Order { connection_id, filter, credential_preview, auto_remove } = order;
        let (format, filter) = match filter {
            Filter { anoncreds: Some(filter), .. } => (Format::AnonCreds, filter),
            Filter { indy: Some(filter), .. } => (Format::Indy, filter),
            Filter { anoncreds: None, indy: None } => {
                return Err(Denied::Unprocessable(json!({ "filter": ["Missing filter"] })));
            }
        };
        let preview = credential_preview.attributes;
        Ok(Self { format, filter, connection_id, preview, auto_remove })
    }
}

impl From<OrderAsBefore> for Issue {
    fn from(order: OrderAsBefore) -> Self {
        let OrderAsBefore { connection_id, credential_proposal, auto_remove, filter } = order;
        let (format, preview) = (Format::LibIndy, credential_proposal.attributes);
        Self { format, filter, connection_id, preview, auto_remove }
    }
}

impl Issuing {
    /// Offers a credential to a connection.
    pub(super) fn send(&self, issue: Issue) -> Result<Value, Denied> {
        let id = issue.connection_id.as_deref().unwrap_or_default();
        let connection = self.agent.ready(id)?;
        let Issue { format, filter, preview, auto_remove, .. } = issue;
        let draft = Draft::new(&filter, preview).map_err(Denied::Malformed)?;
        let (mut exchange, message) = draft.begin(format);
        exchange.connection_id = Some(connection.id.clone());
        exchange.auto_remove = auto_remove;
        let exchange = self.begin(exchange, Some(Peer::Connection(connection.number)))?;
        self.agent.send(&connection, &message)?;
        Ok(record(&exchange))
    }

    /// Makes an offer that an invitation will carry.
    pub(super) fn create(&self, issue: Issue) -> Result<Value, Denied> {
        let Issue { format, filter, preview, auto_remove, .. } = issue;
        let draft = Draft::new(&filter, preview).map_err(Denied::Malformed)?;
        let (mut exchange, message) = draft.begin(format);
        exchange.auto_remove = auto_remove;
        exchange.standing().message = Some(message);
        Ok(record(&*self.begin(exchange, None)?))
    }

    /// The offer that an invitation is to carry.
    pub(in super::super) fn first_message(&self, id: &str) -> Result<Message, Denied> {
        let exchange = self.exchanges.get(id).ok_or(Denied::NotFound)?;
        let message = exchange.standing().message.clone();
        message.ok_or_else(|| Denied::Malformed(format!("{id} is no offer without a connection")))
    }

    pub(super) fn shown(&self, id: &str) -> Result<Value, Denied> {
        let Some(exchange) = self.exchanges.get(id) else {
            let issued = self.issued.of_exchange(id).ok_or(Denied::NotFound)?;
            return Ok(issued.record());
        };
        let record = record(&exchange);
        let place = exchange.standing().place.clone();
        let place = place.as_ref().map(|(registry, index)| (registry.as_str(), *index));
        Ok(detailed(exchange.format, record, place))
    }

    pub(super) fn remove(&self, id: &str) -> Result<Value, Denied> {
        let forgotten = self.exchanges.forget(id).ok_or(Denied::NotFound)?;
        self.agent.let_go(forgotten.peer);
        Ok(json!({}))
    }
}

/// The ids of all definitions.
pub(super) fn definitions() -> Value {
    json!({ "credential_definition_ids": [registry::issuer().definition().id()] })
}
