//! The subscriber that writes what journeys record.

use std::{
    collections::{BTreeMap, HashMap},
    fs::{DirBuilder, File, TryLockError},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use thiserror::Error;

use crate::{
    bus::{Event, Message, Receipt, RecordedRow, Subscriber},
    observe::private,
};

use super::{datafile::Datafile, name};

/// Bytes that are buffered, for all files together, before they are written without a rest.
const COMMIT_BYTES: usize = 256 << 10;
/// Names that are recorded under at a time.
const NAMES_MAX: usize = 256;

/// What becomes of rows that earlier runs recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// New rows follow the old ones.
    Append,
    /// The first new rows of a name replace the old ones, at one stroke; until then those stay.
    Fresh,
}

/// Why a recorder cannot begin.
#[derive(Debug, Error)]
pub enum RecorderError {
    /// The directory cannot be made, or written to.
    #[error("cannot record to {}", dir.display())]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another process records to the directory.
    #[error(
        "another run records to {}: wait for its end, or give this one a directory of its own",
        dir.display()
    )]
    Busy {
        /// The directory.
        dir: PathBuf,
    },
}

/// Writes recorded rows to `<dir>/<name>.msgpack`: bare MessagePack maps, one after the other.
///
/// A receipt is signed once the operating system has its row, so that a process that is killed
/// leaves every row that was signed for and tears at most the one after them, which the next
/// run cuts off. Against a loss of power, [`Recorder::finish`] syncs once, at the end of the
/// run: to sync each second would make the disk a part of what is measured.
pub struct Recorder {
    dir: PathBuf,
    keep: Keep,
    files: HashMap<Arc<str>, Datafile>,
    buffered_bytes: usize,
    /// Held as long as the recorder lives.
    _lock: File,
}

impl Recorder {
    /// Makes the directory if it is not there, and locks it.
    ///
    /// # Errors
    /// When the directory cannot be made or written to, or another recorder has it.
    pub fn open(dir: &Path, keep: Keep) -> Result<Self, RecorderError> {
        let failed = |source| RecorderError::Directory { dir: dir.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
        let mut options = private::options();
        let lock = options.write(true).create(true).open(dir.join(".lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(RecorderError::Busy { dir: dir.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let (dir, files) = (dir.to_owned(), HashMap::new());
        Ok(Self { dir, keep, files, buffered_bytes: 0, _lock: lock })
    }

    /// Rows that this run has added, by name.
    #[must_use]
    pub fn rows(&self) -> BTreeMap<Arc<str>, u64> {
        self.files.iter().map(|(name, file)| (Arc::clone(name), file.rows())).collect()
    }

    /// Makes what was recorded survive a loss of power, and gives back the rows added by name.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub fn finish(mut self) -> io::Result<BTreeMap<Arc<str>, u64>> {
        self.commit()?;
        self.files.values().try_for_each(Datafile::sync)?;
        if !self.files.is_empty() {
            File::open(&self.dir)
                .and_then(|dir| dir.sync_all())
                .map_err(private::name(&self.dir))?;
        }
        Ok(self.rows())
    }

    /// Buffers a row; a journey's mistake is the journey's to hear of, and ends nothing else.
    fn record(&mut self, name: &Arc<str>, row: &RecordedRow) {
        let taken = self.file(name).and_then(|file| file.push(&row.encoded, &row.receipt));
        match taken {
            Ok(()) => self.buffered_bytes += row.encoded.len(),
            Err(refusal) => row.receipt.sign(Err(refusal)),
        }
    }

    fn file(&mut self, name: &Arc<str>) -> Result<&mut Datafile, String> {
        if !self.files.contains_key(name) {
            let path = self.path(name)?;
            if self.files.len() >= NAMES_MAX {
                return Err(format!("rows of {NAMES_MAX} names are recorded already: use fewer"));
            }
            self.files.insert(Arc::clone(name), Datafile::new(path));
        }
        Ok(self.files.get_mut(name).expect("a name that was missing has been put in"))
    }

    fn path(&self, name: &str) -> Result<PathBuf, String> {
        name::file_name(name).map(|file| self.dir.join(file)).map_err(|error| error.to_string())
    }

    fn purge(&mut self, name: &str, receipt: Option<&Receipt>) -> io::Result<()> {
        let sign = |answer| {
            if let Some(receipt) = receipt {
                receipt.sign(answer);
            }
        };
        let path = match self.path(name) {
            Ok(path) => path,
            Err(refusal) => {
                sign(Err(refusal));
                return Ok(());
            }
        };
        let file = self.files.remove(name).unwrap_or_else(|| Datafile::new(path));
        let purged = file.purge();
        sign(purged.as_ref().map(|&()| ()).map_err(ToString::to_string));
        purged
    }

    fn commit(&mut self) -> io::Result<()> {
        self.buffered_bytes = 0;
        self.files.values_mut().try_for_each(|file| file.commit(self.keep))
    }
}

impl Subscriber for Recorder {
    fn receive(&mut self, message: &Message) -> io::Result<()> {
        match &message.event {
            Event::Recorded { name, row: Some(row), .. } => self.record(name, row),
            Event::Purged { name, receipt } => self.purge(name, receipt.as_ref())?,
            Event::Recorded { row: None, .. }
            | Event::Began(_)
            | Event::Started { .. }
            | Event::Transaction { .. }
            | Event::Request { .. }
            | Event::Ended { .. }
            | Event::Dropped { .. }
            | Event::Sent { .. }
            | Event::Measured { .. }
            | Event::Exchange { .. }
            | Event::Unheard { .. }
            | Event::Health(_)
            | Event::Stalled { .. }
            | Event::Draining(_)
            | Event::Finished => {}
        }
        if self.buffered_bytes >= COMMIT_BYTES { self.commit() } else { Ok(()) }
    }

    fn rest(&mut self) -> io::Result<()> {
        self.commit()
    }
}
