//! What a wallet does with proof requests: it prepares for them, answers them, and hears the verdict.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{
    Wallet, failure,
    proof_requests::{self, Filling},
};
use crate::{
    aries::{controller::Exchange, didcomm::invitation::Invitation, holder::Presented},
    journey::{Failure, Outcome},
};

/// What a verifier was asked to ask for.
#[derive(Clone)]
pub struct AskedToPresent {
    system: String,
    exchange: Exchange,
    /// What the request is attached to, unless it comes along a connection.
    invitation: Option<Invitation>,
}

impl Wallet {
    /// Prepares a proof for one of `proof_requests` of `[config]`, ahead of its being asked for.
    ///
    /// # Errors
    /// The wallet has nothing to present.
    pub async fn prepare(&self, request: Option<&str>) -> Outcome {
        let request = proof_requests::read(self.proof_request(request)?);
        let request = request.map_err(|why| Failure::new("config", why))?;
        self.holder.prepare(&request).await.map_err(failure::holder)
    }

    /// Asks a system's controller for an invitation with one of `proof_requests` of `[config]`
    /// attached (RFC 0434).
    ///
    /// # Errors
    /// What the controller fails with.
    pub async fn request_proof_invitation(
        &self,
        system: &str,
        request: Option<&str>,
    ) -> Result<AskedToPresent, Failure> {
        let request = self.proof_request(request)?;
        let controller = self.controller(system)?;
        let asked =
            controller.presentation_invitation(&*self.http, self.holder.label(), &request).await;
        let (by, exchange) = asked.map_err(failure::controller)?;
        let invitation = Some(self.read_invitation(&by.invitation).await?);
        Ok(AskedToPresent { system: system.to_owned(), exchange, invitation })
    }

    /// Has a system's controller ask one of `proof_requests` of `[config]` along a connection.
    ///
    /// # Errors
    /// What the controller fails with.
    pub async fn request_presentation(
        &self,
        system: &str,
        connection: &str,
        request: Option<&str>,
    ) -> Result<AskedToPresent, Failure> {
        let request = self.proof_request(request)?;
        let (controller, remote) = (self.controller(system)?, self.remote_id(connection)?);
        let asked = controller.request_presentation(&*self.http, &remote, &request).await;
        let exchange = asked.map_err(failure::controller)?;
        Ok(AskedToPresent { system: system.to_owned(), exchange, invitation: None })
    }

    /// Answers the proof request that is attached to an invitation, without a connection: until the
    /// verifier has taken the presentation (RFC 0037, 0454).
    ///
    /// # Errors
    /// The wallet has nothing that fits, or the verifier reports a problem or says nothing.
    pub async fn present_to(&self, asked: &AskedToPresent) -> Outcome {
        let invitation = asked.invitation.as_ref().ok_or_else(|| {
            Failure::new("no invitation", "the proof request comes along a connection")
        })?;
        let presented = self.holder.present_to(invitation).await.map_err(failure::holder)?;
        self.tell_presented(&presented)
    }

    /// Answers the proof request that comes along a connection: until the verifier has taken the
    /// presentation (RFC 0037, 0454). One that an earlier trip of the wallet has left behind is not
    /// taken for it, if the controller says which thread it is on.
    ///
    /// # Errors
    /// As for [`present_to`](Self::present_to), or none comes in time.
    pub async fn present(&self, connection: &str, asked: &AskedToPresent) -> Outcome {
        let presented = match &asked.exchange.thread_id {
            Some(thread) => self.holder.present_on(connection, thread).await,
            None => self.holder.present(connection).await,
        };
        self.tell_presented(&presented.map_err(failure::holder)?)
    }

    /// Asks the verifier's controller whether it found the presentation true.
    ///
    /// # Errors
    /// What the controller fails with, or it has found nothing within `answer_limit`.
    pub async fn verdict(&self, asked: &AskedToPresent) -> Result<bool, Failure> {
        let controller = self.controller(&asked.system)?;
        let limit = self.systems.answer_limit;
        let verdict = controller.verdict(&*self.http, &asked.exchange, limit).await;
        verdict.map_err(failure::controller)
    }

    fn tell_presented(&self, presented: &Presented) -> Outcome {
        let (how, told) = if presented.prepared {
            ("presentation_prepared", "presentation: prepared")
        } else {
            ("presentation_computed", "presentation: computed")
        };
        self.ctx.measure(how, presented.answered_in);
        if let Some(acked_in) = presented.acked_in {
            self.ctx.measure("presentation_acked", acked_in);
        }
        self.ctx.send(told, json!({}))
    }

    /// One of `proof_requests`, as it is to be asked now of this wallet.
    fn proof_request(&self, name: Option<&str>) -> Result<Value, Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let credentials = self.holder.credentials();
        let definition = credentials.first().map(|it| &*it.cred_def_id).unwrap_or_default();
        self.systems.proof_requests.filled(name, Filling { now, definition })
    }
}
