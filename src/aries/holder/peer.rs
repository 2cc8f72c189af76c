//! Whom an exchange is with: a connection, or somebody whose invitation needs none.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    HolderError,
    inner::Inner,
    reach::{no_endpoint, target},
    wallet::{Connection, Facts, Line},
};
use crate::aries::{
    didcomm::{KeyPair, Kind, Message, Verkey, invitation::Invitation},
    protocol::mediation::Granted,
};

/// Whom an exchange is with.
pub(super) struct Peer<'a> {
    pub(super) line: Arc<Line>,
    pub(super) connection: Option<Arc<Connection>>,
    /// Which of the systems under test it is.
    pub(super) system: String,
    /// Where its answers go, if it is no connection: `~service` (RFC 0056).
    service: Option<Value>,
    _passing: Option<Passing<'a>>,
}

impl Peer<'_> {
    pub(super) fn of(connection: Arc<Connection>) -> Self {
        let line = Arc::clone(&connection.line);
        let system = connection.facts.system.clone();
        Self { line, connection: Some(connection), system, service: None, _passing: None }
    }

    pub(super) fn id(&self) -> Option<String> {
        self.connection.as_ref().map(|it| it.id.clone())
    }

    /// A message of the exchange, with what the other side needs to answer it.
    pub(super) fn addressed(&self, message: Message) -> Message {
        match &self.service {
            Some(service) => message.with("~service", service.clone()),
            None => message,
        }
    }
}

/// The message of one of these kinds that an invitation brings, on the thread that it belongs to.
pub(super) fn attached(
    invitation: &Invitation,
    kinds: &[Kind],
    wanted: &'static str,
) -> Result<Message, HolderError> {
    let one = |it: &&Message| kinds.iter().any(|kind| it.kind.is(kind));
    let message = invitation.attached.iter().find(one).cloned();
    let message = message.ok_or(HolderError::NothingAttached { wanted })?;
    Ok(if invitation.out_of_band { message.with_parent(&invitation.id) } else { message })
}

impl Inner {
    /// Whoever wrote an invitation: a connection of `system` if a handshake is allowed, for then one
    /// is expected (RFC 0434), else somebody in passing.
    pub(super) async fn peer(
        self: &Arc<Self>,
        invitation: &Invitation,
        system: &str,
    ) -> Result<Peer<'_>, HolderError> {
        if invitation.handshakes.is_empty() {
            return self.passing_peer(invitation, system).await;
        }
        let facts = Facts { system: system.to_owned(), ..Facts::default() };
        Ok(Peer::of(self.accept(invitation, facts).await?))
    }

    async fn passing_peer(
        self: &Arc<Self>,
        invitation: &Invitation,
        system: &str,
    ) -> Result<Peer<'_>, HolderError> {
        let services = self.services(invitation).await?;
        let target = target(&services).ok_or_else(|| no_endpoint("the invitation"))?;
        let key = KeyPair::generate();
        let verkey = *key.verkey();
        let line = Arc::new(Line::new(key, target));
        let passing = Passing::new(self, &line);
        self.route(verkey).await?;
        let Granted { endpoint, routing } = self.way_in();
        let routing: Vec<_> = routing.iter().map(Verkey::to_string).collect();
        let service = json!({
            "recipientKeys": [verkey.to_string()],
            "routingKeys": routing,
            "serviceEndpoint": endpoint,
        });
        Ok(Peer {
            line,
            connection: None,
            system: system.to_owned(),
            service: Some(service),
            _passing: Some(passing),
        })
    }

    /// Has the mediator take in nothing more by whom the holder met in passing.
    pub(super) async fn part(self: &Arc<Self>, peer: Peer<'_>) {
        if peer.connection.is_none()
            && let Err(error) = self.unroute(*peer.line.key.verkey()).await
        {
            self.tell_trouble("key not removed", error.to_string());
        }
    }

    pub(super) async fn ask_peer(
        self: &Arc<Self>,
        peer: &Peer<'_>,
        message: Message,
        awaited: &'static str,
    ) -> Result<Message, HolderError> {
        self.ask(&peer.line, peer.addressed(message), awaited).await
    }

    /// Says what the holder does not do; an error is already on its way to whoever asked for it.
    pub(super) async fn decline(self: &Arc<Self>, peer: &Peer<'_>, report: Option<Message>) {
        let Some(report) = report else { return };
        let kind = report.kind.clone();
        if let Err(error) = self.send(&peer.line, peer.addressed(report)).await {
            self.tell_trouble("answer not sent", format!("{kind}: {error}"));
        }
    }
}

/// A line that belongs to no connection; messages for it are opened until this is dropped.
struct Passing<'a> {
    holder: &'a Inner,
    key: Verkey,
}

impl<'a> Passing<'a> {
    fn new(holder: &'a Arc<Inner>, line: &Arc<Line>) -> Self {
        holder.agency.house(*line.key.verkey(), holder);
        holder.state().passing.push(Arc::clone(line));
        Self { holder, key: *line.key.verkey() }
    }
}

impl Drop for Passing<'_> {
    fn drop(&mut self) {
        self.holder.state().passing.retain(|line| line.key.verkey() != &self.key);
        self.holder.agency.evict([self.key].into_iter());
    }
}
