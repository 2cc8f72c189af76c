//! What a wallet asks the controllers of the systems under test for.

use std::sync::Arc;

use super::{Wallet, failure};
use crate::{
    aries::{
        controller::{self, Controller, InvitationSource},
        didcomm::invitation::Invitation,
        protocol::action_menu::Menu,
        transport::fetch_invitation,
    },
    journey::{Failure, Outcome},
};

/// An invitation that a system's controller gave.
#[derive(Clone)]
pub struct Invited {
    /// Which system.
    pub system: String,
    /// The invitation.
    pub invitation: Invitation,
    /// What the controller said about it.
    pub by: controller::Invited,
}

impl Wallet {
    /// Asks a system's controller for an invitation, as `[config]` says under its name; one that is
    /// for many is asked for once in a run.
    ///
    /// # Errors
    /// What the controller fails with.
    pub async fn request_invitation(&self, system: &str) -> Result<Invited, Failure> {
        let controller = self.controller(system)?;
        if !controller.is_multi_use() {
            return self.invitation(system, &controller).await;
        }
        let shared = self.systems.shared_invitation(system);
        shared.get_or_try_init(|| self.invitation(system, &controller)).await.cloned()
    }

    async fn invitation(&self, system: &str, controller: &Controller) -> Result<Invited, Failure> {
        let by = controller
            .invitation(&*self.http, self.holder.label())
            .await
            .map_err(failure::controller)?;
        let invitation = self.read_invitation(&by.invitation).await?;
        Ok(Invited { system: system.to_owned(), invitation, by })
    }

    pub(super) async fn read_invitation(
        &self,
        source: &InvitationSource,
    ) -> Result<Invitation, Failure> {
        let invitation = match source {
            InvitationSource::Text(text) => fetch_invitation(&*self.http, text).await,
            InvitationSource::Json(value) => {
                Invitation::from_value(value.clone()).map_err(Into::into)
            }
        };
        invitation.map_err(failure::fetch)
    }

    /// Asks a system's controller what it calls a connection that came of its invitation, and keeps
    /// the answer with the connection.
    ///
    /// # Errors
    /// What the controller fails with.
    pub async fn learn_remote_id(&self, invited: &Invited, connection: &str) -> Outcome {
        if self.holder.remote_id(connection).is_some() {
            return Ok(());
        }
        let controller = self.controller(&invited.system)?;
        let did = self.holder.my_did(connection).unwrap_or_default();
        let found = controller.connection_id(&*self.http, &invited.by, &did).await;
        self.holder.set_remote_id(connection, found.map_err(failure::controller)?);
        Ok(())
    }

    /// Has a system's controller send a basic message along a connection.
    ///
    /// # Errors
    /// What the controller fails with; kind `no remote id` when it does not know the connection.
    pub async fn request_message(&self, system: &str, connection: &str, text: &str) -> Outcome {
        let remote = self.remote_id(connection)?;
        let controller = self.controller(system)?;
        let sent = controller.send_message(&*self.http, &remote, text).await;
        sent.map(drop).map_err(failure::controller)
    }

    /// Has a system's controller offer an action menu along a connection (RFC 0509).
    ///
    /// # Errors
    /// As for [`request_message`](Self::request_message).
    pub async fn request_menu(&self, system: &str, connection: &str, menu: &Menu) -> Outcome {
        let remote = self.remote_id(connection)?;
        let controller = self.controller(system)?;
        let menu = serde_json::to_value(menu)?;
        let sent = controller.send_menu(&*self.http, &remote, &menu).await;
        sent.map(drop).map_err(failure::controller)
    }

    /// Asks a system's controller whether it lives.
    ///
    /// # Errors
    /// What the controller fails with.
    pub async fn is_live(&self, system: &str) -> Outcome {
        let controller = self.controller(system)?;
        controller.live(&*self.http).await.map(drop).map_err(failure::controller)
    }

    pub(super) fn controller(&self, system: &str) -> Result<Arc<Controller>, Failure> {
        self.systems.controller(&self.ctx, system)
    }

    pub(super) fn remote_id(&self, connection: &str) -> Result<String, Failure> {
        self.holder.remote_id(connection).ok_or_else(|| {
            let why = format!("nobody has said what the other side calls connection {connection}");
            Failure::new("no remote id", why)
        })
    }
}
