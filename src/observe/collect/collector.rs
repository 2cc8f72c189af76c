//! The subscriber that writes every message to a log.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use rmp_serde::encode;
use serde_json::Value;

use crate::{
    bus::{Event, Message, Subscriber},
    msgpack::VALUE_BYTES_MAX,
    observe::private::{self, CreateError},
};

use super::header::Header;

/// Bytes that are buffered before they are written without waiting for the second to end.
const BUFFER_BYTES: usize = 256 << 10;
/// How much of a run a kill may take from the log; health comes each second and keeps the time.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// Deepest nesting of a journey's own fields; within what [`super::replay()`] reads.
const DEPTH_MAX: usize = 128;

/// Writes every message to `<run dir>/messages.msgpack`, which [`super::replay()`] reads.
///
/// Rows that journeys record are not in it: they hold keys, and are the recorder's to keep.
pub struct Collector {
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    flushed: Duration,
    /// Whether the run is over, so that nobody comes who would flush later.
    over: bool,
}

impl Collector {
    /// Begins the log of a run in its directory, which must be there.
    ///
    /// # Errors
    /// When the log cannot be made, or is there already.
    pub fn create(run_dir: &Path) -> Result<Self, CreateError> {
        let path = run_dir.join("messages.msgpack");
        let mut file = private::create(&path)?;
        let header = Header::new().encoded();
        match file.write_all(&header) {
            Ok(()) => {
                let buffer = Vec::with_capacity(BUFFER_BYTES);
                Ok(Self { path, file, buffer, flushed: Duration::ZERO, over: false })
            }
            Err(source) => Err(CreateError { path, source }),
        }
    }

    fn write(&mut self, message: &Message) -> io::Result<()> {
        let begin = self.buffer.len();
        self.encode(message).map_err(|error| {
            self.buffer.truncate(begin);
            private::name(&self.path)(error)
        })
    }

    fn encode(&mut self, message: &Message) -> io::Result<()> {
        if let Event::Sent { kind, fields, .. } = &message.event
            && !nests_within(fields, DEPTH_MAX)
        {
            let text = format!("message {kind:?} nests deeper than {DEPTH_MAX} levels: flatten it");
            return Err(io::Error::other(text));
        }
        let begin = self.buffer.len();
        encode::write(&mut self.buffer, message).map_err(io::Error::other)?;
        match self.buffer.len() - begin {
            ..=VALUE_BYTES_MAX => Ok(()),
            length => Err(io::Error::other(format!(
                "a message has {length} bytes: at most {VALUE_BYTES_MAX} are kept"
            ))),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let written = self.file.write_all(&self.buffer).map_err(private::name(&self.path));
        self.buffer.clear();
        self.buffer.shrink_to(BUFFER_BYTES);
        written
    }
}

impl Subscriber for Collector {
    fn receive(&mut self, message: &Message) -> io::Result<()> {
        self.write(message)?;
        self.over |= message.event == Event::Finished;
        let due = message.at.saturating_sub(self.flushed) >= FLUSH_EVERY;
        if due {
            self.flushed = message.at;
        }
        if due || self.over || self.buffer.len() >= BUFFER_BYTES { self.flush() } else { Ok(()) }
    }

    fn rest(&mut self) -> io::Result<()> {
        if self.over { self.flush() } else { Ok(()) }
    }
}

impl Drop for Collector {
    /// Keeps the last messages of a run that ended without saying so; there is no one to tell
    /// of an error any more.
    fn drop(&mut self) {
        let _ = self.flush();
    }
}

fn nests_within(value: &Value, levels: usize) -> bool {
    let inner = |it: &Value| levels > 0 && nests_within(it, levels - 1);
    match value {
        Value::Array(items) => items.iter().all(inner),
        Value::Object(fields) => fields.values().all(inner),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}
