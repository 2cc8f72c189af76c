//! Values of `[config]` from outside the file, and what may stand in free tables.

use thiserror::Error;
use toml::{Table, Value, map::Entry};

use super::{check::Wrong, place};
use crate::quantity::shortened;

/// A value of `[config]` that cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// A key with nothing before, between or after its dots.
    #[error("`{0}` is no config key, which is written like `issuer` or `verifier.url`")]
    Key(String),
    /// A key that reaches into something else than a table.
    #[error(
        "cannot set `{key}`: `{parent}` in [config] is no table; write `-e '{right}'`, or the same in the file"
    )]
    NoTable {
        /// The key as given.
        key: String,
        /// The part of it that stands in the way.
        parent: String,
        /// A table in its place.
        right: String,
    },
    /// A value that begins as a table does, and is none.
    #[error(
        "cannot set `{key}`: what begins with {{ is a table, such as `-e '{key}={{ url = \"…\", api_key = \"…\" }}'`, or JSON: {reason}"
    )]
    Value {
        /// The key as given.
        key: String,
        /// What is wrong with the table; never a part of it.
        reason: String,
    },
    /// A key that names a table.
    #[error("cannot set `{key}`: it is a table in [config]; name a value in it, as in `{key}.url`")]
    Table {
        /// The key as given.
        key: String,
    },
}

/// Sets a value; dots reach into tables, which are made where there are none, and a table takes the
/// place of whatever stood there.
pub(super) fn set(config: &mut Table, key: &str, text: &str) -> Result<(), ConfigError> {
    if key.split('.').any(str::is_empty) {
        return Err(ConfigError::Key(shortened(key)));
    }
    let mut table = config;
    let mut rest = key;
    while let Some((name, after)) = rest.split_once('.') {
        let parent = &key[..key.len() - after.len() - 1];
        let inner = table.entry(name).or_insert_with(|| Value::Table(Table::new()));
        table = inner.as_table_mut().ok_or_else(|| ConfigError::NoTable {
            key: shortened(key),
            parent: shortened(parent),
            right: shortened(&in_place_of(parent, after)),
        })?;
        rest = after;
    }
    let inline = inline_table(text).map_err(|reason| {
        let key = shortened(key);
        ConfigError::Value { key, reason }
    })?;
    if let Some(inline) = inline {
        table.insert(rest.to_owned(), Value::Table(inline));
        return Ok(());
    }
    match table.entry(rest) {
        Entry::Vacant(vacant) => {
            vacant.insert(Value::String(text.to_owned()));
        }
        Entry::Occupied(occupied) if occupied.get().is_table() => {
            return Err(ConfigError::Table { key: shortened(key) });
        }
        Entry::Occupied(mut occupied) => {
            let value = like(occupied.get(), text);
            occupied.insert(value);
        }
    }
    Ok(())
}

/// `parent={ url = "…", name = "…" }`: a text is short for a table with what it says and no more.
fn in_place_of(parent: &str, name: &str) -> String {
    let short_for = if parent == "mediator" { "invitation" } else { "url" };
    let first = if name == short_for { String::new() } else { format!("{short_for} = \"…\", ") };
    format!("{parent}={{ {first}{name} = \"…\" }}")
}

/// The text as an inline table, if it begins as one and is not JSON, which stays text.
fn inline_table(text: &str) -> Result<Option<Table>, String> {
    if !text.trim_start().starts_with('{') {
        return Ok(None);
    }
    match text.trim().parse() {
        Ok(Value::Table(table)) => {
            // A value may be a secret: what is wrong is told without it.
            check_plain(&table, "").map_err(|wrong| {
                format!("`{}` is a date or no finite number", shortened(&wrong.path))
            })?;
            Ok(Some(table))
        }
        Err(_) if serde_json::from_str::<serde_json::Map<_, _>>(text).is_ok() => Ok(None),
        Ok(_) => Err("it is another value".to_owned()),
        Err(error) => Err(error.message().lines().collect::<Vec<_>>().join(", ")),
    }
}

/// The text as a value of the present one's type if it can be one, else as a string.
fn like(present: &Value, text: &str) -> Value {
    let integer = || text.parse().ok().map(Value::Integer);
    let float = || text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float);
    let value = match present {
        Value::Integer(_) => integer().or_else(float),
        Value::Float(_) => float(),
        Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
        Value::String(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => None,
    };
    value.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Refuses what has no counterpart in the languages that journeys and messages are written in.
pub(super) fn check_plain(table: &Table, path: &str) -> Result<(), Wrong> {
    table.iter().try_for_each(|(key, value)| check_value(value, &place::join(path, key)))
}

fn check_value(value: &Value, path: &str) -> Result<(), Wrong> {
    match value {
        Value::Datetime(date) => {
            Err(Wrong::new(path, format!("a date is written as text, such as \"{date}\"")))
        }
        Value::Float(number) if !number.is_finite() => {
            Err(Wrong::new(path, format!("{number} is no number to reckon with, such as 1.5")))
        }
        Value::Array(values) => values
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| check_value(value, &place::index(path, index))),
        Value::Table(table) => check_plain(table, path),
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => Ok(()),
    }
}
