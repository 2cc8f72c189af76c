//! The issuer's side of revocation: a registry's keys, its tails and its lists.

use std::{collections::BTreeSet, fmt, sync::Arc};

use anoncreds_clsignatures as cl;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Bits, DefinitionKeys, Error, Issuer, Numbers, Registry, RegistryKeys, RegistryValue,
    RevocationRegistryDefinition, RevocationStatusList, issuer, numbers::guarded,
};

/// The version of tails files, which they begin with.
const TAILS_VERSION: [u8; 2] = [0, 2];
/// Smallest size: index 0 is never used.
const SIZE_MIN: u32 = 2;
/// Largest size, as ACA-Py has it; its tails file has 8 MiB.
const SIZE_MAX: u32 = 32_768;

/// An issuer's keys for a revocation registry, public and secret; a clone is another handle.
#[derive(Clone)]
pub struct RegistryIssuer(Arc<Keys>);

/// What a [`RegistryIssuer`] is a handle of.
struct Keys {
    written: Written,
    key: cl::CredentialPublicKey,
    /// The product over all.
    first: cl::Accumulator,
}

/// A registry's keys as they are kept.
#[derive(Serialize, Deserialize)]
struct Written {
    id: String,
    registry: RevocationRegistryDefinition,
    /// The credential definition's public keys.
    definition: DefinitionKeys,
    secret: Numbers<cl::RevocationKeyPrivate>,
}

impl RegistryIssuer {
    /// Makes a registry for `size` credentials, none of which is revoked, and its tails file; `tails`
    /// says where that will be, by its hash.
    ///
    /// # Errors
    /// When the definition's credentials cannot be revoked, or the size is not within 2 to 32,768.
    pub fn create(
        issuer: &Issuer,
        id: &str,
        tag: &str,
        size: u32,
        tails: impl FnOnce(&str) -> String,
    ) -> Result<(Self, Vec<u8>), Error> {
        check_size(size)?;
        let published = issuer.published();
        if published.value.revocation.is_none() {
            let (document, field) = ("credential definition", "value/revocation");
            return Err(Error::Missing { document, field });
        }
        let key = &issuer.definition().parsed().key;
        let (public, secret, tails_file) = guarded("make a revocation registry", || {
            let (public, secret, _, mut generator) =
                cl::Issuer::new_revocation_registry_def(key, size, true)?;
            let mut file = TAILS_VERSION.to_vec();
            while let Some(tail) = generator.try_next()? {
                file.extend(tail.to_bytes()?);
            }
            Ok((public, secret, file))
        })?;
        let tails_hash = bs58::encode(Sha256::digest(&tails_file)).into_string();
        let tails_location = tails(&tails_hash);
        let public_keys = RegistryKeys { accum_key: Numbers(public) };
        let registry = RevocationRegistryDefinition {
            issuer_id: published.issuer_id.clone(),
            revoc_def_type: "CL_ACCUM".to_owned(),
            tag: tag.to_owned(),
            cred_def_id: issuer.definition().id().to_owned(),
            value: RegistryValue { max_cred_num: size, public_keys, tails_hash, tails_location },
        };
        let (id, definition) = (id.to_owned(), published.value.clone());
        let written = Written { id, registry, definition, secret: Numbers(secret) };
        Ok((Self::new(written)?, tails_file))
    }

    /// The keys as JSON, secrets and all.
    ///
    /// # Panics
    /// Never: keys are JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0.written).expect("keys are JSON")
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// When it is something else.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Self::new(issuer::read("revocation registry's keys", json)?)
    }

    fn new(written: Written) -> Result<Self, Error> {
        let size = written.registry.value.max_cred_num;
        check_size(size)?;
        let DefinitionKeys { primary, revocation } = &written.definition;
        let (key, first) = guarded("begin a revocation registry", || {
            let revocation = revocation.as_ref().map(|key| &key.0);
            let key = cl::CredentialPublicKey::build_from_parts(&primary.0, revocation)?;
            let first = cl::RevocationRegistry::initial_state(&key, &written.secret.0, size, true)?;
            Ok((key, first.accum))
        })?;
        Ok(Self(Arc::new(Keys { written, key, first })))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.written.id
    }

    /// What is published of it.
    #[must_use]
    pub fn published(&self) -> &RevocationRegistryDefinition {
        &self.0.written.registry
    }

    /// The list in which nothing is revoked yet, of a time in seconds since the epoch.
    #[must_use]
    pub fn first_list(&self, timestamp: u64) -> RevocationStatusList {
        self.list((0..self.size()).map(|_| false).collect(), &self.0.first, timestamp)
    }

    /// The list after more credentials were revoked, of a time in seconds since the epoch.
    ///
    /// # Errors
    /// When an index is not in the registry, or the list is of another one or incomplete.
    pub fn revoke(
        &self,
        registry: &Registry,
        list: &RevocationStatusList,
        indices: &[u32],
        timestamp: u64,
    ) -> Result<RevocationStatusList, Error> {
        let mut state = self.accumulator(registry, list)?.into();
        let mut revoked = BTreeSet::new();
        for index in indices {
            self.check_index(*index)?;
            // What was revoked before must not be taken out of the product again.
            if !list.revokes(*index) {
                revoked.insert(*index);
            }
        }
        let bits = (0..).zip(list.revocation_list.iter());
        let bits = bits.map(|(index, before)| before || revoked.contains(&index)).collect();
        let (key, secret) = (&self.0.key, self.secret());
        guarded("revoke", || {
            let none = BTreeSet::new();
            let size = self.size();
            cl::Issuer::update_revocation_registry(&mut state, size, none, revoked, key, secret)
        })?;
        Ok(self.list(bits, &state.accum, timestamp))
    }

    fn list(
        &self,
        revocation_list: Bits,
        accumulator: &cl::Accumulator,
        timestamp: u64,
    ) -> RevocationStatusList {
        RevocationStatusList {
            rev_reg_def_id: Some(self.id().to_owned()),
            issuer_id: self.published().issuer_id.clone(),
            revocation_list,
            accumulator: Some(Numbers(*accumulator)),
            timestamp: Some(timestamp),
        }
    }

    pub(super) fn size(&self) -> u32 {
        self.published().value.max_cred_num
    }

    pub(super) fn secret(&self) -> &cl::RevocationKeyPrivate {
        &self.0.written.secret.0
    }

    /// Whether a credential can have this index.
    pub(super) fn check_index(&self, index: u32) -> Result<(), Error> {
        // The list has one bit for each credential, and that of index 0 is never used.
        let max = self.size() - 1;
        if (1..=max).contains(&index) { Ok(()) } else { Err(Error::Index { index, max }) }
    }

    /// What a list of this registry says that the product is.
    pub(super) fn accumulator(
        &self,
        registry: &Registry,
        list: &RevocationStatusList,
    ) -> Result<cl::Accumulator, Error> {
        let foreign = |document, found: &str| {
            let (found, expected) = (found.to_owned(), self.id().to_owned());
            Err(Error::Foreign { document, found, expected })
        };
        if registry.id() != self.id() {
            return foreign("revocation registry", registry.id());
        }
        let document = "revocation status list";
        let named = list.rev_reg_def_id.as_deref().unwrap_or(self.id());
        if named != self.id() {
            return foreign(document, named);
        }
        let (places, size) = (list.revocation_list.len(), self.size());
        if places != size as usize {
            let reason = format!("it has {places} places, and the registry {size}");
            return Err(Error::Refused { step: "read the revocation status list", reason });
        }
        let missing = Error::Missing { document, field: "currentAccumulator" };
        Ok(list.accumulator.as_ref().ok_or(missing)?.0)
    }
}

impl fmt::Debug for RegistryIssuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("RegistryIssuer").field(&self.0.written.id).finish()
    }
}

fn check_size(size: u32) -> Result<(), Error> {
    let (min, max) = (SIZE_MIN, SIZE_MAX);
    if (min..=max).contains(&size) { Ok(()) } else { Err(Error::Size { size, min, max }) }
}
