//! Whose data a journey uses, as a scenario says it.

use std::{path::PathBuf, str::FromStr, time::Duration};

use serde::Deserialize;

use crate::quantity::{Span, Written, deserialize_written, shortened};

/// A datapool: `[datapool.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Keys")]
pub struct Datapool {
    /// The file its rows are in, relative to the current directory.
    pub source: PathBuf,
    /// Whether a row comes back.
    pub mode: Mode,
    /// What is done when no row is free.
    pub on_empty: OnEmpty,
}

/// Whether a row comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A row is lent again when it has been given back.
    #[default]
    Recycle,
    /// A row is lent once in a run.
    Once,
}

/// What is done when no row is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnEmpty {
    /// An arrival waits so long, and is dropped after that.
    Wait(Duration),
    /// The row of the scenario ends.
    Stop,
    /// The run fails.
    Fail,
}

impl FromStr for OnEmpty {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["stop"] => Ok(Self::Stop),
            ["fail"] => Ok(Self::Fail),
            ["wait", lasts] => match lasts.parse() {
                Ok(Span(lasts)) => Ok(Self::Wait(lasts)),
                Err(error) => Err(error.to_string()),
            },
            _ => Err(format!("`{}` is none of `wait 5s`, `stop` and `fail`", shortened(text))),
        }
    }
}

impl Written for OnEmpty {
    const EXAMPLE: &'static str = "wait 5s";
}

deserialize_written!(OnEmpty);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "datapool")]
struct Keys {
    source: PathBuf,
    #[serde(default)]
    mode: Mode,
    on_empty: Option<OnEmpty>,
}

impl From<Keys> for Datapool {
    fn from(Keys { source, mode, on_empty }: Keys) -> Self {
        let on_empty = on_empty.unwrap_or(match mode {
            Mode::Recycle => OnEmpty::Wait(Duration::from_secs(5)),
            Mode::Once => OnEmpty::Stop,
        });
        Self { source, mode, on_empty }
    }
}
