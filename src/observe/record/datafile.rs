//! One file of recorded rows: bare MessagePack maps, one after the other.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use tracing::warn;

use crate::{
    bus::Receipt,
    msgpack::{self, Broken, Extent, Flaw, Nesting, ROW_NESTING_MAX, Values},
    observe::private,
};

use super::Keep;

/// Longest row, in bytes.
const ROW_BYTES_MAX: usize = 16 << 20;
/// Bytes a buffer keeps room for between commits.
const BUFFER_BYTES: usize = 256 << 10;

/// A file of recorded rows, with those that are not in it yet.
pub(super) struct Datafile {
    path: PathBuf,
    file: Option<File>,
    /// Length of the file in bytes: it ends with a whole row.
    length: u64,
    rows: u64,
    buffer: Vec<u8>,
    receipts: Vec<Receipt>,
}

impl Datafile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None, length: 0, rows: 0, buffer: Vec::new(), receipts: Vec::new() }
    }

    /// Takes a row, to be written with the next commit; says why if it is none.
    pub(super) fn push(&mut self, encoded: &[u8], receipt: &Receipt) -> Result<(), String> {
        if encoded.len() > ROW_BYTES_MAX {
            let length = encoded.len();
            return Err(format!("the row has {length} bytes: at most {ROW_BYTES_MAX} are kept"));
        }
        let end = Extent::new(Nesting::Within(ROW_NESTING_MAX)).find(encoded);
        if end == Err(Flaw::TooDeep) {
            return Err(format!("the row is nested deeper than {ROW_NESTING_MAX} levels"));
        }
        if !msgpack::is_map(encoded) || end != Ok(Some(encoded.len())) {
            return Err("the row is no MessagePack map: record a struct with named fields".into());
        }
        self.buffer.extend_from_slice(encoded);
        self.receipts.push(receipt.clone());
        Ok(())
    }

    /// Hands all buffered rows to the operating system in one piece, then signs for them.
    pub(super) fn commit(&mut self, keep: Keep) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let kept = self.write(keep).map_err(private::name(&self.path));
        let answer = kept.as_ref().map(|&()| ()).map_err(ToString::to_string);
        self.receipts.drain(..).for_each(|receipt| receipt.sign(answer.clone()));
        self.buffer.clear();
        self.buffer.shrink_to(BUFFER_BYTES);
        kept
    }

    /// Deletes the file; the rows that wait for it are signed for, as if they had been in it.
    pub(super) fn purge(self) -> io::Result<()> {
        let purged = remove(&self.path).map_err(private::name(&self.path));
        let answer = purged.as_ref().map(|&()| ()).map_err(ToString::to_string);
        self.receipts.iter().for_each(|receipt| receipt.sign(answer.clone()));
        purged
    }

    /// Rows that this run has added.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Waits until what is written would survive a loss of power.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.as_ref().map_or(Ok(()), File::sync_data).map_err(private::name(&self.path))
    }

    fn write(&mut self, keep: Keep) -> io::Result<()> {
        let file = match (self.file.take(), keep) {
            (Some(file), _) => file,
            (None, Keep::Append) => self.open()?,
            (None, Keep::Fresh) => return self.replace(),
        };
        if let Err(error) = append(&file, &self.buffer) {
            // A refused row must not be found later, nor a torn one. Should this fail too, the
            // next run cuts off what is torn.
            let _ = file.set_len(self.length);
            return Err(error);
        }
        self.written(file);
        Ok(())
    }

    /// Puts a file with the buffered rows in the place of the one that was there.
    fn replace(&mut self) -> io::Result<()> {
        let fresh = fresh_path(&self.path);
        remove(&fresh)?;
        let file = private::options().append(true).create_new(true).open(&fresh)?;
        if let Err(error) =
            append(&file, &self.buffer).and_then(|()| fs::rename(&fresh, &self.path))
        {
            let _ = fs::remove_file(&fresh);
            return Err(error);
        }
        self.written(file);
        Ok(())
    }

    fn written(&mut self, file: File) {
        self.file = Some(file);
        self.length += self.buffer.len() as u64;
        self.rows += self.receipts.len() as u64;
    }

    /// Opens the file where its last whole row ends; what a killed run tore is cut off.
    fn open(&mut self) -> io::Result<File> {
        let file = private::options().read(true).append(true).create(true).open(&self.path)?;
        let found = file.metadata()?;
        if !found.is_file() {
            return Err(io::Error::other("is not a regular file"));
        }
        self.length = end_of_rows(&file)?;
        if self.length < found.len() {
            let torn = found.len() - self.length;
            warn!(path = %self.path.display(), bytes = torn, "cut off a row that was torn");
            file.set_len(self.length)?;
        }
        Ok(file)
    }
}

fn append(mut file: &File, rows: &[u8]) -> io::Result<()> {
    file.write_all(rows)
}

/// Where the last whole row of a file ends.
fn end_of_rows(file: &File) -> io::Result<u64> {
    let mut values = Values::new(file, Nesting::Any);
    loop {
        let begin = values.offset();
        match values.next() {
            Ok(Some(row)) if msgpack::is_map(row) => {}
            Ok(None) => return Ok(begin),
            Ok(Some(_)) | Err(Broken::Flaw(_)) => return foreign(begin),
            Err(Broken::Read(error)) => return Err(error),
        }
    }
}

fn foreign(offset: u64) -> io::Result<u64> {
    let text = format!(
        "byte {offset} begins no MessagePack map, so no row can follow it: move the file away"
    );
    Err(io::Error::new(io::ErrorKind::InvalidData, text))
}

/// Where a file grows its first rows before it takes the place of the old one.
fn fresh_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.fresh"))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
