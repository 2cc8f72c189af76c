//! Reading a log of messages back.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use rmp_serde::decode;
use serde::Deserialize;
use thiserror::Error;

use crate::{
    bus::Message,
    msgpack::{Broken, Nesting, Values},
};

use super::header::{Header, VERSION};

/// Deepest nesting that is read.
const DEPTH_MAX: usize = 256;

/// Why a log cannot be replayed, or no further.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// It cannot be opened or read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The log.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is something else.
    #[error("{} is no log of messages: name the messages.msgpack of a run", path.display())]
    NotALog {
        /// The file.
        path: PathBuf,
    },
    /// It is written in a way that this engine does not know.
    #[error(
        "{} has version {found}, and this engine reads version {VERSION}: replay it with the engine that wrote it",
        path.display()
    )]
    Version {
        /// The log.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// It tells of something that this engine does not know.
    #[error(
        "{}: message {number} is of a newer engine ({unknown}): replay it with the engine that wrote it",
        path.display()
    )]
    Newer {
        /// The log.
        path: PathBuf,
        /// Number of the message, from 0.
        number: u64,
        /// What is not known.
        unknown: String,
    },
    /// It has been damaged.
    #[error("{}: message {number} (byte {offset}) is damaged: {reason}", path.display())]
    Damaged {
        /// The log.
        path: PathBuf,
        /// Number of the message, from 0.
        number: u64,
        /// Where the message begins, or the byte at fault.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
}

/// The messages of a log, in the order in which they were heard; it ends at the first error.
pub struct Replay {
    path: PathBuf,
    values: Values<File>,
    /// Messages so far.
    count: u64,
    over: bool,
}

/// Opens a log that a [`super::Collector`] wrote, to be read in bounded memory.
///
/// # Errors
/// When it cannot be read, or is no log of this version.
pub fn replay(path: &Path) -> Result<Replay, ReplayError> {
    let path = path.to_owned();
    let mut values = match File::open(&path) {
        Ok(file) => Values::new(file, Nesting::Any),
        Err(source) => return Err(ReplayError::Read { path, source }),
    };
    let header = match values.next() {
        Ok(value) => value.and_then(Header::read),
        Err(Broken::Read(source)) => return Err(ReplayError::Read { path, source }),
        Err(Broken::Flaw(_)) => None,
    };
    match header {
        Some(header) if header.version == VERSION => {
            Ok(Replay { path, values, count: 0, over: false })
        }
        Some(header) => Err(ReplayError::Version { path, found: header.version }),
        None => Err(ReplayError::NotALog { path }),
    }
}

impl Replay {
    /// Bytes at the end that are part of a message: the process was killed while it wrote.
    ///
    /// Zero as long as there is something to read.
    #[must_use]
    pub fn torn_bytes(&self) -> u64 {
        if self.over { self.values.left() } else { 0 }
    }

    fn read(&mut self) -> Result<Option<Message>, ReplayError> {
        let (number, offset) = (self.count, self.values.offset());
        let path = || self.path.clone();
        let damaged = |offset, reason: String| {
            Err(ReplayError::Damaged { path: path(), number, offset, reason })
        };
        match self.values.next() {
            Ok(None) => Ok(None),
            Ok(Some(value)) => match decoded(value) {
                Ok(message) => Ok(Some(message)),
                Err(decode::Error::Syntax(text)) if text.starts_with("unknown variant") => {
                    let unknown = text.split(',').next().unwrap_or_default().into();
                    Err(ReplayError::Newer { path: path(), number, unknown })
                }
                Err(error) => damaged(offset, error.to_string()),
            },
            Err(Broken::Read(source)) => Err(ReplayError::Read { path: path(), source }),
            Err(Broken::Flaw(flaw)) => damaged(offset + flaw.at(), flaw.to_string()),
        }
    }
}

impl Iterator for Replay {
    type Item = Result<Message, ReplayError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let read = self.read();
        self.over = !matches!(read, Ok(Some(_)));
        self.count += 1;
        read.transpose()
    }
}

fn decoded(value: &[u8]) -> Result<Message, decode::Error> {
    let mut decoder = rmp_serde::Deserializer::from_read_ref(value);
    decoder.set_max_depth(DEPTH_MAX);
    Message::deserialize(&mut decoder)
}
