//! Publishing what is revoked: at most one list a registry and second, with all that was asked for.

use std::sync::Arc;

use super::{Ledger, LedgerError, RevocationRegistry, list::List, revocation::Next};
use crate::sandbox::journal::Write;

impl Ledger {
    /// Has places of a registry revoked; returns when a list that says so is published and kept.
    pub(in super::super) async fn revoke(
        self: &Arc<Self>,
        registry: Arc<RevocationRegistry>,
        indices: Vec<u32>,
    ) -> Result<(), LedgerError> {
        registry.ask(indices);
        let ledger = Arc::clone(self);
        // Others wait for this list: it is published whether whoever asked first is still there.
        let published = tokio::spawn(async move { ledger.publish(&registry).await });
        published.await.map_err(|_| LedgerError::Panicked)?
    }

    async fn publish(&self, registry: &Arc<RevocationRegistry>) -> Result<(), LedgerError> {
        let _press = registry.press().await;
        let Some(next) = registry.next().await else { return Ok(()) };
        let indices = next.indices.clone();
        let published = self.publish_next(registry, next).await;
        if published.is_err() {
            // The next list is to have them, if it is more fortunate.
            registry.ask(indices);
        }
        published
    }

    async fn publish_next(
        &self,
        registry: &Arc<RevocationRegistry>,
        next: Next,
    ) -> Result<(), LedgerError> {
        let (revoking, indices) = (Arc::clone(registry), next.indices.clone());
        let list = self.bench.run(move || revoking.revoke(&next)).await??;
        let count = indices.len() as u64;
        let row = List::of(list.clone()).row(registry.id());
        self.journal.commit(vec![Write::List(row, indices)]).await?;
        registry.publish(list);
        self.counts.revocations.add(count);
        self.counts.lists_published.one();
        Ok(())
    }
}
