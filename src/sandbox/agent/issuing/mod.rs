//! An issuer: it offers credentials, issues them, and revokes them.

mod admin;
mod issuance;
mod issued;
mod offering;
mod revoking;
mod web;

use std::{collections::BTreeMap, sync::Arc};

use self::{
    issuance::{Issuance, State},
    issued::{Credential, Issued},
    revoking::Pending,
};
use super::{
    Agent, Other,
    exchanges::{Exchange, Exchanges},
};
use crate::{
    aries::{
        anoncreds::{CredentialOffer, CredentialRequest},
        didcomm::Message,
        protocol::{
            Format, ProtocolError,
            issue_credential::{self, v1, v2},
        },
    },
    sandbox::{
        desk::Refused,
        journal::{IssuedRow, PendingRow, Write},
        registry::{Ledger, LedgerError},
    },
};

/// What makes an agent an issuer.
pub(in super::super) struct Issuing {
    agent: Arc<Agent>,
    ledger: Arc<Ledger>,
    pub(super) exchanges: Exchanges<Issuance>,
    issued: Issued,
    pending: Pending,
}

/// What was offered and asked for.
struct Asked {
    offer: CredentialOffer,
    request: CredentialRequest,
    values: BTreeMap<String, String>,
}

impl Issuing {
    /// An issuer as it was left.
    pub(in super::super) fn new(
        agent: Arc<Agent>,
        ledger: Arc<Ledger>,
        issued: Vec<IssuedRow>,
        pending: Vec<PendingRow>,
    ) -> serde_json::Result<Self> {
        let (issued, pending) = (Issued::kept(issued)?, Pending::kept(pending)?);
        Ok(Self { agent, ledger, exchanges: Exchanges::default(), issued, pending })
    }

    /// Takes a message of the protocol; says what is to be answered.
    pub(super) async fn hear(
        &self,
        other: &Other,
        message: &Message,
    ) -> Result<Option<Message>, Refused> {
        let kind = &message.kind;
        if kind.is(&v1::PROPOSE) || kind.is(&v2::PROPOSE) {
            return self.proposed(other, message);
        }
        let exchange = self.exchanges.find(other, message.thread_id(), kind)?;
        if kind.is(&v1::REQUEST) || kind.is(&v2::REQUEST) {
            return self.requested(&exchange, message).await.map(Some);
        }
        let mut issuance = exchange.standing();
        match issuance.machine.acked(message) {
            Err(ProtocolError::Problem(problem)) => {
                issuance.end(State::Abandoned, Some(problem.to_string()));
                drop(issuance);
                self.announce(&exchange);
                return Ok(None);
            }
            heard => heard?,
        }
        issuance.end(State::Done, None);
        drop(issuance);
        self.announce(&exchange);
        self.ended(&exchange);
        Ok(None)
    }

    async fn requested(
        &self,
        exchange: &Exchange<Issuance>,
        message: &Message,
    ) -> Result<Message, Refused> {
        let asked = {
            let mut issuance = exchange.standing();
            let payload = issuance.machine.requested(message)?;
            issuance.goes_to(State::Requested);
            let offer = issuance.offer.take();
            let values = std::mem::take(&mut issuance.values);
            let request = serde_json::from_slice(&payload);
            request.map_err(|error| error.to_string()).and_then(|request| {
                let offer = offer.ok_or("nothing is offered")?;
                Ok(Asked { offer, request, values })
            })
        };
        self.announce(exchange);
        let issued = match asked {
            Ok(asked) => self.issue(exchange, asked).await,
            Err(error) => Err(error),
        };
        let answer = issued.or_else(|error| {
            let mut issuance = exchange.standing();
            issuance.end(State::Abandoned, Some(error.clone()));
            Ok(issuance.machine.abandon(issue_credential::ABANDONED, &error)?)
        });
        self.announce(exchange);
        answer
    }

    /// Issues what was asked for; it is kept before anybody sees it, so that no place in a registry
    /// is ever given to two.
    async fn issue(&self, exchange: &Exchange<Issuance>, asked: Asked) -> Result<Message, String> {
        let Asked { offer, request, values } = asked;
        let signed = self.ledger.sign(offer, request, values).await;
        let (credential, seat) = signed.map_err(|error| error.to_string())?;
        let issued = Credential::new(exchange, seat.registry.id(), seat.index);
        // Whether the write comes to be is not known before the answer.
        seat.keep();
        let written = self.agent.desk.office.journal.commit(vec![Write::Issued(issued.row())]);
        written.await.map_err(|error| error.to_string())?;
        let payload = serde_json::to_vec(&credential).map_err(|error| error.to_string())?;
        let mut issuance = exchange.standing();
        let message = issuance.machine.issue(&payload).map_err(|error| error.to_string())?;
        issuance.goes_to(State::Issued);
        issuance.place = Some((issued.registry.clone(), issued.index));
        self.issued.add(issued);
        self.agent.desk.office.counts.credentials_issued.one();
        Ok(message)
    }

    /// Tells whoever listens where an exchange stands.
    fn announce(&self, exchange: &Exchange<Issuance>) {
        let topic = match exchange.format {
            Format::LibIndy => "issue_credential",
            Format::Indy | Format::AnonCreds => "issue_credential_v2_0",
        };
        self.agent.events.tell(topic, || issuance::record(exchange));
    }

    /// A holder would like to be offered something.
    fn proposed(&self, other: &Other, message: &Message) -> Result<Option<Message>, Refused> {
        match self.answer_proposal(other, message) {
            Err(Refused::Protocol(error)) => {
                let answer = issue_credential::refuse(message, &error);
                answer.map(Some).ok_or(Refused::Protocol(error))
            }
            answered => answered.map(Some),
        }
    }

    /// What an exchange leaves when it is done.
    fn ended(&self, exchange: &Exchange<Issuance>) {
        if exchange.auto_remove
            && let Some(forgotten) = self.exchanges.forget(&exchange.id)
        {
            self.agent.let_go(forgotten.peer);
        }
    }
}

/// What keeps an issuer from publishing, as its administrator hears it.
fn refused(error: LedgerError) -> Refused {
    match error {
        LedgerError::Journal(error) => error.into(),
        LedgerError::Full(_) => Refused::Full,
        other => Refused::Ledger(other),
    }
}
