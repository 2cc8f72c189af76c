//! What an agent answers: one line for each command.

use serde::Serialize;
use serde_json::Value;

/// An answer; what `start` answers is the whole wallet.
#[derive(Serialize)]
pub(super) struct Reply {
    /// 0, or 1 for a command that failed.
    error: u8,
    result: Value,
    /// The connection that an invitation has led to.
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<Value>,
}

impl Reply {
    pub(super) fn done(result: impl Into<Value>) -> Self {
        Self { error: 0, result: result.into(), connection: None }
    }

    pub(super) fn connected(result: &str, connection: Value) -> Self {
        Self { connection: Some(connection), ..Self::done(result) }
    }

    pub(super) fn failed(why: impl Into<String>) -> Self {
        Self { error: 1, ..Self::done(why.into()) }
    }

    /// The line, with its end.
    pub(super) fn line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).expect("an answer has texts for keys");
        line.push(b'\n');
        line
    }
}
