//! A row as it is encoded, and its decoding to the type a journey wants.

use std::{fmt, sync::Arc};

use csv::StringRecord;
use rmp_serde::decode;
use serde::{Serialize, Serializer, de::DeserializeOwned};

use super::{fault::Misfit, id, secret};
use crate::msgpack::{self, Head, Walk};

/// A row in the form it was read in; it takes little more memory than it took in its file.
#[derive(Clone, PartialEq)]
pub enum Row {
    /// A MessagePack map.
    MessagePack(Arc<[u8]>),
    /// A line of a CSV file.
    Csv(Box<CsvRow>),
}

/// A line of a CSV file, with the names of its columns.
#[derive(Clone, PartialEq)]
pub struct CsvRow {
    header: Arc<StringRecord>,
    /// All fields, with nothing between them.
    text: Box<str>,
    /// Where in `text` each field ends.
    ends: Box<[u32]>,
}

impl Row {
    /// Decodes the row.
    ///
    /// # Errors
    /// When the row does not fit `R`; it tells which field is at fault.
    pub fn decode<R: DeserializeOwned>(&self) -> Result<R, Misfit> {
        match self {
            Self::MessagePack(map) => {
                rmp_serde::from_slice(map).map_err(|_| misfit_of_map::<R>(map))
            }
            Self::Csv(row) => {
                let decoded = row.record().deserialize(Some(&row.header));
                decoded.map_err(|error| misfit_of_record(row, &error))
            }
        }
    }

    /// Returns the row's top-level field `id` as it is encoded; rows from CSV have none.
    pub(super) fn id(&self) -> Option<&[u8]> {
        match self {
            Self::MessagePack(map) => id::of(map),
            Self::Csv(_) => None,
        }
    }

    /// Names the row's fields, in its order.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        match self {
            Self::MessagePack(map) => names(map).unwrap_or_default(),
            Self::Csv(row) => row.names(),
        }
    }
}

impl Serialize for CsvRow {
    /// Writes a map of text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.fields())
    }
}

impl CsvRow {
    pub(super) fn new(record: &StringRecord, header: &Arc<StringRecord>) -> Self {
        let mut end = 0_u32;
        let ends = record.iter().map(|field| {
            // A record is far smaller than 4 GiB: its reader sees to that.
            end = end.saturating_add(u32::try_from(field.len()).unwrap_or(u32::MAX));
            end
        });
        let ends = ends.collect();
        Self { header: header.clone(), text: record.iter().collect::<String>().into(), ends }
    }

    /// Lists the fields with the names of their columns.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let fields = starts.zip(&self.ends).map(|(start, &end)| start as usize..end as usize);
        self.header.iter().zip(fields.map(|field| &self.text[field]))
    }

    fn names(&self) -> Vec<String> {
        self.header.iter().map(Into::into).collect()
    }

    fn record(&self) -> StringRecord {
        self.fields().map(|(_, field)| field).collect()
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The content may be somebody's keys.
        match self {
            Self::MessagePack(map) => write!(f, "MessagePack({} bytes)", map.len()),
            Self::Csv(row) => row.fmt(f),
        }
    }
}

impl fmt::Debug for CsvRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Csv({} bytes)", self.text.len())
    }
}

fn names(map: &[u8]) -> Option<Vec<String>> {
    let mut walk = Walk::over(map);
    let (Head::Map(pairs), _) = walk.step()? else { return None };
    let mut names = Vec::new();
    for _ in 0..pairs {
        if let (Head::Str(_), name) = Walk::over(walk.value()?).step()? {
            names.push(String::from_utf8_lossy(name).into_owned());
        }
        walk.value()?;
    }
    Some(names)
}

/// Decodes a map a second time, slower, to learn which field is at fault.
fn misfit_of_map<R: DeserializeOwned>(map: &[u8]) -> Misfit {
    let mut decoder = rmp_serde::Deserializer::from_read_ref(map);
    let Err(error) = serde_path_to_error::deserialize::<_, R>(&mut decoder) else {
        return Misfit::new(None, "does not fit".into(), Vec::new());
    };
    let problem = match error.inner() {
        decode::Error::TypeMismatch(marker) => {
            format!("{} does not fit here", msgpack::kind(marker.to_u8()))
        }
        decode::Error::OutOfRange => "the number is out of range".into(),
        other => other.to_string(),
    };
    let path = error.path();
    let field = path.iter().next().is_some().then(|| path.to_string());
    Misfit::new(field, problem, names(map).unwrap_or_default())
}

/// Explains by the error alone: only a number that cannot be parsed tells its column.
fn misfit_of_record(row: &CsvRow, error: &csv::Error) -> Misfit {
    let csv::ErrorKind::Deserialize { err, .. } = error.kind() else {
        return Misfit::new(None, error.to_string(), row.names());
    };
    let column = err.field().and_then(|column| usize::try_from(column).ok());
    let field = column.and_then(|column| row.header.get(column)).map(Into::into);
    Misfit::new(field, err.kind().to_string(), row.names())
}

impl Misfit {
    fn new(field: Option<String>, problem: String, fields: Vec<String>) -> Self {
        let problem = match &field {
            // A message may quote the value it found.
            Some(field) if secret::looks_secret(field) => {
                "its value does not fit (not shown: it looks secret)".into()
            }
            _ => problem,
        };
        Self { field, problem, fields }
    }
}
