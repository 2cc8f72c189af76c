//! What the admin API does for a verifier.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Inquiry, Verifying, inquiry::record};
use crate::{
    aries::{
        anoncreds::{Nonce, PresentationRequest},
        didcomm::{Message, unique_id},
        protocol::{
            Format,
            present_proof::{Request, Verifier},
        },
    },
    sandbox::agent::{
        admin::Denied,
        exchanges::{Exchange, Peer},
    },
};

/// What is to be asked for, by version 2.
#[derive(Deserialize)]
pub(super) struct Order {
    presentation_request: Question,
    #[serde(flatten)]
    manner: Manner,
}

#[derive(Deserialize)]
struct Question {
    anoncreds: Option<Map<String, Value>>,
    indy: Option<Map<String, Value>>,
}

/// What is to be asked for, by version 1.
#[derive(Deserialize)]
pub(super) struct OrderAsBefore {
    proof_request: Map<String, Value>,
    #[serde(flatten)]
    manner: Manner,
}

/// Of whom, and what becomes of the answer.
#[derive(Deserialize)]
struct Manner {
    connection_id: Option<String>,
    auto_verify: Option<bool>,
    #[serde(default)]
    auto_remove: bool,
}

/// What is to be asked for, whichever the version.
pub(super) struct Ask {
    format: Format,
    question: Map<String, Value>,
    manner: Manner,
}

impl TryFrom<Order> for Ask {
    type Error = Denied;

    fn try_from(Order { presentation_request, manner }: Order) -> Result<Self, Denied> {
        let (format, question) = match presentation_request {
            Question { anoncreds: Some(question), .. } => (Format::AnonCreds, question),
            Question { indy: Some(question), .. } => (Format::Indy, question),
            Question { anoncreds: None, indy: None } => {
                let missing =
                    json!({ "presentation_request": ["Missing data for required field"] });
                return Err(Denied::Unprocessable(missing));
            }
        };
        Ok(Self { format, question, manner })
    }
}

impl From<OrderAsBefore> for Ask {
    fn from(OrderAsBefore { proof_request, manner }: OrderAsBefore) -> Self {
        Self { format: Format::LibIndy, question: proof_request, manner }
    }
}

impl Ask {
    /// Begins an exchange; returns the exchange and its first message.
    fn begin(self) -> Result<(Exchange<Inquiry>, Message), Denied> {
        let Self { format, mut question, manner } = self;
        if question.get("nonce").is_none_or(Value::is_null) {
            let nonce = Nonce::random().map_err(|error| Denied::Malformed(error.to_string()))?;
            question.insert("nonce".into(), json!(nonce));
        }
        for (field, default) in [("name", "proof-request"), ("version", "1.0")] {
            question.entry(field).or_insert_with(|| default.into());
        }
        let question = Value::Object(question);
        let read = serde_path_to_error::deserialize::<_, PresentationRequest>(&question);
        let request = read.map_err(|error| {
            let said = format!("{}: {}", error.path(), error.inner());
            Denied::Unprocessable(json!({ "presentation_request": [said] }))
        })?;
        let payload = question.to_string().into_bytes();
        let (machine, message) =
            Verifier::request(&Request { format, payload, will_confirm: true });
        let thread = machine.thread_id().to_owned();
        let mut inquiry = Inquiry::new(machine, request, question);
        inquiry.auto_verify = manner.auto_verify.unwrap_or(true);
        let mut exchange = Exchange::new(unique_id(), &thread, format, inquiry);
        exchange.auto_remove = manner.auto_remove;
        Ok((exchange, message))
    }
}

impl Verifying {
    /// Asks a connection for a presentation.
    pub(super) fn send(&self, ask: Ask) -> Result<Value, Denied> {
        let id = ask.manner.connection_id.clone().unwrap_or_default();
        let connection = self.agent.ready(&id)?;
        let (mut exchange, message) = ask.begin()?;
        exchange.connection_id = Some(id);
        let peer = Peer::Connection(connection.number);
        let (exchange, forgotten) = self.exchanges.begin(exchange, Some(peer))?;
        self.agent.let_go(forgotten);
        self.announce(&exchange);
        self.agent.send(&connection, &message)?;
        Ok(record(&exchange))
    }

    /// Makes a request that an invitation will carry.
    pub(super) fn create(&self, ask: Ask) -> Result<Value, Denied> {
        let (exchange, message) = ask.begin()?;
        let shown = message.to_value();
        exchange.standing().message = Some(message);
        let (exchange, forgotten) = self.exchanges.begin(exchange, None)?;
        self.agent.let_go(forgotten);
        self.announce(&exchange);
        let mut record = record(&exchange);
        let field = match exchange.format {
            Format::LibIndy => "presentation_request_dict",
            Format::Indy | Format::AnonCreds => "pres_request",
        };
        record[field] = shown;
        Ok(record)
    }

    /// The request that an invitation is to carry.
    pub(in super::super) fn first_message(&self, id: &str) -> Result<Message, Denied> {
        let exchange = self.exchanges.get(id).ok_or(Denied::NotFound)?;
        let message = exchange.standing().message.clone();
        message.ok_or_else(|| Denied::Malformed(format!("{id} is no request without a connection")))
    }

    pub(super) fn shown(&self, id: &str) -> Result<Value, Denied> {
        Ok(record(&*self.exchanges.get(id).ok_or(Denied::NotFound)?))
    }

    pub(super) fn remove(&self, id: &str) -> Result<Value, Denied> {
        let forgotten = self.exchanges.forget(id).ok_or(Denied::NotFound)?;
        self.agent.let_go(forgotten.peer);
        Ok(json!({}))
    }

    /// Verifies what was presented and waits.
    pub(super) async fn verify_now(&self, id: &str) -> Result<Value, Denied> {
        let exchange = self.exchanges.get(id).ok_or(Denied::NotFound)?;
        let other = exchange.standing().other.clone();
        let Some(other) = other.filter(|_| exchange.standing().presented.is_some()) else {
            let said = format!("Presentation exchange {id} is not in state presentation-received");
            return Err(Denied::Malformed(said));
        };
        if let Some(ack) = self.verify(&exchange).await? {
            self.agent.say(&other, &ack)?;
        }
        Ok(record(&exchange))
    }
}
