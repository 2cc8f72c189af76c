//! Presenting: what is asked for is proved with the credentials that fit, or was proved already.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    HolderError, Presented, Work,
    agency::Published,
    inner::{Inner, Seat},
    issuance::{read, written},
    material::Witnessed,
    peer::{Peer, attached},
    waiting::Awaited,
};
use crate::aries::{
    anoncreds::PresentationRequest,
    compute::{Computed, Urgency},
    didcomm::{Message, invitation::Invitation},
    protocol::present_proof::{self, Proposal, Prover, Request},
};

/// Most attributes that are shown at once.
const ATTRIBUTES_MAX: usize = 250;
/// Most statements that are proved at once: each takes some 20 milliseconds.
const PREDICATES_MAX: usize = 32;

impl Inner {
    /// Waits for a request along a connection, on a thread if one is said, and presents.
    pub(super) async fn present(
        self: &Arc<Self>,
        connection: &str,
        thread: Option<&str>,
    ) -> Result<Presented, HolderError> {
        self.agency.published()?;
        let peer = Peer::of(self.connection(connection)?);
        let awaited = Awaited::Beginning(present_proof::REQUESTS, thread.map(ToOwned::to_owned));
        let begun = Instant::now();
        let arrival = self.beginning(&peer, awaited, "a proof request").await?;
        self.answer_request(&peer, &arrival.message, begun.max(arrival.at)).await
    }

    /// Presents what the request asks for that an invitation brings.
    pub(super) async fn present_to(
        self: &Arc<Self>,
        invitation: &Invitation,
        system: &str,
    ) -> Result<Presented, HolderError> {
        self.agency.published()?;
        let request = attached(invitation, present_proof::REQUESTS, "proof request")?;
        let peer = self.peer(invitation, system).await?;
        // Until here it was the mediator's time.
        let presented = self.answer_request(&peer, &request, Instant::now()).await;
        self.part(peer).await;
        presented
    }

    /// Proposes a presentation, and presents what is then asked for.
    pub(super) async fn propose_presentation(
        self: &Arc<Self>,
        connection: &str,
        proposal: &Proposal,
    ) -> Result<Presented, HolderError> {
        self.agency.published()?;
        let peer = Peer::of(self.connection(connection)?);
        let (mut prover, message) = Prover::propose(proposal);
        let thread = message.thread_id().to_owned();
        let seat = self.sit(*peer.line.key.verkey(), Awaited::Answer(thread, &[]));
        let asked = self.send(&peer.line, message).await?;
        let arrival = self.found(seat, &peer.line, "a proof request", Some(asked)).await?;
        match prover.receive_request(&arrival.message) {
            Ok(request) => self.present_as(&peer, prover, request, arrival.at).await,
            Err(error) => {
                self.decline(&peer, present_proof::refuse(&arrival.message, &error)).await;
                Err(error.into())
            }
        }
    }

    async fn answer_request(
        self: &Arc<Self>,
        peer: &Peer<'_>,
        message: &Message,
        begun: Instant,
    ) -> Result<Presented, HolderError> {
        let (prover, request) = self.requested(peer, message).await?;
        self.present_as(peer, prover, request, begun).await
    }

    /// Reads a request; of one that is none its sender is told.
    pub(super) async fn requested(
        self: &Arc<Self>,
        peer: &Peer<'_>,
        message: &Message,
    ) -> Result<(Prover, Request), HolderError> {
        match Prover::requested(message) {
            Ok(requested) => Ok(requested),
            Err(error) => {
                self.decline(peer, present_proof::refuse(message, &error)).await;
                Err(error.into())
            }
        }
    }

    /// Goes on from a request, until its ack is here if one is promised.
    async fn present_as(
        self: &Arc<Self>,
        peer: &Peer<'_>,
        mut prover: Prover,
        request: Request,
        begun: Instant,
    ) -> Result<Presented, HolderError> {
        let Shown { mut presented, ack, written } =
            self.show(peer, &mut prover, &request, begun).await?;
        if let Some(seat) = ack {
            let what = "the ack of a presentation";
            let ack = self.found(seat, &peer.line, what, Some(written)).await?;
            presented.verdict = prover.confirmed(&ack.message)?;
            presented.acked_in = Some(ack.at.saturating_duration_since(written));
        }
        Ok(presented)
    }

    /// Proves and presents; what cannot be proved is told to the other side.
    pub(super) async fn show(
        self: &Arc<Self>,
        peer: &Peer<'_>,
        prover: &mut Prover,
        request: &Request,
        begun: Instant,
    ) -> Result<Shown, HolderError> {
        self.begin(peer, "present-proof", prover.thread_id());
        let (payload, prepared) = match self.prove(&request.payload).await {
            Ok(done) => done,
            Err(error) => {
                let report = prover.decline(present_proof::ABANDONED, &error.to_string());
                self.decline(peer, report.ok()).await;
                return Err(error);
            }
        };
        let thread_id = prover.thread_id().to_owned();
        let message = peer.addressed(prover.present(&payload)?);
        let ack = Awaited::Answer(thread_id.clone(), &[]);
        let ack = request.will_confirm.then(|| self.sit(*peer.line.key.verkey(), ack));
        let written = self.send(&peer.line, message).await?;
        let presented = Presented {
            connection: peer.id(),
            thread_id,
            prepared,
            verdict: None,
            answered_in: written.duration_since(begun),
            acked_in: None,
        };
        Ok(Shown { presented, ack, written })
    }

    /// The presentation that a request asks for, and whether it was prepared.
    async fn prove(&self, payload: &[u8]) -> Result<(Vec<u8>, bool), HolderError> {
        let request: PresentationRequest = read("proof request", payload)?;
        bounded(&request)?;
        let Published { compute, .. } = self.agency.published()?;
        let prepared = self.state().prepared.take(&request);
        if let Some(prepared) = prepared {
            // Less than a millisecond, and whole proofs may be before it in the pool's queue.
            let begun = Instant::now();
            let value = written("presentation", &prepared.finish(&request.nonce)?);
            let took = begun.elapsed();
            let computed = Computed { value, queued: Duration::ZERO, took };
            let finished = self.tell_computed(Work::Proof { prepared: true }, computed);
            return finished.map(|presentation| (presentation, true));
        }
        let material = self.material(&request).await?;
        let secret = self.link_secret()?;
        let job = move || -> Result<_, HolderError> {
            let (prepared, witnessed) = material.prove(&request, &secret)?;
            let presentation = prepared.proof.finish(&request.nonce)?;
            Ok((written("presentation", &presentation)?, witnessed))
        };
        let computed = compute.run(Urgency::Awaited, job).await;
        let proved = self.tell_proved(Work::Proof { prepared: false }, computed);
        proved.map(|presentation| (presentation, false))
    }

    /// Prepares a presentation for requests of a shape.
    pub(super) async fn prepare(&self, request: &PresentationRequest) -> Result<(), HolderError> {
        bounded(request)?;
        let Published { compute, .. } = self.agency.published()?;
        let changes = self.state().prepared.changes();
        let material = self.material(request).await?;
        let (secret, request) = (self.link_secret()?, request.clone());
        let job = move || Ok(material.prove(&request, &secret)?);
        let computed = compute.run(Urgency::Ahead, job).await;
        let prepared = self.tell_proved(Work::Preparation, computed)?;
        self.state().prepared.keep(prepared, changes);
        Ok(())
    }

    /// Tells of a proof and the witnesses in it, and keeps those.
    fn tell_proved<T>(
        &self,
        what: Work,
        computed: Computed<Result<(T, Witnessed), HolderError>>,
    ) -> Result<T, HolderError> {
        let Computed { value, queued, took } = computed;
        // What is made ahead nobody waits for, nor for any part of it.
        let awaited = value.as_ref().ok().filter(|_| what != Work::Preparation);
        let witnessing = awaited.and_then(|(_, it)| it.took);
        let observer = &self.means.observer;
        if let Some(took) = witnessing {
            // It was done on the way, and waited for no turn of its own.
            observer.computed(Work::Witness, Computed { value: (), queued: Duration::ZERO, took });
        }
        let took = took.saturating_sub(witnessing.unwrap_or_default());
        observer.computed(what, Computed { value: (), queued, took });
        let (proved, witnessed) = value?;
        self.keep_witnesses(witnessed);
        Ok(proved)
    }
}

/// A presentation that is on its way.
pub(super) struct Shown {
    pub(super) presented: Presented,
    /// Where its ack arrives, if one is promised.
    ack: Option<Seat>,
    written: Instant,
}

/// Refuses what would keep a thread busy for long.
fn bounded(request: &PresentationRequest) -> Result<(), HolderError> {
    // A part of no attributes is work as well.
    let attributes = request.requested_attributes.values();
    let attributes = attributes.map(|it| it.names().count().max(1)).sum();
    let predicates = request.requested_predicates.len();
    for (what, count, max) in
        [("attributes", attributes, ATTRIBUTES_MAX), ("predicates", predicates, PREDICATES_MAX)]
    {
        if count > max {
            let why = format!("asks for {count} {what}, and {max} are the most");
            return Err(HolderError::Document { document: "proof request", why });
        }
    }
    Ok(())
}
