//! Whom an agent deals with: a connection, or whoever answers an invitation without one.

use std::sync::Arc;

use super::exchanges::Peer;
use crate::{
    aries::didcomm::{
        Message, Thread, Verkey,
        did::Service,
        envelope::{self, Channel},
        invitation::{self as didcomm, Reach},
    },
    sandbox::desk::{Connection, Desk, Invitation, Refused},
};

/// The other side of an exchange.
#[derive(Clone)]
pub(super) enum Other {
    Connection(Arc<Connection>),
    Stranger(Arc<Stranger>),
}

/// Somebody that nothing is known of but an invitation and a key.
pub(super) struct Stranger {
    pub(super) invitation: Arc<Invitation>,
    pub(super) key: Verkey,
    /// Where it says that answers go (`~service`, RFC 0056).
    service: Option<Service>,
}

impl Stranger {
    pub(super) fn new(invitation: &Arc<Invitation>, key: Verkey, message: &Message) -> Self {
        Self { invitation: Arc::clone(invitation), key, service: service(message) }
    }

    /// Packs a message for it.
    pub(super) fn pack(&self, desk: &Desk, message: &Message) -> Result<Vec<u8>, Refused> {
        desk.office.counts.messages_out.one();
        Ok(Channel::new(&self.invitation.key, &self.key)?.pack(&message.to_bytes()))
    }

    /// Sends a message to where it says; whoever says nothing waits for nothing.
    pub(super) fn send(&self, desk: &Desk, message: &Message) -> Result<(), Refused> {
        let Some(service) = &self.service else { return Ok(()) };
        let recipient = service.recipients.first().copied().unwrap_or(self.key);
        let place = desk.office.post.place()?;
        desk.office.counts.messages_out.one();
        let packed = Channel::new(&self.invitation.key, &recipient)?.pack(&message.to_bytes());
        let packed = envelope::forward(packed, &recipient, &service.routing)?;
        Ok(desk.office.post.deliver(place, &service.endpoint, packed)?)
    }
}

impl Other {
    /// What its exchanges may be found by: that with a connection may have begun with the invitation.
    pub(super) fn peers(&self) -> Vec<Peer> {
        match self {
            Self::Connection(connection) => {
                let invitation = connection.details.invitation.clone();
                vec![Peer::Connection(connection.number), Peer::Invitation(invitation)]
            }
            Self::Stranger(stranger) => vec![Peer::Invitation(stranger.invitation.id.clone())],
        }
    }

    pub(super) fn connection_id(&self) -> Option<String> {
        match self {
            Self::Connection(connection) => Some(connection.id.clone()),
            Self::Stranger(_) => None,
        }
    }
}

fn service(message: &Message) -> Option<Service> {
    let mut bare = Message { thread: Thread::default(), ..Message::new(message.kind.clone()) };
    bare.fields.insert("~service".into(), message.fields.get("~service")?.clone());
    let read = didcomm::Invitation::from_value(bare.to_value()).ok()?;
    match read.services.into_iter().next()? {
        Reach::Service(service) => Some(service),
        Reach::Did(_) => None,
    }
}
