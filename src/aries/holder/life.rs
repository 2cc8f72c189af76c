//! A holder's life, as a journey leads it.

use std::sync::Arc;

use super::{
    Agency, HolderError, HolderRecord, Means,
    credential::Origin,
    inner::Inner,
    waiting::{Awaited, Beginning},
    wallet::{Connection, Facts},
};
use crate::aries::{
    didcomm::{Kind, Message, invitation::Invitation, unique_id},
    protocol::{action_menu, basic_message, trust_ping},
};

/// One simulated wallet: its keys, its connections, and its way in through a mediator.
///
/// It takes messages in as long as it is online, answers what any holder answers, and is gone when
/// this is dropped.
pub struct Holder(pub(super) Arc<Inner>);

impl Holder {
    /// Makes a holder that knows nobody yet.
    #[must_use]
    pub fn create(agency: Arc<Agency>, means: Means, label: impl Into<String>) -> Self {
        Self(Arc::new(Inner::new(agency, means, unique_id(), label.into())))
    }

    /// Brings a recorded holder back to life; it is offline.
    ///
    /// # Errors
    /// The record is of another version.
    pub fn revive(
        agency: Arc<Agency>,
        means: Means,
        record: HolderRecord,
    ) -> Result<Self, HolderError> {
        let (id, label) = (record.id.clone(), record.label.clone());
        let wallet = record.wallet()?;
        let inner = Arc::new(Inner::new(agency, means, id, label));
        for connection in &wallet.connections {
            inner.agency.house(*connection.line.key.verkey(), &inner);
        }
        let mut state = inner.state();
        for Origin { connection, thread_id, .. } in wallet.origins() {
            let connection = connection.as_ref().and_then(|it| wallet.connection(it));
            if let Some(connection) = connection {
                let (key, protocol) = (*connection.line.key.verkey(), "issue-credential".into());
                state.waiting.begin(Beginning { key, protocol, thread: thread_id.clone() });
            }
        }
        state.wallet = wallet;
        drop(state);
        Ok(Self(inner))
    }

    /// The holder as it can be recorded; `made_with` is the program's to fill.
    #[must_use]
    pub fn record(&self) -> HolderRecord {
        HolderRecord::new(&self.0.id, &self.0.label, &self.0.state().wallet)
    }

    /// Its id, unique over all runs.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// What it calls itself.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// The ids of its connections with a system, such as `issuer`; the oldest first.
    #[must_use]
    pub fn connections(&self, system: &str) -> Vec<String> {
        let state = self.0.state();
        let with = |it: &&Arc<Connection>| it.facts.system == system;
        state.wallet.connections.iter().filter(with).map(|it| it.id.clone()).collect()
    }

    /// What the other side's controller calls a connection, where it is known.
    #[must_use]
    pub fn remote_id(&self, connection: &str) -> Option<String> {
        self.0.connection(connection).ok()?.facts.remote_id.clone()
    }

    /// The holder's DID in a connection, in its short form.
    #[must_use]
    pub fn my_did(&self, connection: &str) -> Option<String> {
        Some(self.0.connection(connection).ok()?.facts.my_did.clone())
    }

    /// Keeps what the other side's controller calls a connection; nothing if there is no such one.
    pub fn set_remote_id(&self, connection: &str, remote_id: String) {
        let mut state = self.0.state();
        let all = &mut state.wallet.connections;
        if let Some(known) = all.iter_mut().find(|it| it.id == connection) {
            let facts = Facts { remote_id: Some(remote_id), ..known.facts.clone() };
            *known =
                Arc::new(Connection { id: known.id.clone(), line: Arc::clone(&known.line), facts });
        }
    }

    /// Gets to know a mediator, and has it take messages in (RFC 0211).
    ///
    /// # Errors
    /// It does not answer, denies, or reports a problem.
    pub async fn connect_mediator(&self, invitation: &Invitation) -> Result<(), HolderError> {
        let facts = Facts { system: "mediator".into(), ..Facts::default() };
        Box::pin(self.0.accept_mediator(invitation, facts)).await
    }

    /// Whether a mediator takes its messages in.
    #[must_use]
    pub fn is_mediated(&self) -> bool {
        self.0.state().wallet.mediator.is_some()
    }

    /// Comes online: opens the WebSocket to the mediator, or begins to ask it now and then, and
    /// takes in what waits there.
    ///
    /// # Errors
    /// It has no mediator, or that is not reached.
    pub async fn go_online(&self) -> Result<(), HolderError> {
        // Boxed, as is all that is short in a long life: a trip has room for its largest wait.
        Box::pin(self.0.go_online()).await
    }

    /// Goes offline; says goodbye first.
    pub async fn go_offline(&self) {
        Box::pin(self.0.go_offline()).await;
    }

    /// Loses its socket without a goodbye, as a phone in a tunnel does.
    pub fn lose_socket(&self) {
        drop(self.0.state().leave());
    }

    /// Answers an invitation, and knows the inviter as a connection of `system` from then on; its
    /// id is what this gives. `remote_id` is what the inviter's controller calls the connection.
    ///
    /// # Errors
    /// The inviter does not answer, reports a problem, or signs with another key than it should.
    pub async fn accept(
        &self,
        invitation: &Invitation,
        system: &str,
        remote_id: Option<String>,
    ) -> Result<String, HolderError> {
        let facts = Facts { system: system.to_owned(), remote_id, ..Facts::default() };
        Ok(self.told("connections", self.0.accept(invitation, facts)).await?.id.clone())
    }

    /// Forgets a connection, and has the mediator take in nothing more for it (RFC 0211); unknown
    /// ones are forgotten already.
    ///
    /// # Errors
    /// What the mediator fails with; the connection is forgotten all the same.
    pub async fn forget(&self, connection: &str) -> Result<(), HolderError> {
        Box::pin(self.0.forget(connection)).await
    }

    /// Sends the mediator a trust ping and waits for its response (RFC 0048).
    ///
    /// # Errors
    /// It has no mediator, or none that answers.
    pub async fn ping_mediator(&self) -> Result<(), HolderError> {
        let mediator = self.0.state().wallet.mediator.clone().ok_or(HolderError::NoMediator)?;
        self.ping_along(&mediator.connection).await
    }

    /// Sends a trust ping and waits for its response (RFC 0048).
    ///
    /// # Errors
    /// There is no such connection, or the other side does not answer.
    pub async fn ping(&self, connection: &str) -> Result<(), HolderError> {
        self.ping_along(&*self.0.connection(connection)?).await
    }

    async fn ping_along(&self, connection: &Connection) -> Result<(), HolderError> {
        let ping = trust_ping::ping(true);
        Box::pin(self.0.ask(&connection.line, ping, "the response to a ping")).await.map(drop)
    }

    /// Sends a message that nothing is expected to come of.
    ///
    /// # Errors
    /// There is no such connection, or the other side is not reached.
    pub async fn send(&self, connection: &str, message: Message) -> Result<(), HolderError> {
        let connection = self.0.connection(connection)?;
        self.0.send(&connection.line, message).await.map(drop)
    }

    /// Sends a message and waits for the answer on its thread; `awaited` is what errors call it.
    ///
    /// # Errors
    /// There is no such connection, or nothing comes in time, or a problem report.
    pub async fn ask(
        &self,
        connection: &str,
        message: Message,
        awaited: &'static str,
    ) -> Result<Message, HolderError> {
        let connection = self.0.connection(connection)?;
        self.0.ask(&connection.line, message, awaited).await
    }

    /// Waits for a message of this kind; one that came before and that nobody has taken will do.
    ///
    /// A holder that has neither a mediator nor an endpoint pings the other side meanwhile, every
    /// `poll_every`: what that has for it comes as the answer.
    ///
    /// # Errors
    /// There is no such connection, or nothing comes in time, or a problem report.
    pub async fn receive(&self, connection: &str, kind: Kind) -> Result<Message, HolderError> {
        let connection = self.0.connection(connection)?;
        let what = kind.to_string();
        self.0.wait(&connection.line, Awaited::Kind(kind), &what).await
    }

    /// Waits for a basic message, and gives what it says (RFC 0095).
    ///
    /// # Errors
    /// As for [`receive`](Self::receive).
    pub async fn receive_text(&self, connection: &str) -> Result<String, HolderError> {
        let message = self.receive(connection, basic_message::MESSAGE).await?;
        Ok(basic_message::content(&message)?)
    }

    /// Waits for an action menu and performs one of its options (RFC 0509).
    ///
    /// # Errors
    /// As for [`receive`](Self::receive), or the menu has no such option.
    pub async fn choose(&self, connection: &str, option: &str) -> Result<(), HolderError> {
        let menu = self.receive(connection, action_menu::MENU).await?;
        let perform = action_menu::perform(&menu, option, &[])?;
        self.send(connection, perform).await
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let mut state = self.0.state();
        let _left = state.leave();
        let keys: Vec<_> =
            state.wallet.connections.iter().map(|it| *it.line.key.verkey()).collect();
        drop(state);
        self.0.agency.evict(keys.into_iter());
    }
}
