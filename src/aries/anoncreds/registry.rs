//! A revocation registry that all its holders share, and each holder's witness in it.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use anoncreds_clsignatures as cl;
use sha2::{Digest, Sha256};

use super::{
    Error, RevocationRegistryDefinition, RevocationStatusList,
    change::{Change, Changes},
    numbers::guarded,
    sums::Sums,
};

/// What a tails file begins with.
const VERSION_BYTES: usize = 2;

/// A registry with its tails in memory, parsed once; a clone is another handle of the same.
///
/// It takes 1,152 bytes for each credential that it has place for, half of them from the first
/// [`state`](Self::state) on.
#[derive(Clone)]
pub struct Registry(Arc<Parsed>);

struct Parsed {
    id: String,
    size: u32,
    tails: Tails,
    sums: OnceLock<Sums>,
    changes: Changes,
}

/// The tails as the mathematics asks for them.
pub(super) struct Tails(Vec<cl::Tail>);

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
        Ok(Self(Arc::new(Parsed {
            id: id.to_owned(),
            size,
            tails: Tails(tails),
            sums: OnceLock::new(),
            changes: Changes::default(),
        })))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    #[cfg(test)]
    pub(super) fn tails(&self) -> &Tails {
        &self.0.tails
    }

    /// The witness of a credential's not being revoked, from nothing but the list, in time that
    /// grows with how many it revokes.
    ///
    /// The first call adds up all tails.
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
        let sums = self.sums()?;
        let witness = guarded("make a witness", || sums.witness(index, max))?;
        let list = Arc::clone(list);
        let mut state = RevocationState { index, list, witness, accumulator, timestamp };
        let change = self.0.changes.between(None, &state.list, &accumulator, max);
        self.bring(&mut state, &change)?;
        Ok(state)
    }

    /// Brings a witness to a later or an earlier list, in time that grows with what differs.
    ///
    /// What differs is found out once for all that bring a witness from the one to the other.
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
        let from = Some(&state.list);
        let change = self.0.changes.between(from, list, &accumulator, self.0.size);
        self.bring(state, &change)?;
        state.list = Arc::clone(list);
        (state.accumulator, state.timestamp) = (accumulator, timestamp);
        Ok(())
    }

    /// Brings a witness along; if that fails, it is as it was.
    fn bring(&self, state: &mut RevocationState, change: &Change) -> Result<(), Error> {
        let Parsed { size, tails, .. } = &*self.0;
        guarded("update a witness", || {
            state.witness.update(state.index, *size, &change.delta, tails)
        })
    }

    fn sums(&self) -> Result<&Sums, Error> {
        let Parsed { size, tails, sums, .. } = &*self.0;
        if let Some(sums) = sums.get() {
            return Ok(sums);
        }
        let made = guarded("add up the tails", || Sums::new(*size, &tails.0))?;
        Ok(sums.get_or_init(|| made))
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
