//! What a proof is made of: credentials, their definitions, and that they are not revoked.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    HolderError, agency::Published, credential::HeldCredential, inner::Inner,
    prepared::PreparedProof,
};
use crate::aries::anoncreds::{
    Choice, Error, Held, LinkSecret, Prepared, PresentationRequest, Registry, RevocationState,
    RevocationStatusList,
};

/// What a proof is made of.
pub(super) struct Material {
    held: Vec<Held>,
    /// What the holder calls them.
    ids: Vec<String>,
    choice: Choice,
    lists: Vec<Current>,
}

/// What a credential is shown not to be revoked with.
struct Current {
    place: usize,
    registry: Registry,
    list: Arc<RevocationStatusList>,
}

/// Witnesses that a proof was made with, by the credentials' ids.
pub(super) struct Witnessed {
    states: Vec<(String, RevocationState)>,
    /// What it took to make them or to bring them up to date, if that was needed.
    pub(super) took: Option<Duration>,
}

impl Inner {
    /// Finds what answers a request: of the credentials that fit each part the first, those that are
    /// known to be revoked last, and else the oldest first.
    pub(super) async fn material(
        &self,
        request: &PresentationRequest,
    ) -> Result<Material, HolderError> {
        let Published { ledger, .. } = self.agency.published()?;
        let http = &*self.means.http;
        let mut credentials = self.state().wallet.credentials.clone();
        credentials.sort_by_key(HeldCredential::is_revoked);
        let (mut held, mut ids) = (Vec::new(), Vec::new());
        for credential in credentials {
            let kept = &credential.kept;
            let definition = ledger.definition(http, &kept.cred_def_id, &kept.schema_id).await?;
            ids.push(credential.origin.id.clone());
            held.push(credential.held(definition)?);
        }
        let choice = Choice::first_fit(request, &held)?;
        let mut lists = Vec::new();
        for (place, held) in held.iter().enumerate() {
            let id = held.credential.rev_reg_id.as_ref();
            let Some((id, interval)) = id.zip(choice.interval(request, place)) else { continue };
            let registry = ledger.registry(http, id).await?;
            let list = ledger.list(http, id, interval).await?;
            lists.push(Current { place, registry, list });
        }
        Ok(Material { held, ids, choice, lists })
    }

    /// Keeps witnesses for the next proof.
    pub(super) fn keep_witnesses(&self, witnessed: Witnessed) {
        let mut state = self.state();
        for (id, witness) in witnessed.states {
            let held = state.wallet.credentials.iter_mut().find(|it| it.origin.id == id);
            if let Some(held) = held {
                held.keep_witness(witness);
            }
        }
    }
}

impl Material {
    /// Proves all but the nonce.
    pub(super) fn prove(
        mut self,
        request: &PresentationRequest,
        secret: &LinkSecret,
    ) -> Result<(PreparedProof, Witnessed), Error> {
        let begun = Instant::now();
        let (mut states, mut changed) = (Vec::new(), false);
        for Current { place, registry, list } in &self.lists {
            let held = &mut self.held[*place];
            let before = held.state.take();
            changed |= before.as_ref().map(RevocationState::timestamp) != list.timestamp;
            let index = held.credential.index().unwrap_or_default();
            let state = witness(registry, list, index, before)?;
            states.push((self.ids[*place].clone(), state.clone()));
            held.state = Some(state);
        }
        let took = changed.then(|| begun.elapsed());
        let time = |it: &Current| (it.place, it.list.timestamp);
        let proof = PreparedProof {
            request: request.clone(),
            times: self.lists.iter().map(time).collect(),
            proof: Prepared::new(request, &self.choice, &self.held, secret)?,
            choice: self.choice,
        };
        Ok((proof, Witnessed { states, took }))
    }
}

/// The witness for a list; whoever is revoked has one as well, and what is proved with it is false.
fn witness(
    registry: &Registry,
    list: &Arc<RevocationStatusList>,
    index: u32,
    before: Option<RevocationState>,
) -> Result<RevocationState, Error> {
    match before {
        Some(state) if Some(state.timestamp()) == list.timestamp => Ok(state),
        Some(mut state) => registry.update(&mut state, list).map(|()| state),
        None => registry.state(index, list),
    }
}
