//! What a holder has: keys, connections, and the mediator that takes its messages in.

use std::sync::{Arc, OnceLock};

use super::{
    arrival::Sender,
    credential::{HeldCredential, Origin},
};
use crate::aries::{
    anoncreds::LinkSecret,
    didcomm::{KeyError, KeyPair, Verkey, envelope::Channel},
    protocol::mediation::Granted,
};

/// What a holder has.
#[derive(Clone, Default)]
pub(super) struct Wallet {
    pub(super) mediator: Option<Arc<Mediator>>,
    pub(super) connections: Vec<Arc<Connection>>,
    /// Made when it is first needed.
    pub(super) link_secret: Option<LinkSecret>,
    /// The oldest first.
    pub(super) credentials: Vec<HeldCredential>,
}

/// Somebody whom the holder writes to, and who writes to it.
pub(super) struct Connection {
    /// What the holder calls it: unique to it.
    pub(super) id: String,
    pub(super) line: Arc<Line>,
    pub(super) facts: Facts,
}

/// What is known of a connection, beside its keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Facts {
    pub(super) my_did: String,
    pub(super) their_did: String,
    /// What the other calls itself.
    pub(super) their_label: String,
    /// The public DID of the invitation that led here: another one of it can be answered by reuse.
    pub(super) invited_by: Option<String>,
    /// Which of the systems under test it is, such as `issuer`.
    pub(super) system: String,
    /// What the other side's controller calls the connection.
    pub(super) remote_id: Option<String>,
}

/// Who takes the holder's messages in.
pub(super) struct Mediator {
    pub(super) connection: Arc<Connection>,
    pub(super) granted: Granted,
    /// Where its WebSocket is, if it has one.
    pub(super) socket: Option<String>,
}

/// A pair of keys that messages travel between, and how they get to the other end.
pub(super) struct Line {
    pub(super) key: KeyPair,
    pub(super) target: Target,
    channel: OnceLock<Channel>,
}

/// Where and how somebody is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) recipient: Verkey,
    /// Whom messages are forwarded through, the nearest to the recipient first.
    pub(super) routing: Vec<Verkey>,
    /// A URL.
    pub(super) endpoint: String,
}

impl Line {
    pub(super) fn new(key: KeyPair, target: Target) -> Self {
        Self { key, target, channel: OnceLock::new() }
    }

    /// The keys agreed on; the first to ask agrees.
    pub(super) fn channel(&self) -> Result<&Channel, KeyError> {
        if let Some(channel) = self.channel.get() {
            return Ok(channel);
        }
        let channel = Channel::new(&self.key, &self.target.recipient)?;
        Ok(self.channel.get_or_init(|| channel))
    }
}

impl Wallet {
    /// The connection whose messages are for this key of ours; the mediator's is one.
    pub(super) fn by_key(&self, key: &Verkey) -> Option<&Arc<Connection>> {
        let mediator = self.mediator.iter().map(|mediator| &mediator.connection);
        mediator.chain(&self.connections).find(|it| it.line.key.verkey() == key)
    }

    /// What comes in for this key of ours.
    pub(super) fn sender(&self, key: &Verkey) -> Sender {
        let mediator = self.mediator.as_ref().map(|mediator| &mediator.connection);
        match self.by_key(key) {
            Some(known) if mediator.is_some_and(|it| Arc::ptr_eq(it, known)) => Sender::Mediator,
            Some(_) => Sender::Connection,
            None => Sender::Other,
        }
    }

    /// How the holder came by its credentials, the oldest first.
    pub(super) fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.credentials.iter().map(|it| &it.origin)
    }

    pub(super) fn connection(&self, id: &str) -> Option<&Arc<Connection>> {
        self.connections.iter().find(|it| it.id == id)
    }
}
