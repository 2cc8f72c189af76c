//! Whose key is whose: invitations and connections, found by key, by id and in order.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{Connection, Invitation};
use crate::aries::didcomm::{KeyPair, Verkey};

/// What a key of ours is for.
#[derive(Clone)]
pub(in super::super) enum Owner {
    Invitation(Arc<Invitation>),
    Connection(Arc<Connection>),
    /// Messages to it are to be forwarded.
    Routing(Arc<KeyPair>),
}

/// The invitations and connections of one party.
#[derive(Default)]
pub(super) struct Book {
    keys: HashMap<Verkey, Owner>,
    invitations: HashMap<String, Arc<Invitation>>,
    connections: BTreeMap<i64, Arc<Connection>>,
    numbers: HashMap<String, i64>,
    by_invitation: HashMap<String, BTreeSet<i64>>,
    /// Ids of connections to be, and of the invitations that shall become them.
    becoming: HashMap<String, String>,
}

impl Book {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn owner(&self, key: &Verkey) -> Option<Owner> {
        self.keys.get(key).cloned()
    }

    pub(super) fn route(&mut self, key: KeyPair) {
        self.keys.insert(*key.verkey(), Owner::Routing(Arc::new(key)));
    }

    /// Lets anybody write to the public key; it stays when invitations that name it are spent.
    pub(super) fn publish(&mut self, implicit: Arc<Invitation>) {
        self.keys.insert(*implicit.key.verkey(), Owner::Invitation(implicit));
    }

    pub(super) fn invite(&mut self, invitation: Arc<Invitation>) {
        if invitation.details.public.is_none() {
            let owner = Owner::Invitation(Arc::clone(&invitation));
            self.keys.insert(*invitation.key.verkey(), owner);
        }
        if let Some((_, connection)) = &invitation.details.becomes {
            self.becoming.insert(connection.clone(), invitation.id.clone());
        }
        self.invitations.insert(invitation.id.clone(), invitation);
    }

    pub(super) fn invitation(&self, id: &str) -> Option<Arc<Invitation>> {
        self.invitations.get(id).cloned()
    }

    pub(super) fn invitations(&self) -> impl Iterator<Item = &Arc<Invitation>> {
        self.invitations.values()
    }

    /// The invitation that shall become this connection.
    pub(super) fn invited(&self, connection: &str) -> Option<Arc<Invitation>> {
        self.invitation(self.becoming.get(connection)?)
    }

    pub(super) fn spend(&mut self, id: &str) {
        if let Some(invitation) = self.invitations.remove(id) {
            if invitation.details.public.is_none() {
                self.keys.remove(invitation.key.verkey());
            }
            if let Some((_, connection)) = &invitation.details.becomes {
                self.becoming.remove(connection);
            }
        }
    }

    pub(super) fn connect(&mut self, connection: Arc<Connection>) {
        let number = connection.number;
        self.keys.insert(connection.mine, Owner::Connection(Arc::clone(&connection)));
        self.numbers.insert(connection.id.clone(), number);
        self.by_invitation.entry(connection.details.invitation.clone()).or_default().insert(number);
        self.connections.insert(number, connection);
    }

    pub(super) fn connection(&self, id: &str) -> Option<Arc<Connection>> {
        self.connections.get(self.numbers.get(id)?).cloned()
    }

    pub(super) fn connections(&self) -> impl Iterator<Item = &Arc<Connection>> {
        self.connections.values()
    }

    pub(super) fn of_invitation(&self, id: &str) -> impl Iterator<Item = &Arc<Connection>> {
        let numbers = self.by_invitation.get(id).into_iter().flatten();
        numbers.filter_map(|number| self.connections.get(number))
    }

    pub(super) fn forget(&mut self, id: &str) -> Option<Arc<Connection>> {
        let connection = self.connections.remove(&self.numbers.remove(id)?)?;
        self.keys.remove(&connection.mine);
        let invitation = &connection.details.invitation;
        if let Some(numbers) = self.by_invitation.get_mut(invitation) {
            numbers.remove(&connection.number);
            if numbers.is_empty() {
                self.by_invitation.remove(invitation);
            }
        }
        Some(connection)
    }
}
