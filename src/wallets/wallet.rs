//! One trip's wallet, with methods that a journey reads well with.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use super::{Invited, failure, fingerprint, http::Client, row, systems::Systems, told::Told};
use crate::{
    aries::{
        holder::{Holder, HolderRecord, Means},
        transport::Http,
    },
    journey::{Context, Failure, Outcome},
};

/// One trip's wallet.
pub struct Wallet {
    pub(super) ctx: Context,
    pub(super) systems: Arc<Systems>,
    pub(super) http: Arc<dyn Http>,
    pub(super) holder: Holder,
}

impl Wallet {
    /// Makes a wallet that knows nobody yet.
    ///
    /// # Errors
    /// Kind `config`: `mediator` or `wallets` in `[config]` is wrong.
    pub async fn create(ctx: &Context) -> Result<Self, Failure> {
        let label = format!("holder-{}", ctx.unique());
        let (systems, means) = Self::surroundings(ctx).await?;
        let http = Arc::clone(&means.http);
        let holder = Holder::create(Arc::clone(&systems.agency), means, label);
        Ok(Self { ctx: ctx.clone(), systems, http, holder })
    }

    /// Brings a recorded wallet back to life; it is offline. Its connections with another verifier than
    /// that of `[config]` are forgotten.
    ///
    /// # Errors
    /// Kind `bad record`: it is of another version. Kind `config`: as for [`create`](Self::create).
    pub async fn revive(ctx: &Context, mut record: HolderRecord) -> Result<Self, Failure> {
        let knows = fingerprint::knows_verifier(ctx.settings(), &record);
        if !knows.map_err(|why| Failure::new("config", why))? {
            record.connections.retain(|it| it.system != fingerprint::VERIFIER);
        }
        let (systems, means) = Self::surroundings(ctx).await?;
        let http = Arc::clone(&means.http);
        let holder = Holder::revive(Arc::clone(&systems.agency), means, record);
        Ok(Self { ctx: ctx.clone(), systems, http, holder: holder.map_err(failure::holder)? })
    }

    async fn surroundings(ctx: &Context) -> Result<(Arc<Systems>, Means), Failure> {
        let systems = Systems::of(ctx).await?;
        let (http, observer) = (Client(ctx.http().clone()), Told(ctx.clone()));
        Ok((systems, Means { http: Arc::new(http), observer: Arc::new(observer) }))
    }

    /// Whether a mediator is configured; if not, answers come back the way messages go.
    #[must_use]
    pub fn has_mediator(&self) -> bool {
        self.systems.has_mediator()
    }

    /// Refuses a wallet without a mediator: for journeys that are nothing without one.
    ///
    /// # Errors
    /// Kind `no mediator`: there is none.
    pub fn require_mediator(&self) -> Outcome {
        if self.holder.is_mediated() {
            return Ok(());
        }
        let why = format!(
            "holder {} has no mediator; set `mediator` in [config] and provision holders with it",
            self.holder.id()
        );
        Err(Failure::new("no mediator", why))
    }

    /// Gets to know the configured mediator, and has it take messages in; nothing without one.
    ///
    /// # Errors
    /// What the mediator fails with.
    pub async fn connect_mediator(&self) -> Outcome {
        match self.systems.mediator_invitation(&*self.http).await? {
            Some(invitation) => {
                self.holder.connect_mediator(invitation).await.map_err(failure::holder)
            }
            None => Ok(()),
        }
    }

    /// Comes online: messages arrive from now on. Nothing without a mediator.
    ///
    /// # Errors
    /// What the mediator fails with.
    pub async fn go_online(&self) -> Outcome {
        if !self.holder.is_mediated() {
            return Ok(());
        }
        self.holder.go_online().await.map_err(failure::holder)
    }

    /// Goes offline; says goodbye first.
    pub async fn go_offline(&self) {
        self.holder.go_offline().await;
    }

    /// Loses its socket without a goodbye, as a phone in a tunnel does.
    pub fn lose_socket(&self) {
        self.holder.lose_socket();
    }

    /// Answers an invitation; gives the id of the connection that comes of it.
    ///
    /// # Errors
    /// What the inviter fails with.
    pub async fn accept(&self, invited: &Invited) -> Result<String, Failure> {
        let remote_id = invited.by.connection_id.clone();
        self.holder
            .accept(&invited.invitation, &invited.system, remote_id)
            .await
            .map_err(failure::holder)
    }

    /// The connections with a system, such as `issuer`; the oldest first.
    #[must_use]
    pub fn connections(&self, system: &str) -> Vec<String> {
        self.holder.connections(system)
    }

    /// The first connection with a system, such as `issuer`.
    ///
    /// # Errors
    /// Kind `no connection`: there is none.
    pub fn connection(&self, system: &str) -> Result<String, Failure> {
        self.connections(system).into_iter().next().ok_or_else(|| {
            let why = format!("holder {} has no connection with the {system}", self.holder.id());
            Failure::new("no connection", why)
        })
    }

    /// Sends the mediator a trust ping and waits for its response (RFC 0048).
    ///
    /// # Errors
    /// It has no mediator, or none that answers.
    pub async fn ping_mediator(&self) -> Outcome {
        self.holder.ping_mediator().await.map_err(failure::holder)
    }

    /// Sends a trust ping along a connection and waits for its response (RFC 0048).
    ///
    /// # Errors
    /// There is no such connection, or the other side does not answer.
    pub async fn ping(&self, connection: &str) -> Outcome {
        self.holder.ping(connection).await.map_err(failure::holder)
    }

    /// Waits for the basic message that says `text`; others that come first are taken and left.
    ///
    /// # Errors
    /// It does not come in time.
    pub async fn await_message(&self, connection: &str, text: &str) -> Outcome {
        while self.holder.receive_text(connection).await.map_err(failure::holder)? != text {}
        Ok(())
    }

    /// Waits for basic messages that say all of `texts`, in any order.
    ///
    /// # Errors
    /// They do not come in time.
    pub async fn await_messages(&self, connection: &str, texts: &[String]) -> Outcome {
        let mut awaited: HashSet<_> = texts.iter().map(String::as_str).collect();
        while !awaited.is_empty() {
            let text = self.holder.receive_text(connection).await.map_err(failure::holder)?;
            awaited.remove(&*text);
        }
        Ok(())
    }

    /// Waits for an action menu and performs one of its options (RFC 0509).
    ///
    /// # Errors
    /// None comes in time, or it has no such option.
    pub async fn choose(&self, connection: &str, option: &str) -> Outcome {
        self.holder.choose(connection, option).await.map_err(failure::holder)
    }

    /// Forgets a connection, and has the mediator take in nothing more for it.
    ///
    /// # Errors
    /// What the mediator fails with; the connection is forgotten all the same.
    pub async fn forget(&self, connection: &str) -> Outcome {
        self.holder.forget(connection).await.map_err(failure::holder)
    }

    /// The wallet as a row of `holders.msgpack`.
    ///
    /// # Errors
    /// Kind `config`: a system that it knows is not configured as one.
    pub fn to_record(&self) -> Result<HolderRecord, Failure> {
        let mut record = self.holder.record();
        let known = record.connections.iter().map(|it| it.system.clone());
        let way_in = match &record.mediator {
            Some(_) => fingerprint::MEDIATOR,
            None => fingerprint::ENDPOINT,
        };
        for system in known.chain([way_in.to_owned()]).collect::<BTreeSet<_>>() {
            let identity = fingerprint::identity(self.ctx.settings(), &system);
            if let Some(identity) = identity.map_err(|why| Failure::new("config", why))? {
                record.made_with.insert(system, identity);
            }
        }
        Ok(record)
    }

    /// Records the wallet under `holders`, and each of its connections under `connections`.
    ///
    /// # Errors
    /// Kind `record`: they could not be kept.
    pub async fn record(&self) -> Outcome {
        let record = self.to_record()?;
        for connection in &record.connections {
            let row = row::Connection {
                id: connection.id.clone(),
                holder: record.id.clone(),
                label: record.label.clone(),
                system: connection.system.clone(),
                remote_id: connection.remote_id.clone(),
                my_did: connection.my_did.clone(),
                their_did: connection.their_did.clone(),
            };
            self.ctx.record("connections", &row).await?;
        }
        self.ctx.record("holders", &record).await
    }
}
