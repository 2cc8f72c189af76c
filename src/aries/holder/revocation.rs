//! Losing credentials: what is told to be revoked is deleted.

use std::sync::Arc;

use tokio::time::timeout;

use super::{
    CredentialFacts, HolderError, inner::Inner, peer::Peer, waiting::Awaited, wallet::Connection,
};
use crate::aries::protocol::revocation::{self, Revocable, Revoked};

impl Inner {
    /// Waits for the word that a credential is revoked, and deletes it.
    pub(super) async fn await_revocation(
        self: &Arc<Self>,
        connection: &str,
    ) -> Result<CredentialFacts, HolderError> {
        let connection = self.connection(connection)?;
        let peer = Peer::of(Arc::clone(&connection));
        let what = "the notification of a revocation";
        let limit = self.agency.settings.answer_limit;
        // Words about credentials that are not there must not make the wait any longer.
        let deleted = timeout(limit, async {
            loop {
                let awaited = Awaited::Beginning(revocation::REVOKES, None);
                let arrival = self.beginning(&peer, awaited, what).await?;
                let revoked = Revoked::read(&arrival.message)?;
                match self.delete_revoked(&connection, &revoked.by) {
                    Some(facts) => return Ok(facts),
                    None => self.tell_trouble(
                        "unknown credential",
                        "a notification that a credential is revoked which is not there".into(),
                    ),
                }
            }
        });
        deleted
            .await
            .unwrap_or_else(|_| Err(HolderError::NoResponse { awaited: what.to_owned(), limit }))
    }

    /// Deletes what somebody says to be revoked, if it was issued by them.
    fn delete_revoked(
        &self,
        connection: &Connection,
        revoked: &Revocable,
    ) -> Option<CredentialFacts> {
        let facts = {
            let mut state = self.state();
            let at = state
                .wallet
                .credentials
                .iter()
                .position(|it| it.is(revoked) && it.origin.system == connection.facts.system)?;
            state.prepared.clear();
            state.wallet.credentials.remove(at).facts()
        };
        self.note_revoked(facts.registry.as_deref());
        Some(facts)
    }

    /// Notes that a credential has been revoked, as the holder knows before it is told.
    pub(super) fn mark_revoked(&self, id: &str) {
        let registry = {
            let mut state = self.state();
            let held = state.wallet.credentials.iter_mut().find(|it| it.origin.id == id);
            let Some(held) = held else { return };
            held.mark_revoked();
            let registry = held.kept.rev_reg_id.clone();
            state.prepared.clear();
            registry
        };
        self.note_revoked(registry.as_deref());
    }

    /// Deletes credentials that are known to be revoked.
    pub(super) fn forget_revoked(&self) -> usize {
        let mut state = self.state();
        let before = state.wallet.credentials.len();
        state.wallet.credentials.retain(|it| !it.is_revoked());
        let forgotten = before - state.wallet.credentials.len();
        if forgotten > 0 {
            state.prepared.clear();
        }
        forgotten
    }

    fn note_revoked(&self, registry: Option<&str>) {
        if let (Ok(published), Some(registry)) = (self.agency.published(), registry) {
            published.ledger.has_revoked(registry);
        }
    }
}
