//! Coming by credentials: what is offered is asked for, checked and kept.

use std::sync::Arc;

use serde::{Deserialize, de::DeserializeOwned};

use super::{
    CredentialFacts, HolderError, Work,
    agency::Published,
    arrival::Arrival,
    credential::{HeldCredential, Origin},
    inner::Inner,
    peer::{Peer, attached},
    waiting::{Awaited, Beginning},
};
use crate::{
    aries::{
        anoncreds::{Credential, CredentialOffer, Definition, LinkSecret, RequestMetadata},
        compute::{Computed, Urgency},
        didcomm::{Message, invitation::Invitation, unique_id},
        protocol::{
            ProtocolError,
            issue_credential::{self, Attribute, Offer, Proposal},
        },
    },
    quantity::shortened,
};

/// Largest document that is read, in bytes; a credential of 125 attributes has some 40,000.
const DOCUMENT_BYTES_MAX: usize = 1 << 18;

impl Inner {
    /// Waits for an offer along a connection, on a thread if one is said, and takes it.
    pub(super) async fn accept_credential(
        self: &Arc<Self>,
        connection: &str,
        thread: Option<&str>,
    ) -> Result<CredentialFacts, HolderError> {
        self.agency.published()?;
        let peer = Peer::of(self.connection(connection)?);
        let awaited = Awaited::Beginning(issue_credential::OFFERS, thread.map(ToOwned::to_owned));
        let what = "the offer of a credential";
        let offer = self.beginning(&peer, awaited, what).await?.message;
        self.take_offer(&peer, &offer).await
    }

    /// Takes the offer that an invitation brings.
    pub(super) async fn accept_credential_from(
        self: &Arc<Self>,
        invitation: &Invitation,
        system: &str,
    ) -> Result<CredentialFacts, HolderError> {
        self.agency.published()?;
        let offer = attached(invitation, issue_credential::OFFERS, "offer of a credential")?;
        let peer = self.peer(invitation, system).await?;
        let taken = self.take_offer(&peer, &offer).await;
        self.part(peer).await;
        taken
    }

    /// Proposes a credential, and takes what is offered.
    pub(super) async fn propose_credential(
        self: &Arc<Self>,
        connection: &str,
        proposal: &Proposal,
    ) -> Result<CredentialFacts, HolderError> {
        self.agency.published()?;
        let peer = Peer::of(self.connection(connection)?);
        let (mut holder, message) = issue_credential::Holder::propose(proposal);
        let answer = self.ask_peer(&peer, message, "the offer of a credential").await?;
        match holder.receive_offer(&answer) {
            Ok(offer) => self.issue(&peer, holder, offer).await,
            Err(error) => {
                self.decline(&peer, issue_credential::refuse(&answer, &error)).await;
                Err(error.into())
            }
        }
    }

    /// Waits for a message that begins an exchange; one that came before will do.
    pub(super) async fn beginning(
        self: &Arc<Self>,
        peer: &Peer<'_>,
        awaited: Awaited,
        what: &str,
    ) -> Result<Arrival, HolderError> {
        let seat = self.sit(*peer.line.key.verkey(), awaited);
        self.found(seat, &peer.line, what, None).await
    }

    /// Notes that an exchange has begun.
    pub(super) fn begin(&self, peer: &Peer<'_>, protocol: &'static str, thread: &str) {
        let (key, protocol) = (*peer.line.key.verkey(), protocol.into());
        self.state().waiting.begin(Beginning { key, protocol, thread: thread.to_owned() });
    }

    pub(super) async fn take_offer(
        self: &Arc<Self>,
        peer: &Peer<'_>,
        message: &Message,
    ) -> Result<CredentialFacts, HolderError> {
        match issue_credential::Holder::offered(message) {
            Ok((holder, offer)) => self.issue(peer, holder, offer).await,
            Err(error) => {
                self.decline(peer, issue_credential::refuse(message, &error)).await;
                Err(error.into())
            }
        }
    }

    /// Goes on from an offer; what fails on this side is told to the other.
    async fn issue(
        self: &Arc<Self>,
        peer: &Peer<'_>,
        mut holder: issue_credential::Holder,
        offer: Offer,
    ) -> Result<CredentialFacts, HolderError> {
        self.begin(peer, "issue-credential", holder.thread_id());
        let issued = self.issued(peer, &mut holder, offer).await;
        match issued {
            Ok(facts) => {
                self.send(&peer.line, peer.addressed(holder.ack()?)).await?;
                Ok(facts)
            }
            Err(error) => {
                let is_ours = matches!(
                    error,
                    HolderError::Credential(_)
                        | HolderError::Ledger(_)
                        | HolderError::Document { .. }
                        | HolderError::Protocol(ProtocolError::Wrong { .. })
                );
                let code = issue_credential::ABANDONED;
                let report = is_ours.then(|| holder.decline(code, &error.to_string()).ok());
                self.decline(peer, report.flatten()).await;
                Err(error)
            }
        }
    }

    async fn issued(
        self: &Arc<Self>,
        peer: &Peer<'_>,
        holder: &mut issue_credential::Holder,
        offer: Offer,
    ) -> Result<CredentialFacts, HolderError> {
        let Offer { payload, preview, .. } = offer;
        let (asked, request) = self.request(&payload).await?;
        let schema_id = asked.schema_id.clone();
        let message = holder.request(&request)?;
        let answer = self.ask_peer(peer, message, "the credential").await?;
        let payload = holder.receive(&answer)?;
        let credential = self.check(asked, payload).await?;
        says(&credential, &schema_id, &preview).map_err(|why| {
            HolderError::Protocol(ProtocolError::Wrong { kind: answer.kind.clone(), why })
        })?;
        let origin = Origin {
            id: unique_id(),
            connection: peer.id(),
            system: peer.system.clone(),
            remote_id: None,
            thread_id: holder.thread_id().to_owned(),
        };
        let held = HeldCredential::new(origin, &credential)?;
        let facts = held.facts();
        let mut state = self.state();
        state.wallet.credentials.push(held);
        // What answers best may be another one now.
        state.prepared.clear();
        Ok(facts)
    }

    /// Answers an offer.
    async fn request(&self, payload: &[u8]) -> Result<(Asked, Vec<u8>), HolderError> {
        let offer: CredentialOffer = read("offer", payload)?;
        let Published { ledger, compute } = self.agency.published()?;
        let definition =
            ledger.definition(&*self.means.http, &offer.cred_def_id, &offer.schema_id).await?;
        let secret = self.link_secret()?;
        let job = move || {
            let (request, metadata) = definition.request(&offer, &secret)?;
            let schema_id = offer.schema_id;
            let request = written("credential request", &request)?;
            Ok((Asked { definition, schema_id, secret, metadata }, request))
        };
        let computed = compute.run(Urgency::Awaited, job).await;
        self.tell_computed(Work::CredentialRequest, computed)
    }

    /// Checks what was issued.
    async fn check(&self, asked: Asked, payload: Vec<u8>) -> Result<Credential, HolderError> {
        #[derive(Deserialize)]
        struct Named {
            #[serde(default)]
            rev_reg_id: Option<String>,
        }
        let Named { rev_reg_id } = read("credential", &payload)?;
        let Published { ledger, compute } = self.agency.published()?;
        let registry = match rev_reg_id {
            Some(id) => Some(ledger.registry_definition(&*self.means.http, &id).await?),
            None => None,
        };
        let job = move || {
            let credential: Credential = read("credential", &payload)?;
            let Asked { definition, secret, metadata, .. } = asked;
            let received =
                definition.receive(credential, &metadata, &secret, registry.as_deref())?;
            Ok(received)
        };
        let computed = compute.run(Urgency::Awaited, job).await;
        self.tell_computed(Work::Credential, computed)
    }

    /// The holder's link secret; made now if there is none.
    pub(super) fn link_secret(&self) -> Result<LinkSecret, HolderError> {
        let mut state = self.state();
        if let Some(secret) = &state.wallet.link_secret {
            return Ok(secret.clone());
        }
        let secret = LinkSecret::random()?;
        state.wallet.link_secret = Some(secret.clone());
        Ok(secret)
    }

    pub(super) fn tell_computed<T>(&self, what: Work, computed: Computed<T>) -> T {
        let Computed { value, queued, took } = computed;
        self.means.observer.computed(what, Computed { value: (), queued, took });
        value
    }
}

/// What is kept of a request until it is answered.
struct Asked {
    definition: Definition,
    schema_id: String,
    secret: LinkSecret,
    metadata: RequestMetadata,
}

/// Whether a credential says what was offered; what follows "a message that" if it does not.
fn says(credential: &Credential, schema_id: &str, preview: &[Attribute]) -> Result<(), String> {
    if credential.schema_id != schema_id {
        return Err("is of another schema than what was offered".to_owned());
    }
    let wrong = preview.iter().find(|offered| {
        let value = credential.value(&offered.name);
        value.is_none_or(|value| value.raw != offered.value)
    });
    match wrong {
        Some(offered) => {
            Err(format!("does not say of `{}` what was offered", shortened(&offered.name)))
        }
        None => Ok(()),
    }
}

/// Reads a document that somebody attached.
pub(super) fn read<T: DeserializeOwned>(
    document: &'static str,
    payload: &[u8],
) -> Result<T, HolderError> {
    let wrong = |why: String| HolderError::Document { document, why };
    if payload.len() > DOCUMENT_BYTES_MAX {
        return Err(wrong(format!("has more than {DOCUMENT_BYTES_MAX} bytes")));
    }
    serde_json::from_slice(payload)
        .map_err(|error| wrong(format!("cannot be read: {}", shortened(&error.to_string()))))
}

/// Writes a document of ours.
pub(super) fn written(
    document: &'static str,
    value: &impl serde::Serialize,
) -> Result<Vec<u8>, HolderError> {
    serde_json::to_vec(value).map_err(|error| HolderError::Document {
        document,
        why: format!("cannot be written: {}", shortened(&error.to_string())),
    })
}
