//! A file of rows at a glance.

use std::{
    collections::HashMap,
    fmt,
    fs::File,
    path::{Path, PathBuf},
};

use super::index::Index;
use crate::{
    datapool::{CsvRow, Fault, Format, RowsError, Torn, encode, json, table::Table},
    msgpack::{self, Head, Walk},
};

/// Names of fields that are told apart; a hostile file may have millions.
pub(super) const FIELDS_MAX: usize = 256;

/// A file of rows at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The file.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
    /// Its size.
    pub bytes: u64,
    /// Rows that a pool would lend.
    pub rows: u64,
    /// Rows left out because one with the same `id` comes after them.
    pub superseded: u64,
    /// The end of the file, if it was cut off inside a record.
    pub torn: Option<Torn>,
    /// The fields of all rows, in the order in which they first appear; the first few hundred.
    pub fields: Vec<Field>,
    /// The first row as JSON, cut short, with what looks secret masked.
    pub first: Option<String>,
}

/// A field that some rows have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The types of its values, and how many rows have each.
    pub types: Vec<(&'static str, u64)>,
}

/// Summarizes a `.msgpack` or `.csv` file.
///
/// # Errors
/// When the file cannot be read, or holds what is not a row; it tells which record.
pub fn show(path: &Path) -> Result<Summary, RowsError> {
    let at = RowsError::of(path);
    let format = Format::of(path).ok_or(Fault::Format).map_err(&at)?;
    let file = File::open(path).map_err(Fault::from).map_err(&at)?;
    let bytes = file.metadata().map_err(Fault::from).map_err(&at)?.len();
    let mut summary = Summary {
        path: path.into(),
        format,
        bytes,
        rows: 0,
        superseded: 0,
        torn: None,
        fields: Vec::new(),
        first: None,
    };
    match format {
        Format::MessagePack => summary.add_records(file),
        Format::Csv => summary.add_table(file),
    }
    .map_err(at)?;
    Ok(summary)
}

impl Summary {
    fn add_records(&mut self, file: File) -> Result<(), Fault> {
        let mut index = Index::of(file)?;
        (self.superseded, self.torn) = (index.superseded, index.torn);
        let mut fields = Fields::default();
        while let Some(map) = index.next()? {
            self.rows += 1;
            self.first.get_or_insert_with(|| json::glance(map));
            fields.count_map(map);
        }
        self.fields = fields.list;
        Ok(())
    }

    fn add_table(&mut self, file: File) -> Result<(), Fault> {
        let mut table = Table::new(file)?;
        let mut fields = Fields::default();
        while let Some((_, row)) = table.next()? {
            self.rows += 1;
            self.first.get_or_insert_with(|| glance_csv(&row));
            fields.count_csv(&row);
        }
        self.fields = fields.list;
        Ok(())
    }
}

fn glance_csv(row: &CsvRow) -> String {
    encode::map(row).map_or_else(|unfit| unfit.to_string(), |map| json::glance(&map))
}

#[derive(Default)]
struct Fields {
    list: Vec<Field>,
    places: HashMap<String, usize>,
}

impl Fields {
    fn count_map(&mut self, map: &[u8]) -> Option<()> {
        let mut walk = Walk::over(map);
        let (Head::Map(pairs), _) = walk.step()? else { return None };
        for _ in 0..pairs {
            let key = walk.value()?;
            let value = walk.value()?;
            let name = match Walk::over(key).step()? {
                (Head::Str(_), name) => String::from_utf8_lossy(name).into_owned(),
                _ => json::glance(key),
            };
            self.count(&name, msgpack::kind(*value.first()?));
        }
        Some(())
    }

    fn count_csv(&mut self, row: &CsvRow) {
        for (name, text) in row.fields() {
            self.count(name, if text.is_empty() { "nothing" } else { "text" });
        }
    }

    fn count(&mut self, name: &str, kind: &'static str) {
        let place = self.places.get(name).copied().or_else(|| self.add(name));
        let Some(types) = place.map(|place| &mut self.list[place].types) else { return };
        match types.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => types.push((kind, 1)),
        }
    }

    fn add(&mut self, name: &str) -> Option<usize> {
        let place = self.list.len();
        (place < FIELDS_MAX).then(|| {
            self.list.push(Field { name: name.into(), types: Vec::new() });
            self.places.insert(name.into(), place);
            place
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MessagePack => "MessagePack",
            Self::Csv => "CSV",
        })
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "file        {}", self.path.display())?;
        writeln!(f, "format      {}", self.format)?;
        writeln!(f, "bytes       {}", self.bytes)?;
        writeln!(f, "rows        {}", self.rows)?;
        if self.superseded > 0 {
            writeln!(f, "superseded  {}", self.superseded)?;
        }
        if let Some(Torn { offset, bytes }) = self.torn {
            writeln!(f, "torn        {bytes} bytes at offset {offset}")?;
        }
        for field in &self.fields {
            writeln!(f, "field       {field}")?;
        }
        if self.fields.len() == FIELDS_MAX {
            writeln!(f, "field       (others are not listed)")?;
        }
        self.first.iter().try_for_each(|row| writeln!(f, "first row   {row}"))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name from a file must not move the cursor of a terminal.
        write!(f, "{}", self.name.escape_debug())?;
        let mut before = ":";
        for (kind, count) in &self.types {
            let noun = ["a ", "an "].into_iter().find_map(|article| kind.strip_prefix(article));
            write!(f, "{before} {count} {}", noun.unwrap_or(kind))?;
            before = ",";
        }
        Ok(())
    }
}
