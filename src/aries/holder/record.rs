//! A holder at rest: everything that it needs to live again in another process on another day.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    HolderError,
    credential::CredentialRecord,
    wallet::{Connection, Facts, Line, Mediator, Target, Wallet},
};
use crate::aries::{
    anoncreds::LinkSecret,
    didcomm::{KeyPair, Verkey},
    protocol::mediation::Granted,
};

/// Version of the record: one of another version is refused.
const VERSION: u32 = 1;

/// A row of `holders.msgpack`. It holds the seeds of the holder's keys and its link
/// secret: whoever has it is the holder.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct HolderRecord {
    /// Unique over all runs; a later row of the same id supersedes an earlier one.
    pub id: String,
    /// Version of this record's format.
    pub version: u32,
    /// What the holder calls itself.
    pub label: String,
    /// The systems that it was made with, by their names in `[config]`.
    pub made_with: BTreeMap<String, String>,
    /// Who takes its messages in.
    pub mediator: Option<MediatorRecord>,
    /// Whom it knows.
    pub connections: Vec<ConnectionRecord>,
    /// The secret number in all its credentials, if it was ever asked for one.
    #[serde(default)]
    pub link_secret: Option<LinkSecret>,
    /// Its credentials, the oldest first.
    #[serde(default)]
    pub credentials: Vec<CredentialRecord>,
}

/// Who takes a holder's messages in.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MediatorRecord {
    /// The connection with it.
    pub connection: ConnectionRecord,
    /// Where messages for the holder are to be posted.
    pub endpoint: String,
    /// Whom they are forwarded through, the nearest to the holder first.
    pub routing: Vec<Verkey>,
    /// Its WebSocket, if it has one.
    pub socket: Option<String>,
}

/// Somebody whom a holder knows.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ConnectionRecord {
    /// What the holder calls the connection.
    pub id: String,
    /// Which of the systems under test it is with, such as `issuer`.
    pub system: String,
    /// What the other side's controller calls the connection, where it is known.
    pub remote_id: Option<String>,
    /// Seed of the holder's key: 32 bytes.
    #[serde(with = "serde_bytes")]
    pub seed: [u8; 32],
    /// The key itself, so that it need not be made from the seed again.
    pub key: Verkey,
    /// The holder's DID, in its short form.
    pub my_did: String,
    /// The other's DID, in its short form.
    pub their_did: String,
    /// What the other calls itself.
    pub their_label: String,
    /// The public DID of the invitation that led here.
    pub invited_by: Option<String>,
    /// Whom messages are packed for.
    pub recipient: Verkey,
    /// Whom they are forwarded through, the nearest to the recipient first.
    pub routing: Vec<Verkey>,
    /// Where they are posted.
    pub endpoint: String,
}

impl HolderRecord {
    pub(super) fn new(id: &str, label: &str, wallet: &Wallet) -> Self {
        Self {
            id: id.to_owned(),
            version: VERSION,
            label: label.to_owned(),
            made_with: BTreeMap::new(),
            mediator: wallet.mediator.as_deref().map(MediatorRecord::of),
            connections: wallet.connections.iter().map(|it| ConnectionRecord::of(it)).collect(),
            link_secret: wallet.link_secret.clone(),
            credentials: wallet.credentials.iter().map(CredentialRecord::of).collect(),
        }
    }

    pub(super) fn wallet(self) -> Result<Wallet, HolderError> {
        if self.version != VERSION {
            let why = format!(
                "is of format version {}, and this program reads {VERSION}; provision it again",
                self.version
            );
            return Err(HolderError::Record { id: self.id, why });
        }
        let connection = |record: ConnectionRecord| Arc::new(record.revive());
        let mediator = self.mediator.map(|it| {
            Arc::new(Mediator {
                connection: connection(it.connection),
                granted: Granted { endpoint: it.endpoint, routing: it.routing },
                socket: it.socket,
            })
        });
        Ok(Wallet {
            mediator,
            connections: self.connections.into_iter().map(connection).collect(),
            link_secret: self.link_secret,
            credentials: self.credentials.into_iter().map(CredentialRecord::revive).collect(),
        })
    }
}

impl MediatorRecord {
    fn of(mediator: &Mediator) -> Self {
        let Mediator { connection, granted, socket } = mediator;
        Self {
            connection: ConnectionRecord::of(connection),
            endpoint: granted.endpoint.clone(),
            routing: granted.routing.clone(),
            socket: socket.clone(),
        }
    }
}

impl ConnectionRecord {
    fn of(connection: &Connection) -> Self {
        let Connection { id, line, facts } = connection;
        let Target { recipient, routing, endpoint } = line.target.clone();
        let facts = facts.clone();
        Self {
            id: id.clone(),
            system: facts.system,
            remote_id: facts.remote_id,
            seed: *line.key.seed(),
            key: *line.key.verkey(),
            my_did: facts.my_did,
            their_did: facts.their_did,
            their_label: facts.their_label,
            invited_by: facts.invited_by,
            recipient,
            routing,
            endpoint,
        }
    }

    fn revive(self) -> Connection {
        let Self { recipient, routing, endpoint, .. } = self;
        let facts = Facts {
            my_did: self.my_did,
            their_did: self.their_did,
            their_label: self.their_label,
            invited_by: self.invited_by,
            system: self.system,
            remote_id: self.remote_id,
        };
        let key = KeyPair::from_parts(self.seed, self.key);
        let line = Arc::new(Line::new(key, Target { recipient, routing, endpoint }));
        Connection { id: self.id, line, facts }
    }
}
