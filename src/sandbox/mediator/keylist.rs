//! Whose messages a mediator takes: the keys that its holders have named.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use super::{Holder, Mediator, Refused, RouteRow, Write, lock};
use crate::aries::{
    didcomm::{Message, Verkey},
    protocol::mediation::{
        Action, Outcome, Update,
        mediator::{read_update, update_response},
    },
};

/// Keys of one holder.
const KEYS_MAX: usize = 10_000;
/// Keys of all holders.
const ALL_KEYS_MAX: usize = 4_000_000;

/// Which holder a key leads to.
#[derive(Default)]
pub(super) struct Routes {
    holders: HashMap<Verkey, Arc<Holder>>,
    keys: HashMap<i64, Vec<Verkey>>,
}

impl Routes {
    pub(super) fn holder(&self, key: &Verkey) -> Option<Arc<Holder>> {
        self.holders.get(key).cloned()
    }

    /// The keys of the holder with this number, in the order in which they came.
    pub(super) fn of(&self, holder: i64) -> Vec<Verkey> {
        self.keys.get(&holder).cloned().unwrap_or_default()
    }

    pub(super) fn add(&mut self, key: Verkey, holder: &Arc<Holder>) -> Outcome {
        let full = self.holders.len() >= ALL_KEYS_MAX;
        let keys = self.keys.entry(holder.connection.number).or_default();
        match self.holders.entry(key) {
            Entry::Occupied(taken) if Arc::ptr_eq(taken.get(), holder) => Outcome::NoChange,
            // Nobody takes over somebody else's messages.
            Entry::Occupied(_) => Outcome::ClientError,
            Entry::Vacant(_) if full => Outcome::ServerError,
            Entry::Vacant(_) if keys.len() >= KEYS_MAX => Outcome::ClientError,
            Entry::Vacant(free) => {
                free.insert(Arc::clone(holder));
                keys.push(key);
                Outcome::Success
            }
        }
    }

    fn remove(&mut self, key: Verkey, holder: &Arc<Holder>) -> Outcome {
        match self.holders.entry(key) {
            Entry::Occupied(own) if Arc::ptr_eq(own.get(), holder) => {
                own.remove();
                if let Some(keys) = self.keys.get_mut(&holder.connection.number) {
                    keys.retain(|it| *it != key);
                }
                Outcome::Success
            }
            Entry::Occupied(_) => Outcome::ClientError,
            Entry::Vacant(_) => Outcome::NoChange,
        }
    }
}

impl Mediator {
    /// Changes the keys of a holder; returns what it is told when that is kept.
    pub(super) async fn update_keys(
        &self,
        holder: &Arc<Holder>,
        asked: &Message,
    ) -> Result<Message, Refused> {
        let updates = read_update(asked)?;
        let change = |routes: &mut Routes, update: &Update| match update.action {
            Action::Add => routes.add(update.key, holder),
            Action::Remove => routes.remove(update.key, holder),
        };
        let results: Vec<_> = {
            let mut routes = lock(&self.routes);
            updates.into_iter().map(|update| (update, change(&mut routes, &update))).collect()
        };
        let number = holder.connection.number;
        let made = results.iter().filter(|(_, outcome)| *outcome == Outcome::Success);
        let writes = made.map(|(Update { key, action }, _)| match action {
            Action::Add => Write::Route(RouteRow { key: *key, holder: number }),
            Action::Remove => Write::Unroute { key: *key },
        });
        self.desk.office.journal.commit(writes.collect()).await?;
        Ok(update_response(asked, &results))
    }
}
