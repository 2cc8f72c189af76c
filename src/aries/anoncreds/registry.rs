//! A revocation registry that all its holders share, and each holder's witness in it.

use std::{collections::HashSet, fmt, sync::Arc};

use anoncreds_clsignatures as cl;
use sha2::{Digest, Sha256};

use super::{Error, RevocationRegistryDefinition, RevocationStatusList, numbers::guarded};

/// What a tails file begins with.
const VERSION_BYTES: usize = 2;

/// A registry with its tails in memory, parsed once; a clone is another handle of the same.
#[derive(Clone)]
pub struct Registry(Arc<Parsed>);

struct Parsed {
    id: String,
    size: u32,
    tails: Tails,
}

struct Tails(Vec<cl::Tail>);

impl cl::RevocationTailsAccessor for Tails {
    fn access_tail(&self, index: u32, visit: &mut dyn FnMut(&cl::Tail)) -> Result<(), cl::Error> {
        let missing = || cl::Error::new(cl::ErrorKind::InvalidState, "no such tail");
        visit(self.0.get(index as usize).ok_or_else(missing)?);
        Ok(())
    }
}

impl Registry {
    /// Parses what was published as `id`, and its tails file.
    ///
    /// # Errors
    /// When the tails file is not the one that the definition names.
    pub fn new(
        id: &str,
        definition: &RevocationRegistryDefinition,
        tails_file: &[u8],
    ) -> Result<Self, Error> {
        let size = definition.value.max_cred_num;
        let wrong = |reason| Error::Tails { registry: id.to_owned(), reason };
        let count = u64::from(size) * 2 + 1;
        let length = VERSION_BYTES as u64 + count * cl::Tail::BYTES_REPR_SIZE as u64;
        if tails_file.len() as u64 != length {
            return Err(wrong("its length is not what the registry's size needs"));
        }
        let hash = bs58::encode(Sha256::digest(tails_file)).into_string();
        if hash != definition.value.tails_hash {
            return Err(wrong("its SHA-256 is another"));
        }
        let tails = guarded("read the tails file", || {
            let tails = tails_file[VERSION_BYTES..].chunks_exact(cl::Tail::BYTES_REPR_SIZE);
            tails.map(cl::Tail::from_bytes).collect()
        })?;
        Ok(Self(Arc::new(Parsed { id: id.to_owned(), size, tails: Tails(tails) })))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The witness of a credential's not being revoked, from nothing but the list.
    ///
    /// # Errors
    /// When the list is of another registry or incomplete, or the index is not in it.
    pub fn state(
        &self,
        index: u32,
        list: &Arc<RevocationStatusList>,
    ) -> Result<RevocationState, Error> {
        let max = self.0.size;
        if index == 0 || index > max {
            return Err(Error::Index { index, max });
        }
        let (accumulator, timestamp) = self.read(list)?;
        let revoked = (1..=max).filter(|index| list.revokes(*index)).collect();
        let delta = cl::RevocationRegistryDelta::from_parts(
            None,
            &accumulator.into(),
            &HashSet::new(),
            &revoked,
        );
        let witness = guarded("make a witness", || {
            cl::Witness::new(index, max, true, &delta, &self.0.tails)
        })?;
        Ok(RevocationState { index, list: Arc::clone(list), witness, accumulator, timestamp })
    }

    /// Brings a witness to a later or an earlier list, in time that grows with what differs.
    ///
    /// # Errors
    /// When the list is of another registry or incomplete.
    pub fn update(
        &self,
        state: &mut RevocationState,
        list: &Arc<RevocationStatusList>,
    ) -> Result<(), Error> {
        self.read(&state.list)?;
        let (accumulator, timestamp) = self.read(list)?;
        let changed = |now: bool| -> HashSet<u32> {
            let indices = 1..=self.0.size;
            indices
                .filter(|index| state.list.revokes(*index) != now && list.revokes(*index) == now)
                .collect()
        };
        let delta = cl::RevocationRegistryDelta::from_parts(
            Some(&state.accumulator.into()),
            &accumulator.into(),
            &changed(false),
            &changed(true),
        );
        let mut witness = state.witness.clone();
        guarded("update a witness", || {
            witness.update(state.index, self.0.size, &delta, &self.0.tails)
        })?;
        let index = state.index;
        *state = RevocationState { index, list: Arc::clone(list), witness, accumulator, timestamp };
        Ok(())
    }

    fn read(&self, list: &RevocationStatusList) -> Result<(cl::Accumulator, u64), Error> {
        let named = list.rev_reg_def_id.as_deref().unwrap_or(&self.0.id);
        if named != self.0.id {
            let (found, expected) = (named.to_owned(), self.0.id.clone());
            return Err(Error::Foreign { document: "revocation status list", found, expected });
        }
        let missing = |field| Error::Missing { document: "revocation status list", field };
        let accumulator = list.accumulator.as_ref().ok_or(missing("currentAccumulator"))?.0;
        Ok((accumulator, list.timestamp.ok_or(missing("timestamp"))?))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Registry").field(&self.0.id).finish()
    }
}

/// The witness of a credential's not being revoked, and the list that it is of.
#[derive(Clone)]
pub struct RevocationState {
    index: u32,
    list: Arc<RevocationStatusList>,
    pub(super) witness: cl::Witness,
    pub(super) accumulator: cl::Accumulator,
    pub(super) timestamp: u64,
}

impl RevocationState {
    /// When the list was so, in seconds since the epoch.
    #[must_use]
    pub fn timestamp(&self) -> u64 {
        self.timestamp
    }

    /// Whether the list says that the credential is revoked: no proof with it verifies then.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.list.revokes(self.index)
    }

    /// The credential's index in the registry.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.index
    }
}

impl fmt::Debug for RevocationState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, timestamp) = (self.index, self.timestamp);
        write!(formatter, "RevocationState {{ index: {index}, timestamp: {timestamp}, .. }}")
    }
}
