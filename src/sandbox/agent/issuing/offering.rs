//! Offers: what an administrator or a holder wants to see issued, held against the schema.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::{Map, Value};

use super::{Issuance, Issuing};
use crate::{
    aries::{
        anoncreds::CredentialOffer,
        didcomm::{Message, unique_id},
        protocol::{
            Format, ProtocolError,
            issue_credential::{Attribute, Issuer, Offer},
        },
    },
    quantity::shortened,
    sandbox::{
        agent::{
            Other,
            exchanges::{Exchange, Peer},
        },
        desk::Refused,
        registry,
    },
};

/// What is to be offered.
pub(super) struct Draft {
    offer: CredentialOffer,
    payload: Vec<u8>,
    preview: Vec<Attribute>,
    values: BTreeMap<String, String>,
}

impl Draft {
    /// Makes an offer, if what it is to be of and to say fits; an error in ACA-Py's words if not.
    pub(super) fn new(
        filter: &Map<String, Value>,
        preview: Vec<Attribute>,
    ) -> Result<Self, String> {
        let issuer = registry::issuer();
        if !fits(filter) {
            let filter = shortened(&Value::from(filter.clone()).to_string());
            return Err(format!("Issuer has no operable cred def for proposal spec {filter}"));
        }
        let expected: BTreeSet<_> =
            issuer.definition().schema().attr_names.iter().map(String::as_str).collect();
        let found: BTreeSet<_> = preview.iter().map(|it| it.name.as_str()).collect();
        if found != expected || found.len() != preview.len() {
            let found = shortened(&format!("{found:?}"));
            return Err(format!(
                "Preview attributes {found} mismatch corresponding schema attributes {expected:?}"
            ));
        }
        let values = preview.iter().map(|it| (it.name.clone(), it.value.clone())).collect();
        let offer = issuer.offer().map_err(|error| error.to_string())?;
        let payload = serde_json::to_vec(&offer).map_err(|error| error.to_string())?;
        Ok(Self { offer, payload, preview, values })
    }

    /// The offer in a format.
    fn written(&self, format: Format) -> Offer {
        Offer { format, payload: self.payload.clone(), preview: self.preview.clone() }
    }

    /// Begins an exchange with it; returns the exchange and its first message.
    pub(super) fn begin(self, format: Format) -> (Exchange<Issuance>, Message) {
        let (machine, message) = Issuer::offer(&self.written(format));
        (self.exchange(format, machine), message)
    }

    fn exchange(self, format: Format, machine: Issuer) -> Exchange<Issuance> {
        let thread = machine.thread_id().to_owned();
        let issuance = Issuance::offered(machine, self.offer, self.values);
        Exchange::new(unique_id(), &thread, format, issuance)
    }
}

impl Issuing {
    /// Answers a proposal with an offer.
    pub(super) fn answer_proposal(
        &self,
        other: &Other,
        message: &Message,
    ) -> Result<Message, Refused> {
        let (mut machine, proposal) = Issuer::proposed(message)?;
        let wrong = |why| ProtocolError::Wrong { kind: message.kind.clone(), why };
        let draft = Draft::new(&proposal.filter, proposal.preview);
        let draft = draft.map_err(|why| wrong(format!("cannot be met: {why}")))?;
        let answer = machine.answer(draft.written(proposal.format))?;
        let mut exchange = draft.exchange(proposal.format, machine);
        exchange.proposed = true;
        exchange.connection_id = other.connection_id();
        self.begin(exchange, other.peers().into_iter().next())?;
        Ok(answer)
    }

    /// Notes an exchange that has begun.
    pub(super) fn begin(
        &self,
        exchange: Exchange<Issuance>,
        peer: Option<Peer>,
    ) -> Result<Arc<Exchange<Issuance>>, Refused> {
        let (exchange, forgotten) = self.exchanges.begin(exchange, peer)?;
        self.agent.let_go(forgotten);
        self.agent.desk.office.counts.offers.one();
        self.announce(&exchange);
        Ok(exchange)
    }
}

/// Whether what is asked for is what there is; names that mean nothing here are passed over.
fn fits(filter: &Map<String, Value>) -> bool {
    let (definition, schema) = (registry::issuer().published(), registry::issuer().definition());
    let name = |field: &str| {
        Some(match field {
            "cred_def_id" => schema.id(),
            "schema_id" => &definition.schema_id,
            "schema_name" => &schema.schema().name,
            "schema_version" => &schema.schema().version,
            "schema_issuer_did" | "schema_issuer_id" => &schema.schema().issuer_id,
            "issuer_did" | "issuer_id" => &definition.issuer_id,
            _ => return None,
        })
    };
    filter
        .iter()
        .all(|(field, value)| name(field).is_none_or(|name| value.is_null() || value == name))
}
