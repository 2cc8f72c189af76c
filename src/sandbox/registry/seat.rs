//! A place in a revocation registry, which one credential gets, or nobody.

use std::{collections::BTreeMap, sync::Arc};

use super::{Ledger, LedgerError, RevocationRegistry, issuer};
use crate::aries::anoncreds::{Credential, CredentialOffer, CredentialRequest};

/// A place that nobody else has; it is given back unless it is kept.
pub(in super::super) struct Seat {
    pub(in super::super) registry: Arc<RevocationRegistry>,
    pub(in super::super) index: u32,
    kept: bool,
}

impl Seat {
    pub(super) fn take(registry: &Arc<RevocationRegistry>) -> Option<Self> {
        let index = registry.take()?;
        Some(Self { registry: Arc::clone(registry), index, kept: false })
    }

    /// Keeps it for good.
    pub(in super::super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if !self.kept {
            self.registry.give_back(self.index);
        }
    }
}

impl Ledger {
    /// Signs what was offered and asked for, when the issuer's thread comes to it.
    pub(in super::super) async fn sign(
        self: &Arc<Self>,
        offer: CredentialOffer,
        request: CredentialRequest,
        values: BTreeMap<String, String>,
    ) -> Result<(Credential, Seat), LedgerError> {
        let seat = self.seat().await?;
        let signed = self.bench.run(move || {
            let asked = (&offer, &request);
            let credential = seat.registry.issue(issuer(), seat.index, asked, &values)?;
            Ok::<_, LedgerError>((credential, seat))
        });
        signed.await?
    }
}
