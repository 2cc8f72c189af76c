//! Where in the text of a scenario a key stands, and which key stands at a place.

use std::{ops::Range, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Invalid, ScenarioError, check::Wrong, explain};

/// All keys of a text with their places.
pub(super) struct Places(Vec<Place>);

struct Place {
    path: String,
    key: Range<usize>,
    value: Range<usize>,
}

/// Something wrong, and at which byte.
pub(super) struct Located {
    at: usize,
    path: String,
    message: String,
}

impl Places {
    /// The keys of a text; none if it is no TOML.
    pub(super) fn of(text: &str) -> Self {
        let mut places = Vec::new();
        if let Ok(table) = DeTable::parse(text) {
            collect(table.get_ref(), "", &mut places);
        }
        Self(places)
    }

    /// What the TOML reader has found wrong.
    pub(super) fn unreadable(&self, error: &toml::de::Error) -> Located {
        let span = error.span().unwrap_or(0..0);
        let path = self.path_at(&span);
        Located {
            at: span.start,
            message: explain::toml(error.message(), path),
            path: path.to_owned(),
        }
    }

    /// Where the key stands that is wrong; the start of the file if it does not stand there.
    pub(super) fn locate(&self, Wrong { path, message }: Wrong) -> Located {
        let place = self.0.iter().find(|place| place.path == path);
        Located { at: place.map_or(0, |place| place.value.start), path, message }
    }

    fn path_at(&self, span: &Range<usize>) -> &str {
        let exact = |place: &&Place| place.key == *span || place.value == *span;
        let around = |place: &&Place| {
            place.value.start <= span.start && span.end <= place.value.end && !span.is_empty()
        };
        let innermost = || self.0.iter().filter(around).min_by_key(|place| place.value.len());
        // The first row of an array has the place of the array: the deeper one is meant.
        self.0.iter().rfind(exact).or_else(innermost).map_or("", |place| &place.path)
    }
}

impl Located {
    /// The error, with the line and the column of its byte.
    pub(super) fn invalid(self, path: &Path, text: &str) -> ScenarioError {
        let before = text.get(..self.at).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        ScenarioError::Invalid(Box::new(Invalid {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            key: self.path,
            message: self.message,
        }))
    }
}

fn collect(table: &DeTable<'_>, parent: &str, places: &mut Vec<Place>) {
    for (key, value) in table {
        let path = join(parent, key.get_ref());
        places.push(Place { path: path.clone(), key: key.span(), value: value.span() });
        collect_within(value, &path, places);
    }
}

fn collect_within(value: &Spanned<DeValue<'_>>, path: &str, places: &mut Vec<Place>) {
    if let Some(table) = value.get_ref().as_table() {
        collect(table, path, places);
    }
    for (position, element) in value.get_ref().as_array().into_iter().flatten().enumerate() {
        let path = index(path, position);
        places.push(Place { path: path.clone(), key: element.span(), value: element.span() });
        collect_within(element, &path, places);
    }
}

/// The path of a key in a table.
pub(super) fn join(parent: &str, key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let key =
        if !key.is_empty() && key.chars().all(bare) { key.to_owned() } else { format!("{key:?}") };
    if parent.is_empty() { key } else { format!("{parent}.{key}") }
}

/// The path of an element of an array.
pub(super) fn index(parent: &str, position: usize) -> String {
    format!("{parent}[{position}]")
}
