//! A mediator: it takes messages for holders that nobody can reach, and keeps them until they come.

mod inbox;
mod keylist;
mod pickup;
mod socket;
mod web;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;

use self::{
    inbox::{Inbox, Parcel},
    keylist::Routes,
};
use super::{
    desk::{Came, Connection, Desk, Invitation, Owner, Refused},
    gate::Gate,
    journal::{ParcelRow, RouteRow, Write},
};
use crate::aries::{
    didcomm::{Message, Verkey},
    protocol::{
        discover::Feature,
        mediation,
        routing::{FORWARD, read_forward},
    },
};

/// What the mediator says of itself.
pub(super) const FEATURES: &[Feature] = &[
    Feature { protocol: "https://didcomm.org/connections/1.0", roles: &["inviter"] },
    Feature { protocol: "https://didcomm.org/didexchange/1.0", roles: &["responder"] },
    Feature { protocol: "https://didcomm.org/didexchange/1.1", roles: &["responder"] },
    Feature { protocol: "https://didcomm.org/out-of-band/1.1", roles: &["sender"] },
    Feature { protocol: "https://didcomm.org/coordinate-mediation/1.0", roles: &["mediator"] },
    Feature { protocol: "https://didcomm.org/routing/1.0", roles: &["mediator"] },
    Feature { protocol: "https://didcomm.org/messagepickup/1.0", roles: &["message_holder"] },
    Feature { protocol: "https://didcomm.org/messagepickup/2.0", roles: &["mediator"] },
    Feature { protocol: "https://didcomm.org/trust_ping/1.0", roles: &["receiver"] },
    Feature { protocol: "https://didcomm.org/discover-features/1.0", roles: &["responder"] },
    Feature { protocol: "https://didcomm.org/discover-features/2.0", roles: &["responder"] },
];

/// A mediator.
pub(super) struct Mediator {
    desk: Desk,
    gate: Arc<Gate>,
    invitation: Arc<Invitation>,
    /// Messages to be forwarded are packed for this key.
    routing: Verkey,
    holders: Mutex<HashMap<i64, Arc<Holder>>>,
    routes: Mutex<Routes>,
}

/// Somebody that messages are taken for.
struct Holder {
    connection: Arc<Connection>,
    inbox: Inbox,
}

/// What a message led to.
struct Heard {
    /// What goes back the way that it came.
    answer: Option<Vec<u8>>,
    /// Who it was from.
    holder: Option<Arc<Holder>>,
    flow: Flow,
}

/// What is to flow the way that the message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// All that waits for the sender, as it came.
    Implicit,
    /// As deliveries, from now on.
    Live,
    /// Nothing from now on, live or not.
    Off,
    /// Nothing but what is asked for; live deliveries go on.
    Asked,
}

impl Mediator {
    pub(super) fn new(
        desk: Desk,
        gate: Arc<Gate>,
        invitation: Arc<Invitation>,
        routing: Verkey,
    ) -> Self {
        let (holders, routes) = (Mutex::default(), Mutex::default());
        Self { desk, gate, invitation, routing, holders, routes }
    }

    /// Takes back a connection that was kept.
    pub(super) fn restore(&self, connection: Arc<Connection>) {
        self.hold(connection);
    }

    /// Takes back a route that was kept; those of nobody are passed over.
    pub(super) fn restore_route(&self, RouteRow { key, holder }: &RouteRow) {
        let holder = lock(&self.holders).get(holder).cloned();
        if let Some(holder) = holder {
            lock(&self.routes).add(*key, &holder);
        }
    }

    /// Takes back a message that was kept; those for nobody are forgotten.
    pub(super) async fn restore_parcel(&self, row: ParcelRow) {
        let ParcelRow { number, holder, to, message } = row;
        self.desk.office.has_given(number);
        let parcel = Parcel { number, to, message, kept: true };
        let holder = lock(&self.holders).get(&holder).cloned();
        let forgotten = match holder {
            Some(holder) => holder.inbox.put(parcel).overflowed,
            None => vec![parcel],
        };
        self.gone(forgotten).await;
    }

    /// Has everything kept that waits for somebody: the sandbox ends.
    pub(super) async fn settle(&self) {
        let holders: Vec<_> = lock(&self.holders).values().cloned().collect();
        for holder in holders {
            // Who cannot be told that it failed need not be.
            let _ = self.keep(&holder, holder.inbox.unkept()).await;
        }
    }

    /// Does what a message asks for.
    async fn hear(&self, bytes: &[u8]) -> Result<Heard, Refused> {
        let counts = &self.desk.office.counts;
        counts.messages_in.one();
        if self.gate.loses() {
            counts.lost.one();
            return Ok(Heard { answer: None, holder: None, flow: Flow::Asked });
        }
        let came = self.desk.open(bytes)?;
        match &came.owner {
            Owner::Routing(_) => {
                self.forward(&came.message).await?;
                Ok(Heard { answer: None, holder: None, flow: Flow::Asked })
            }
            Owner::Invitation(invitation) => self.connect(invitation, &came).await,
            Owner::Connection(connection) => self.converse(connection, &came.message).await,
        }
    }

    async fn connect(&self, invitation: &Invitation, came: &Came) -> Result<Heard, Refused> {
        let accepted = self.desk.accept(invitation, came).await?;
        let holder = self.hold(accepted.connection);
        self.reply(holder, &came.message, Some(accepted.response)).await
    }

    async fn converse(
        &self,
        connection: &Arc<Connection>,
        message: &Message,
    ) -> Result<Heard, Refused> {
        let holder = lock(&self.holders).get(&connection.number).cloned();
        let holder = holder.ok_or(Refused::NotForUs)?;
        self.desk.heard(connection, message).await;
        let kind = &message.kind;
        if kind.protocol == "messagepickup" {
            return self.pick_up(holder, message).await;
        }
        let answer = if kind.is(&mediation::REQUEST) {
            Some(mediation::mediator::grant(message, &self.desk.endpoint, &[self.routing]))
        } else if kind.is(&mediation::UPDATE) {
            Some(self.update_keys(&holder, message).await?)
        } else if kind.is(&mediation::QUERY) {
            let keys = lock(&self.routes).of(connection.number);
            Some(mediation::mediator::keylist(message, &keys)?)
        } else {
            self.desk.answer(connection, message)
        };
        self.reply(holder, message, answer).await
    }

    /// Packs an answer; it goes back the way the message came if that asks for it, else to where the
    /// holder is reached, else into its inbox.
    async fn reply(
        &self,
        holder: Arc<Holder>,
        asked: &Message,
        answer: Option<Message>,
    ) -> Result<Heard, Refused> {
        if asked.wants_return_route() {
            let answer = answer.map(|it| self.desk.pack(&holder.connection, &it)).transpose()?;
            return Ok(Heard { answer, holder: Some(holder), flow: Flow::Implicit });
        }
        let connection = &holder.connection;
        if let Some(answer) = answer {
            if connection.details.reach.is_some() {
                self.desk.send(connection, &answer)?;
            } else {
                let packed = self.desk.pack(connection, &answer)?;
                self.leave(&holder, connection.theirs, packed).await?;
            }
        }
        Ok(Heard { answer: None, holder: Some(holder), flow: Flow::Off })
    }

    async fn forward(&self, message: &Message) -> Result<(), Refused> {
        if !message.kind.is(&FORWARD) {
            return Err(Refused::OutOfTurn(message.kind.to_string()));
        }
        let forward = read_forward(message)?;
        let holder = lock(&self.routes).holder(&forward.to).ok_or(Refused::NoRoute(forward.to))?;
        self.desk.office.counts.forwards.one();
        self.leave(&holder, forward.to, forward.packed).await
    }

    /// Leaves a message for a holder; returns when it flows, or is kept.
    async fn leave(&self, holder: &Holder, to: Verkey, packed: Vec<u8>) -> Result<(), Refused> {
        let message = Bytes::from(packed);
        let parcel = Parcel { number: self.desk.office.number(), to, message, kept: false };
        let put = holder.inbox.put(parcel.clone());
        self.gone(put.overflowed).await;
        if put.flows { Ok(()) } else { self.keep(holder, vec![parcel]).await }
    }

    /// Has parcels kept, and those forgotten that were sent meanwhile.
    async fn keep(&self, holder: &Holder, parcels: Vec<Parcel>) -> Result<(), Refused> {
        let journal = &self.desk.office.journal;
        if !journal.keeps() || parcels.is_empty() {
            return Ok(());
        }
        let row = |Parcel { number, to, message, .. }: &Parcel| ParcelRow {
            number: *number,
            holder: holder.connection.number,
            to: *to,
            message: message.clone(),
        };
        journal.commit(parcels.iter().map(|it| Write::Parcel(row(it))).collect()).await?;
        let sent = parcels.into_iter().filter(|it| !holder.inbox.is_kept(it.number));
        self.gone(sent.map(|it| Parcel { kept: true, ..it }).collect()).await;
        Ok(())
    }

    /// Has parcels forgotten that nobody waits for any more.
    async fn gone(&self, parcels: Vec<Parcel>) {
        let kept = parcels.into_iter().filter(|it| it.kept);
        let writes = kept.map(|it| Write::Delivered { number: it.number }).collect();
        self.desk.office.journal.note(writes).await;
    }

    fn hold(&self, connection: Arc<Connection>) -> Arc<Holder> {
        let inbox = Inbox::new(Arc::clone(&self.desk.office.counts));
        let number = connection.number;
        let holder = Arc::new(Holder { connection, inbox });
        lock(&self.holders).insert(number, Arc::clone(&holder));
        holder
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
