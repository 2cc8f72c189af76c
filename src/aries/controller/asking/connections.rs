//! Invitations, connections, and what goes over them.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::{
    super::{
        acapy,
        answer::Invited,
        custom::{Ask, Place},
        error::ControllerError,
        system::Tongue,
        template::Slot,
        watch::{LOOK_EVERY, LOOK_EVERY_MAX, Seen, Watch},
    },
    Controller,
};
use crate::aries::transport::Http;

impl Controller {
    /// Asks for an invitation; `label` is what the system shall call the connection.
    ///
    /// # Errors
    /// It was not reached, refused, or answered without an invitation.
    pub async fn invitation(
        &self,
        http: &dyn Http,
        label: &str,
    ) -> Result<Invited, ControllerError> {
        match &self.0.tongue {
            Tongue::Acapy { invitations, .. } => {
                invitations.read(self.0.ask_json(http, invitations.question(label)).await?)
            }
            Tongue::Custom(custom) => {
                let action = custom.action(Ask::Invitation)?;
                let question = action.question(&[(Slot::Label, label.into())]);
                action.invited(self.0.ask_json(http, question).await?)
            }
        }
    }

    /// Whether all its invitations are one, which many may answer.
    #[must_use]
    pub fn is_multi_use(&self) -> bool {
        match &self.0.tongue {
            Tongue::Acapy { invitations, .. } => invitations.multi_use,
            Tongue::Custom(_) => false,
        }
    }

    /// Finds out which connection of the system an invitation has led to; `did` is that of whoever
    /// answered it, in its short form.
    ///
    /// # Errors
    /// It was not reached, refused or does not know.
    pub async fn connection_id(
        &self,
        http: &dyn Http,
        invited: &Invited,
        did: &str,
    ) -> Result<String, ControllerError> {
        if let Some(connection_id) = &invited.connection_id {
            return Ok(connection_id.clone());
        }
        let invitation_id = invited.invitation_id.as_deref().unwrap_or_default();
        let (question, place) = match &self.0.tongue {
            Tongue::Acapy { invitations, .. } if invitations.multi_use => {
                return self.connection_with(http, did).await;
            }
            Tongue::Acapy { .. } => (acapy::connection_of(invitation_id), acapy::CONNECTION_ID),
            Tongue::Custom(custom) => {
                let action = custom.action(Ask::Connection)?;
                let question = action.question(&[(Slot::InvitationId, invitation_id.into())]);
                (question, action.place(Place::ConnectionId))
            }
        };
        let answer = self.0.ask_json(http, question).await?;
        answer.id(place).ok_or_else(|| answer.lacks("connection_id"))
    }

    /// Finds out which connection is with the owner of a DID. ACA-Py knows a `did:peer:4` by its short
    /// form only once it has the last message of the handshake, so it is asked again for a while.
    async fn connection_with(&self, http: &dyn Http, did: &str) -> Result<String, ControllerError> {
        let mut pause = LOOK_EVERY;
        loop {
            let answer = self.0.ask_json(http, acapy::connection_with(did)).await?;
            match answer.id(acapy::CONNECTION_ID) {
                Some(id) => return Ok(id),
                None if pause > LOOK_EVERY_MAX => return Err(answer.lacks("connection_id")),
                None => sleep(pause).await,
            }
            pause *= 2;
        }
    }

    /// Waits until the system has the connection ready, for `limit` at most.
    ///
    /// # Errors
    /// It was not reached, refused, gave the connection up, or was not ready in time.
    pub async fn ready(
        &self,
        http: &dyn Http,
        connection_id: &str,
        limit: Duration,
    ) -> Result<(), ControllerError> {
        let watch = match &self.0.tongue {
            Tongue::Acapy { .. } => acapy::readiness(connection_id),
            Tongue::Custom(custom) => {
                let action = custom.action(Ask::Ready)?;
                Watch::custom(action, &[(Slot::ConnectionId, connection_id.into())])
            }
        };
        match watch.see(http, &self.0, limit).await? {
            Seen::Ended(_) => Ok(()),
            Seen::GivenUp { state, waited, .. } | Seen::Unended { state, waited } => {
                Err(ControllerError::NotReady { state, waited })
            }
        }
    }

    /// Lets the system send a basic message (RFC 0095) to the holder.
    ///
    /// # Errors
    /// It was not reached, or refused.
    pub async fn send_message(
        &self,
        http: &dyn Http,
        connection_id: &str,
        content: &str,
    ) -> Result<(), ControllerError> {
        let question = match &self.0.tongue {
            Tongue::Acapy { .. } => acapy::message(connection_id, content),
            Tongue::Custom(custom) => {
                let filled =
                    [(Slot::ConnectionId, connection_id.into()), (Slot::Content, content.into())];
                custom.question(Ask::Message, &filled)?
            }
        };
        self.0.ask(http, question).await.map(drop)
    }

    /// Lets the system send a trust ping (RFC 0048) to the holder.
    ///
    /// # Errors
    /// It was not reached, or refused.
    pub async fn send_ping(
        &self,
        http: &dyn Http,
        connection_id: &str,
    ) -> Result<(), ControllerError> {
        let question = match &self.0.tongue {
            Tongue::Acapy { .. } => acapy::ping(connection_id),
            Tongue::Custom(custom) => {
                custom.question(Ask::Ping, &[(Slot::ConnectionId, connection_id.into())])?
            }
        };
        self.0.ask(http, question).await.map(drop)
    }

    /// Lets the system send a menu (RFC 0509) to the holder.
    ///
    /// # Errors
    /// It was not reached, or refused.
    pub async fn send_menu(
        &self,
        http: &dyn Http,
        connection_id: &str,
        menu: &Value,
    ) -> Result<(), ControllerError> {
        let question = match &self.0.tongue {
            Tongue::Acapy { .. } => acapy::menu(connection_id, menu),
            Tongue::Custom(custom) => {
                let filled =
                    [(Slot::ConnectionId, connection_id.into()), (Slot::Menu, menu.clone())];
                custom.question(Ask::Menu, &filled)?
            }
        };
        self.0.ask(http, question).await.map(drop)
    }

    /// Asks whether the system is up.
    ///
    /// # Errors
    /// It was not reached, or says that it is not.
    pub async fn live(&self, http: &dyn Http) -> Result<(), ControllerError> {
        let question = match &self.0.tongue {
            Tongue::Acapy { .. } => acapy::live(),
            Tongue::Custom(custom) => custom.question(Ask::Live, &[])?,
        };
        self.0.ask(http, question).await.map(drop)
    }
}
