//! Handshakes: an invitation is answered with a request, and becomes a connection.

use std::sync::Arc;

use super::{
    Came, Connection, Desk, Details, Invitation, Refused, Write, clock, connection::Reach,
};
use crate::aries::{
    didcomm::{
        KeyPair, Message, Verkey,
        did::{self, DidDoc, DidMethod, OwnDid},
        invitation::Handshake,
    },
    protocol::{Established, Party, Responder},
};

/// A connection that has come to be, and what the other side is to be told.
pub(in super::super) struct Accepted {
    pub(in super::super) connection: Arc<Connection>,
    pub(in super::super) response: Message,
}

impl Desk {
    /// Accepts a request that answers one of our invitations; returns when it is kept.
    pub(in super::super) async fn accept(
        &self,
        invitation: &Invitation,
        came: &Came,
    ) -> Result<Accepted, Refused> {
        let request = &came.message;
        let handshake = Handshake::named(&request.kind.protocol_uri());
        let Some(handshake) = handshake.filter(|it| invitation.allows(*it)) else {
            return Err(Refused::NotInvited);
        };
        if !invitation.take() {
            return Err(Refused::NotInvited);
        }
        let accepted = self.answer_request(invitation, came, handshake).await;
        if accepted.is_err() {
            invitation.give_back();
        }
        accepted
    }

    async fn answer_request(
        &self,
        invitation: &Invitation,
        came: &Came,
        handshake: Handshake,
    ) -> Result<Accepted, Refused> {
        let request = &came.message;
        let key = KeyPair::generate();
        let did = OwnDid::new(in_kind(request), key.verkey(), &self.endpoint, &[]);
        let me = Party { label: &self.label, key: &key, did: &did };
        let (_, established) = Responder::receive(request, &invitation.key, &me, clock::epoch())?;
        let Established { their_did, their_doc, answer } = established;
        let doc = their_doc.ok_or(Refused::NoDocument)?;
        let theirs = their_key(&doc).or(came.sender).ok_or(Refused::NoDocument)?;
        let details = Details {
            protocol: handshake.uri().trim_start_matches("https://didcomm.org/").to_owned(),
            my_did: did.did.clone(),
            their_did: did::short_form(&their_did).to_owned(),
            their_label: request.text("label").map(str::to_owned),
            alias: invitation.details.alias.clone(),
            invitation: invitation.id.clone(),
            invitation_key: invitation.key.verkey().to_string(),
            request: request.id.clone(),
            created_at: clock::now(),
            reach: doc.service(&["http", "https"]).map(Reach::of),
        };
        let becomes = invitation.details.becomes.clone();
        let place = becomes.clone().unwrap_or_else(|| self.fresh());
        let connection = Arc::new(Connection::new(place, key, theirs, details)?);
        self.settle(&connection, becomes.is_some()).await?;
        Ok(Accepted { connection, response: answer })
    }

    /// Keeps a connection; the invitation is spent if it was for one.
    async fn settle(&self, connection: &Arc<Connection>, spent: bool) -> Result<(), Refused> {
        let invitation = &connection.details.invitation;
        let mut writes = vec![Write::Connection(connection.row(self.name))];
        if spent {
            writes.push(Write::Spent { id: invitation.clone() });
        } else if self.book().len() >= super::KEYS_MAX {
            return Err(Refused::Full);
        }
        self.commit(writes).await?;
        let mut book = self.book();
        if spent {
            book.spend(invitation);
        }
        book.connect(Arc::clone(connection));
        self.office.counts.connections.one();
        Ok(())
    }

    /// Notes that the other side knows of the connection: whatever it sends there shows it, but for
    /// a report that something is wrong. Says whether it did not know before.
    pub(in super::super) async fn heard(&self, connection: &Connection, message: &Message) -> bool {
        let complains = message.kind.name.contains("problem");
        let is_news = !complains && connection.completes();
        if is_news {
            let number = connection.number;
            self.office.journal.note(vec![Write::Complete { number }]).await;
        }
        is_news
    }
}

/// Our DID is made the way that theirs is; of those that we cannot make, one that says it all.
fn in_kind(request: &Message) -> DidMethod {
    match request.text("did") {
        Some(did) if did.starts_with("did:peer:2") => DidMethod::Peer2,
        Some(did) if did.starts_with("did:peer:") => DidMethod::Peer4,
        Some(_) | None => DidMethod::Unqualified,
    }
}

fn their_key(doc: &DidDoc) -> Option<Verkey> {
    let of_service = doc.services.iter().find_map(|it| it.recipients.first());
    of_service.or(doc.keys.first()).copied()
}
