//! A file of rows without those that no longer count.

use std::{
    fs::{self, File, Metadata},
    io::{self, BufWriter, Write},
    path::Path,
};

use tempfile::NamedTempFile;

use super::{error::InspectError, index::Index};
use crate::datapool::{Fault, Format, Torn};

/// What a file was freed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compacted {
    /// Rows kept.
    pub rows: u64,
    /// Superseded rows removed.
    pub superseded: u64,
    /// The torn end removed.
    pub torn: Option<Torn>,
    /// Size of the file before.
    pub bytes_before: u64,
    /// Size of the file after.
    pub bytes_after: u64,
}

/// Rewrites a `.msgpack` file without superseded rows and a torn end.
///
/// The file is replaced at once by a whole new one of the same permissions, or not at all.
/// Rows recorded while it is rewritten would be lost, so no run may record to it meanwhile.
///
/// # Errors
/// When the file cannot be read or written, holds what is not a row, or has changed meanwhile.
pub fn compact(path: &Path) -> Result<Compacted, InspectError> {
    let at = InspectError::rows(path);
    match Format::of(path).ok_or(Fault::Format).map_err(&at)? {
        Format::MessagePack => {}
        Format::Csv => return Err(InspectError::NotMessagePack { path: path.into() }),
    }
    // A link stays a link: the file it leads to is replaced.
    let target = fs::canonicalize(path).map_err(Fault::from).map_err(&at)?;
    let file = File::open(&target).map_err(Fault::from).map_err(&at)?;
    let before = file.metadata().map_err(Fault::from).map_err(&at)?;
    let mut index = Index::of(file).map_err(&at)?;
    let (superseded, torn) = (index.superseded, index.torn);

    let rewrite = |error| InspectError::Rewrite { path: path.into(), error };
    let directory = target.parent().unwrap_or(Path::new("/"));
    let mut new = NamedTempFile::new_in(directory).map_err(rewrite)?;
    let mut compacted =
        Compacted { rows: 0, superseded, torn, bytes_before: before.len(), bytes_after: 0 };
    let mut writer = BufWriter::new(new.as_file_mut());
    while let Some(row) = index.next().map_err(&at)? {
        writer.write_all(row).map_err(rewrite)?;
        compacted.rows += 1;
        compacted.bytes_after += row.len() as u64;
    }
    writer.flush().map_err(rewrite)?;
    drop(writer);
    replace(&target, new, &before).map_err(rewrite)?;
    Ok(compacted)
}

/// Puts a new file in the place of the one that was as `before`, if it still is.
pub(super) fn replace(path: &Path, new: NamedTempFile, before: &Metadata) -> io::Result<()> {
    let now = fs::metadata(path)?;
    if (now.len(), now.modified()?) != (before.len(), before.modified()?) {
        return Err(io::Error::other(Fault::Changed));
    }
    new.as_file().set_permissions(before.permissions())?;
    new.as_file().sync_all()?;
    let directory = path.parent().unwrap_or(Path::new("/"));
    new.persist(path)?;
    // The new name survives a power cut only once its directory is on the disk.
    File::open(directory)?.sync_all()
}
