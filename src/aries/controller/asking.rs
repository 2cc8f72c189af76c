//! What a holder's journey asks of an issuer or a verifier.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    Invited, Settings, acapy,
    answer::Answered,
    custom::{Custom, offered},
    error::ControllerError,
    gate::Question,
    settings::Kind,
    system::{System, Tongue},
    template::Slot,
    token::{Clock, Tokens},
};
use crate::aries::transport::Http;

/// Time between the first two looks at a connection; it doubles from look to look.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Time between two looks at most.
const LOOK_EVERY_MAX: Duration = Duration::from_secs(2);

/// An issuer or a verifier that can be asked over HTTPS; one is enough for all trips of a run.
pub struct Controller(System);

impl Controller {
    /// Makes the controller of some settings; nothing is asked yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self::with_clock(settings, Arc::new(now))
    }

    /// The same, by a clock that tells seconds since the Unix epoch.
    pub(super) fn with_clock(settings: Settings, clock: Clock) -> Self {
        let Settings { gate, kind } = settings;
        let tongue = match kind {
            Kind::Acapy { invitations, tenant } => {
                let tokens = tenant.map(|tenant| Box::new(Tokens::new(tenant, clock)));
                Tongue::Acapy { invitations, tokens }
            }
            Kind::Custom(custom) => Tongue::Custom(custom),
        };
        Self(System { gate, tongue })
    }

    /// Which system it is, without secrets: what rows recorded with it can be told apart by.
    #[must_use]
    pub fn identity(&self) -> &str {
        &self.0.gate.identity
    }

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
                custom.read(self.0.ask_json(http, custom.invite(label)).await?)
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
                let action = offered(custom.connection.as_ref(), "connection")?;
                let question = action.question(&[(Slot::InvitationId, &invitation_id.into())]);
                (question, action.places.connection_id.as_deref().unwrap_or_default())
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
        let began = Instant::now();
        let (mut state, mut pause) = (String::from("unknown"), LOOK_EVERY);
        let looks = async {
            loop {
                state = self.state(http, connection_id).await?;
                if self.is_ready(&state) {
                    return Ok(true);
                }
                if ["error", "abandoned"].contains(&state.as_str()) {
                    return Ok(false);
                }
                sleep(pause).await;
                pause = (pause * 2).min(LOOK_EVERY_MAX);
            }
        };
        match timeout_at(began + limit, looks).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Err(error)) => Err(error),
            Ok(Ok(false)) | Err(_) => {
                let state = crate::quantity::shortened(&state);
                Err(ControllerError::NotReady { state, waited: began.elapsed() })
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
                    [(Slot::ConnectionId, &connection_id.into()), (Slot::Content, &content.into())];
                offered(custom.message.as_ref(), "message")?.question(&filled)
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
            Tongue::Custom(custom) => offered(custom.ping.as_ref(), "ping")?
                .question(&[(Slot::ConnectionId, &connection_id.into())]),
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
            Tongue::Custom(custom) => offered(custom.menu.as_ref(), "menu")?
                .question(&[(Slot::ConnectionId, &connection_id.into()), (Slot::Menu, menu)]),
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
            Tongue::Custom(custom) => offered(custom.live.as_ref(), "live")?.question(&[]),
        };
        self.0.ask(http, question).await.map(drop)
    }

    async fn state(&self, http: &dyn Http, connection_id: &str) -> Result<String, ControllerError> {
        let (question, place) = match &self.0.tongue {
            Tongue::Acapy { .. } => (acapy::connection(connection_id), "/state"),
            Tongue::Custom(custom) => look(custom, connection_id)?,
        };
        let answer: Answered = self.0.ask_json(http, question).await?;
        answer.text(place).map(str::to_owned).ok_or_else(|| answer.lacks("state"))
    }

    fn is_ready(&self, state: &str) -> bool {
        match &self.0.tongue {
            // Of the two ends it depends on protocol and version which one says "active".
            Tongue::Acapy { .. } => ["active", "completed"].contains(&state),
            Tongue::Custom(custom) => {
                custom.ready.iter().any(|it| it.places.is.iter().any(|it| it == state))
            }
        }
    }
}

impl fmt::Debug for Controller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Controller").field(&self.identity()).finish()
    }
}

fn look<'a>(
    custom: &'a Custom,
    connection_id: &str,
) -> Result<(Question, &'a str), ControllerError> {
    let action = offered(custom.ready.as_ref(), "ready")?;
    let question = action.question(&[(Slot::ConnectionId, &connection_id.into())]);
    Ok((question, action.places.state.as_deref().unwrap_or_default()))
}
