//! Getting to know somebody: from an invitation to a connection.

use std::sync::Arc;

use super::{
    HolderError,
    inner::Inner,
    reach::{no_endpoint, service, socket, target},
    wallet::{Connection, Facts, Line, Mediator},
};
use crate::aries::{
    didcomm::{
        KeyPair, Message, Verkey,
        did::{self, DidDoc, DidMethod, OwnDid},
        invitation::{Handshake, Invitation, Reach},
        unique_id,
    },
    protocol::{
        Established, Inviter, Party, Requester,
        mediation::{self, Granted, KeylistUpdate},
        out_of_band,
    },
};

/// Handshakes by which a holder answers, its favourite first.
const HANDSHAKES: [Handshake; 3] =
    [Handshake::DidExchange1_1, Handshake::DidExchange1_0, Handshake::Connections1_0];

impl Inner {
    /// Answers an invitation; a connection that the inviter knows already is used again.
    pub(super) async fn accept(
        self: &Arc<Self>,
        invitation: &Invitation,
        facts: Facts,
    ) -> Result<Arc<Connection>, HolderError> {
        if let Some(known) = self.known(invitation) {
            self.reuse(invitation, &known).await?;
            return Ok(known);
        }
        let key = KeyPair::generate();
        self.route(*key.verkey()).await?;
        let Met { connection, pending, .. } = self.shake_hands(invitation, key, facts).await?;
        {
            let mut state = self.state();
            state.wallet.connections.push(Arc::clone(&connection));
            state.waiting.meet(connection.line.key.verkey());
        }
        drop(pending);
        Ok(connection)
    }

    /// Answers a mediator's invitation, and is granted mediation.
    pub(super) async fn accept_mediator(
        self: &Arc<Self>,
        invitation: &Invitation,
        facts: Facts,
    ) -> Result<(), HolderError> {
        let services = self.services(invitation).await?;
        let socket = self.agency.settings.socket_url.clone().or_else(|| socket(&services));
        if service(&services, &["https", "http"]).is_none()
            && let Some(url) = &socket
        {
            self.open_socket(url).await?;
        }
        let Met { connection, document, pending: _pending } =
            self.shake_hands(invitation, KeyPair::generate(), facts).await?;
        // Invitations of ACA-Py name its first endpoint alone, its document names all of them.
        let socket = socket.or_else(|| super::reach::socket(&document.services));
        let mediator = |granted| Mediator {
            connection: Arc::clone(&connection),
            granted,
            socket: socket.clone(),
        };
        // From here on it is the mediator that answers come back from; what it grants is not known yet.
        let nothing = Granted { endpoint: String::new(), routing: Vec::new() };
        self.state().wallet.mediator = Some(Arc::new(mediator(nothing)));
        let (request, awaited) = (mediation::request(), "the grant of mediation");
        let answer = self.ask_for(&connection.line, request, mediation::ANSWERS, awaited).await;
        let granted = answer.and_then(|answer| Ok(mediation::granted(&answer)?));
        self.state().wallet.mediator = match &granted {
            Ok(granted) => Some(Arc::new(mediator(granted.clone()))),
            Err(_) => None,
        };
        granted.map(drop)
    }

    /// Has the mediator take in messages for a key, if there is one: before anybody is told of it.
    pub(super) async fn route(self: &Arc<Self>, key: Verkey) -> Result<(), HolderError> {
        self.update_keylist(KeylistUpdate { add: vec![key], remove: Vec::new() }).await
    }

    /// Forgets a connection, and has the mediator take in nothing more for it.
    pub(super) async fn forget(self: &Arc<Self>, id: &str) -> Result<(), HolderError> {
        let Ok(connection) = self.connection(id) else { return Ok(()) };
        let key = *connection.line.key.verkey();
        self.state().wallet.connections.retain(|it| it.id != id);
        self.agency.evict([key].into_iter());
        self.unroute(key).await
    }

    /// Has the mediator take in nothing more for a key.
    pub(super) async fn unroute(self: &Arc<Self>, key: Verkey) -> Result<(), HolderError> {
        self.update_keylist(KeylistUpdate { add: Vec::new(), remove: vec![key] }).await
    }

    async fn update_keylist(self: &Arc<Self>, update: KeylistUpdate) -> Result<(), HolderError> {
        let mediator = self.state().wallet.mediator.clone();
        let Some(mediator) = mediator else { return Ok(()) };
        let answer = self.ask(&mediator.connection.line, update.message(), "the keylist's update");
        Ok(update.confirmed(&answer.await?)?)
    }

    async fn shake_hands(
        self: &Arc<Self>,
        invitation: &Invitation,
        key: KeyPair,
        mut facts: Facts,
    ) -> Result<Met<'_>, HolderError> {
        let handshake = self.handshake(invitation)?;
        let services = self.services(invitation).await?;
        let target = target(&services).ok_or_else(|| no_endpoint("the invitation"))?;
        let inviters: Vec<_> = services.iter().flat_map(|it| &it.recipients).copied().collect();
        let own = self.own_did(handshake, key.verkey());
        let line = Arc::new(Line::new(key, target));
        let party = Party { label: &self.label, key: &line.key, did: &own };
        let inviter = Inviter { did: public_did(invitation), keys: &inviters };
        let (mut requester, request) = Requester::begin(handshake, &invitation.id, inviter, &party);
        let pending = Pending::new(self, &line);
        let response = self.ask(&line, request, "the answer to a connection request").await?;
        let established = requester.receive(&response)?;
        let document = self.their_document(&established).await?;
        let target = super::reach::target(&document.services)
            .ok_or_else(|| no_endpoint(&established.their_did))?;
        let line = Arc::new(Line::new(line.key.clone(), target));
        pending.settle(&line);
        self.send(&line, established.answer).await?;

        did::short_form(&own.did).clone_into(&mut facts.my_did);
        did::short_form(&established.their_did).clone_into(&mut facts.their_did);
        facts.their_label = invitation.label.clone().unwrap_or_default();
        facts.invited_by = public_did(invitation).map(ToOwned::to_owned);
        let connection = Arc::new(Connection { id: unique_id(), line, facts });
        Ok(Met { connection, document, pending })
    }

    /// The favourite of ours among those that the invitation offers.
    fn handshake(&self, invitation: &Invitation) -> Result<Handshake, HolderError> {
        let wanted = self.agency.settings.handshake;
        let wanted = wanted.as_ref().map_or(&HANDSHAKES[..], std::slice::from_ref);
        let offered = wanted.iter().find(|it| invitation.handshakes.contains(it));
        offered.copied().ok_or_else(|| {
            let wanted: Vec<_> = wanted.iter().map(|it| it.uri()).collect();
            HolderError::NoHandshake { wanted: wanted.join(", ") }
        })
    }

    fn own_did(&self, handshake: Handshake, key: &Verkey) -> OwnDid {
        let settings = &self.agency.settings;
        let method = match handshake {
            Handshake::Connections1_0 | Handshake::DidExchange1_0 => DidMethod::Unqualified,
            Handshake::DidExchange1_1 => settings.did_method,
        };
        let Granted { endpoint, routing } = self.way_in();
        OwnDid::new(method, key, &endpoint, &routing)
    }

    async fn their_document(&self, established: &Established) -> Result<DidDoc, HolderError> {
        match &established.their_doc {
            Some(document) => Ok(document.clone()),
            None => self.resolve(&established.their_did).await,
        }
    }

    fn known(&self, invitation: &Invitation) -> Option<Arc<Connection>> {
        let public = public_did(invitation).filter(|_| invitation.out_of_band)?;
        let state = self.state();
        let known = |it: &&Arc<Connection>| it.facts.invited_by.as_deref() == Some(public);
        state.wallet.connections.iter().find(known).cloned()
    }

    async fn reuse(
        self: &Arc<Self>,
        invitation: &Invitation,
        known: &Connection,
    ) -> Result<(), HolderError> {
        let reuse = out_of_band::reuse(&invitation.id);
        let answer = self.ask(&known.line, Message::clone(&reuse), "the reuse of a connection");
        Ok(out_of_band::reuse_accepted(&answer.await?, &reuse)?)
    }
}

/// Whom a handshake was with.
struct Met<'a> {
    connection: Arc<Connection>,
    document: DidDoc,
    /// Keeps messages to the connection readable until the wallet has it.
    pending: Pending<'a>,
}

/// A line whose handshake is under way; messages for it are opened until this is dropped.
struct Pending<'a> {
    holder: &'a Inner,
    key: Verkey,
}

impl<'a> Pending<'a> {
    fn new(holder: &'a Arc<Inner>, line: &Arc<Line>) -> Self {
        holder.agency.house(*line.key.verkey(), holder);
        holder.state().pending.push(Arc::clone(line));
        Self { holder, key: *line.key.verkey() }
    }

    /// Has what comes from now on answered to whom the handshake was with, and no longer to the key
    /// of the invitation.
    fn settle(&self, line: &Arc<Line>) {
        let mut state = self.holder.state();
        for ours in state.pending.iter_mut().filter(|line| line.key.verkey() == &self.key) {
            *ours = Arc::clone(line);
        }
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        let mut state = self.holder.state();
        state.pending.retain(|line| line.key.verkey() != &self.key);
        if state.wallet.by_key(&self.key).is_none() {
            drop(state);
            self.holder.agency.evict([self.key].into_iter());
        }
    }
}

/// The DID by which an inviter is known to everybody.
fn public_did(invitation: &Invitation) -> Option<&str> {
    invitation.services.iter().find_map(|reach| match reach {
        Reach::Did(did) => Some(did.as_str()),
        Reach::Service(_) => None,
    })
}
