//! What is wrong with rows, and where.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::records::{NESTING_MAX, RECORD_BYTES_MAX};

/// Why the rows of a file cannot be had.
#[derive(Debug, Error)]
#[error("cannot read rows from {}: {fault}", path.display())]
pub struct RowsError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a file of rows.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Fault {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Its name says neither MessagePack nor CSV.
    #[error("its name must end in `.msgpack` or `.csv`, such as `people.csv`")]
    Format,
    /// It changed between two looks at it.
    #[error("it changed meanwhile; try again when no run records to it")]
    Changed,
    /// A CSV file has no header line.
    #[error("line 1: a header line must name the columns, such as `username,password`")]
    NoHeader,
    /// Two columns have one name.
    #[error("line 1: two columns are named `{0}`; each needs a name of its own")]
    TwiceNamed(String),
    /// A CSV line has too few or too many fields.
    #[error("{place}: has {found} fields where the header line names {expected}")]
    FieldCount {
        /// Which record.
        place: Place,
        /// Fields it has.
        found: usize,
        /// Fields the header line names.
        expected: usize,
    },
    /// A CSV field is not text.
    #[error("{place}: field `{field}`: is not UTF-8; the file must be saved as UTF-8")]
    NotUtf8 {
        /// Which record.
        place: Place,
        /// Name of its column.
        field: String,
    },
    /// A record is a value other than a map.
    #[error("{place}: is {found}, but each row must be a map such as {{\"username\": \"ann\"}}")]
    NotAMap {
        /// Which record.
        place: Place,
        /// What it is instead.
        found: &'static str,
    },
    /// A record holds a byte that begins no MessagePack value.
    #[error("{place}: byte 0xc1 at offset {at} is not MessagePack; the file is damaged there")]
    Damaged {
        /// Which record.
        place: Place,
        /// Bytes before it in the file.
        at: u64,
    },
    /// A record is larger than any row should be.
    #[error("{place}: is larger than {} MiB", RECORD_BYTES_MAX >> 20)]
    TooLarge {
        /// Which record.
        place: Place,
    },
    /// A record is nested deeper than any row should be.
    #[error("{place}: is nested deeper than {NESTING_MAX} levels")]
    TooDeep {
        /// Which record.
        place: Place,
    },
    /// A record does not fit the type of row that a journey wants.
    #[error("{place}: {misfit}")]
    Misfit {
        /// Which record.
        place: Place,
        /// What does not fit.
        misfit: Misfit,
    },
}

/// Where a row was found; records count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a MessagePack file, this many bytes from its start.
    Offset {
        /// Number of the record.
        record: u32,
        /// Bytes before it in the file.
        offset: u64,
    },
    /// In a CSV file, on this line.
    Line {
        /// Number of the record.
        record: u32,
        /// Number of the line it begins on, from 1.
        line: u64,
    },
    /// In no file: made or changed in this process.
    Memory {
        /// Number of the row in its pool.
        record: u32,
    },
}

/// Why a row does not fit a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The field at fault, where one can be told.
    pub field: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// The fields the row has.
    pub fields: Vec<String>,
}

impl RowsError {
    pub(super) fn of(path: &Path) -> impl Fn(Fault) -> Self + '_ {
        |fault| Self { path: path.to_path_buf(), fault }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offset { record, offset } => write!(f, "record {record} (offset {offset})"),
            Self::Line { record, line } => write!(f, "record {record} (line {line})"),
            Self::Memory { record } => write!(f, "row {record} (in memory)"),
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Names shown of a row that may have thousands.
        const SHOWN: usize = 12;
        if let Some(field) = &self.field {
            return write!(f, "field `{field}`: {}", self.problem);
        }
        f.write_str(&self.problem)?;
        let mut before = "; the row has";
        for name in self.fields.iter().take(SHOWN) {
            write!(f, "{before} `{name}`")?;
            before = ",";
        }
        if self.fields.len() > SHOWN {
            write!(f, " and {} more", self.fields.len() - SHOWN)?;
        }
        Ok(())
    }
}
