//! What mediator, issuer and verifier have in common: invitations, connections, and mail.

mod accept;
mod answers;
mod book;
mod clock;
mod connection;
mod error;
mod invitation;
mod public;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use self::book::Book;
pub(super) use self::{
    book::Owner,
    clock::{now, since_1970},
    connection::{Connection, Details},
    error::Refused,
    invitation::{Form, Invitation, Terms},
    public::PublicDid,
};
use super::{
    counts::Counts,
    journal::{ConnectionRow, InvitationRow, Journal, JournalError, Write},
    post::{Post, Undeliverable},
};
use crate::aries::{
    didcomm::{
        KeyPair, Message, Verkey,
        envelope::{self, Envelope},
        unique_id,
    },
    protocol::discover::Feature,
};

/// Invitations and connections that one party has at most; one takes about a kilobyte.
const KEYS_MAX: usize = 1_000_000;

/// What all parties of a sandbox share.
pub(super) struct Office {
    pub(super) journal: Journal,
    pub(super) post: Arc<Post>,
    pub(super) counts: Arc<Counts>,
    numbers: AtomicI64,
}

impl Office {
    pub(super) fn new(journal: Journal, counts: Arc<Counts>) -> Self {
        let post = Arc::new(Post::new(Arc::clone(&counts)));
        // No sandbox gives out a number a microsecond, so none is given out again after a restart,
        // however soon and whatever has been forgotten: holders that remember a number pass over
        // another message of it.
        let first = i64::try_from(clock::micros()).unwrap_or_default();
        Self { journal, post, counts, numbers: AtomicI64::new(first) }
    }

    /// Notes that a number has been given out, for clocks that were put back.
    pub(super) fn has_given(&self, number: i64) {
        self.numbers.fetch_max(number, Ordering::Relaxed);
    }

    /// A number that nothing else has, greater than all before.
    pub(super) fn number(&self) -> i64 {
        self.numbers.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// One party: who it is, whom it has invited, and whom it is connected with.
pub(super) struct Desk {
    pub(super) office: Arc<Office>,
    /// What it is called in the journal.
    pub(super) name: &'static str,
    /// What it calls itself.
    pub(super) label: String,
    /// Where it is reached by everybody who may.
    pub(super) endpoint: String,
    /// Who it is to whoever it has not invited.
    pub(super) public: Arc<PublicDid>,
    features: Vec<Feature>,
    book: Mutex<Book>,
}

/// A message that was opened.
pub(super) struct Came {
    pub(super) owner: Owner,
    pub(super) message: Message,
    pub(super) sender: Option<Verkey>,
}

impl Desk {
    pub(super) fn new(
        office: Arc<Office>,
        name: &'static str,
        public: PublicDid,
        features: Vec<Feature>,
    ) -> Self {
        let (label, endpoint) = (format!("sandbox {name}"), public.endpoints[0].clone());
        let mut book = Book::default();
        book.publish(Arc::new(public.implicit(&label)));
        let (public, book) = (Arc::new(public), Mutex::new(book));
        Self { office, name, label, endpoint, public, features, book }
    }

    /// Opens an envelope for one of our keys.
    pub(super) fn open(&self, bytes: &[u8]) -> Result<Came, Refused> {
        let envelope = Envelope::parse(bytes)?;
        let owner = {
            let book = self.book();
            envelope.recipients().find_map(|key| book.owner(key))
        };
        let owner = owner.ok_or(Refused::NotForUs)?;
        let opened = match &owner {
            Owner::Invitation(invitation) => envelope.open(&invitation.key, None)?,
            Owner::Connection(connection) => {
                let keys = connection.keys()?;
                envelope.open(&keys.pair, Some(&keys.channel))?
            }
            Owner::Routing(key) => envelope.open(key, None)?,
        };
        if let Owner::Connection(connection) = &owner
            && opened.sender != Some(connection.theirs)
        {
            return Err(Refused::Stranger);
        }
        let message = Message::parse(&opened.plaintext)?;
        let owner = match owner {
            Owner::Invitation(it) => Owner::Invitation(self.answered(it, &message)?),
            Owner::Connection(_) | Owner::Routing(_) => owner,
        };
        Ok(Came { owner, message, sender: opened.sender })
    }

    /// Which invitation a request answers: whoever writes to the public key says so.
    fn answered(
        &self,
        invitation: Arc<Invitation>,
        request: &Message,
    ) -> Result<Arc<Invitation>, Refused> {
        let parent = request.thread.pthid.as_deref();
        match (&invitation.details.public, parent) {
            (None, _) | (Some(_), None) => Ok(invitation),
            (Some(_), Some(parent)) if self.public.is_called(parent) => Ok(invitation),
            (Some(_), Some(parent)) => {
                let explicit = self.invitation(parent);
                explicit.filter(|it| it.details.public.is_some()).ok_or(Refused::NotInvited)
            }
        }
    }

    /// Makes a key to which messages to be forwarded are packed.
    pub(super) fn route(&self, key: KeyPair) {
        self.book().route(key);
    }

    /// Invites; returns when the invitation is kept.
    pub(super) async fn invite(&self, terms: Terms) -> Result<Arc<Invitation>, Refused> {
        if self.book().len() >= KEYS_MAX {
            return Err(Refused::Full);
        }
        let invitation = self.invitation_of(terms);
        self.commit(vec![Write::Invitation(invitation.row(self.name))]).await?;
        self.book().invite(Arc::clone(&invitation));
        Ok(invitation)
    }

    /// Invites to an exchange that ends with the sandbox, and so does the invitation.
    pub(super) fn invite_for_now(&self, terms: Terms) -> Result<Arc<Invitation>, Refused> {
        let mut book = self.book();
        if book.len() >= KEYS_MAX {
            return Err(Refused::Full);
        }
        let invitation = self.invitation_of(terms);
        book.invite(Arc::clone(&invitation));
        Ok(invitation)
    }

    /// Takes an invitation back that was for an exchange.
    pub(super) fn withdraw(&self, id: &str) {
        self.book().spend(id);
    }

    fn invitation_of(&self, terms: Terms) -> Arc<Invitation> {
        let key = match &terms.public {
            Some(_) => self.public.key.clone(),
            None => KeyPair::generate(),
        };
        Arc::new(Invitation::new(unique_id(), key, terms))
    }

    /// The number and the id of a connection to be.
    pub(super) fn fresh(&self) -> (i64, String) {
        (self.office.number(), unique_id())
    }

    pub(super) fn invitation(&self, id: &str) -> Option<Arc<Invitation>> {
        self.book().invitation(id)
    }

    pub(super) fn connection(&self, id: &str) -> Option<Arc<Connection>> {
        self.book().connection(id)
    }

    /// The invitation that shall become the connection of this id.
    pub(super) fn invited(&self, id: &str) -> Option<Arc<Invitation>> {
        self.book().invited(id)
    }

    /// An invitation that many may answer.
    pub(super) fn for_many(&self) -> Option<Arc<Invitation>> {
        self.book().invitations().find(|it| it.details.becomes.is_none()).cloned()
    }

    /// All invitations and all connections, the oldest first.
    pub(super) fn all(&self) -> (Vec<Arc<Invitation>>, Vec<Arc<Connection>>) {
        let book = self.book();
        let mut invitations: Vec<_> = book.invitations().cloned().collect();
        invitations
            .sort_unstable_by_key(|it| it.details.becomes.as_ref().map(|(number, _)| *number));
        (invitations, book.connections().cloned().collect())
    }

    pub(super) fn of_invitation(&self, id: &str) -> Vec<Arc<Connection>> {
        self.book().of_invitation(id).cloned().collect()
    }

    /// Forgets a connection; says which it was.
    pub(super) async fn forget(&self, id: &str) -> Result<Option<Arc<Connection>>, JournalError> {
        let forgotten = self.book().forget(id);
        if let Some(connection) = &forgotten {
            let number = connection.number;
            self.commit(vec![Write::Forget { number }]).await?;
        }
        Ok(forgotten)
    }

    /// Packs a message for the other side of a connection.
    pub(super) fn pack(
        &self,
        connection: &Connection,
        message: &Message,
    ) -> Result<Vec<u8>, Refused> {
        self.office.counts.messages_out.one();
        Ok(connection.keys()?.channel.pack(&message.to_bytes()))
    }

    /// Sends a message to where the other side of a connection is reached.
    pub(super) fn send(&self, connection: &Connection, message: &Message) -> Result<(), Refused> {
        let reach = connection.details.reach.as_ref().ok_or(Undeliverable::NoEndpoint)?;
        let place = self.office.post.place()?;
        let packed = self.pack(connection, message)?;
        let packed = envelope::forward(packed, &connection.theirs, &reach.routing())?;
        self.office.post.deliver(place, &reach.endpoint, packed)?;
        Ok(())
    }

    /// Takes back what was kept.
    pub(super) fn restore_invitation(&self, row: InvitationRow) -> serde_json::Result<()> {
        let invitation = Arc::new(Invitation::of(row)?);
        if let Some((number, _)) = &invitation.details.becomes {
            self.office.has_given(*number);
        }
        self.book().invite(invitation);
        Ok(())
    }

    /// Takes back what was kept.
    pub(super) fn restore(&self, row: ConnectionRow) -> serde_json::Result<Arc<Connection>> {
        let connection = Arc::new(Connection::of(row)?);
        self.office.has_given(connection.number);
        self.book().connect(Arc::clone(&connection));
        Ok(connection)
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), JournalError> {
        self.office.journal.commit(writes).await
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Nothing panics while it holds the book.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
