//! What an agent is told to do: a line, and what it means.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::quantity::shortened;

/// What is read of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Command {
    Start(Start),
    Errand(Errand),
    Shutdown,
}

/// What an agent that has started is told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Errand {
    PingMediator,
    ReceiveInvitation(String),
    ReceiveInvitationConnectionDid(String),
    DeleteOobRecordById(String),
    ReceiveCredential,
    PresentationExchange,
    ReceiveMessage,
}

/// How an agent is to start.
#[derive(Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Start {
    /// Whether a mediator takes its messages in.
    #[serde(default)]
    pub(super) with_mediation: Option<bool>,
    /// Where it listens if none does.
    #[serde(default)]
    pub(super) port: Option<u16>,
    /// What an earlier start answered, to be the same agent again.
    #[serde(default)]
    pub(super) agent_config: Value,
}

impl fmt::Debug for Start {
    // Whoever has an `agentConfig` is the agent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { with_mediation, port, .. } = self;
        let mut start = f.debug_struct("Start");
        start.field("with_mediation", with_mediation).field("port", port).finish_non_exhaustive()
    }
}

/// Why a line is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CommandError {
    #[error("Invalid command: the line is no JSON object, such as {{\"cmd\": \"ping_mediator\"}}")]
    NotAnObject,
    #[error("Invalid command: `{name}`; there are {}", NAMES.join(", "))]
    Unknown { name: String },
    #[error("Invalid command: {name}: {why}")]
    Argument { name: &'static str, why: String },
}

const NAMES: [&str; 9] = [
    "start",
    "ping_mediator",
    "receiveInvitation",
    "receiveInvitationConnectionDid",
    "deleteOobRecordById",
    "receiveCredential",
    "presentationExchange",
    "receiveMessage",
    "shutdown",
];

impl Command {
    /// Reads a line; what it says besides is passed over.
    pub(super) fn parse(line: &str) -> Result<Self, CommandError> {
        let fields: Map<String, Value> =
            serde_json::from_str(line).map_err(|_| CommandError::NotAnObject)?;
        let name = fields.get("cmd").and_then(Value::as_str).unwrap_or_default();
        let text = |name, key| text(&fields, name, key);
        let errand = match name {
            "start" => return start(fields).map(Self::Start),
            "shutdown" => return Ok(Self::Shutdown),
            "ping_mediator" => Errand::PingMediator,
            "receiveInvitation" => Errand::ReceiveInvitation(text(NAMES[2], "invitationUrl")?),
            "receiveInvitationConnectionDid" => {
                Errand::ReceiveInvitationConnectionDid(text(NAMES[3], "invitationUrl")?)
            }
            "deleteOobRecordById" => Errand::DeleteOobRecordById(text(NAMES[4], "id")?),
            "receiveCredential" => Errand::ReceiveCredential,
            "presentationExchange" => Errand::PresentationExchange,
            "receiveMessage" => Errand::ReceiveMessage,
            other => return Err(CommandError::Unknown { name: shortened(other) }),
        };
        Ok(Self::Errand(errand))
    }
}

fn start(fields: Map<String, Value>) -> Result<Start, CommandError> {
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        let why = match error.path().to_string().as_str() {
            "withMediation" => "`withMediation` must be true or false",
            "port" => "`port` must be a number from 0 to 65535",
            _ => "its arguments are not understood",
        };
        CommandError::Argument { name: "start", why: why.to_owned() }
    })
}

fn text(
    fields: &Map<String, Value>,
    name: &'static str,
    key: &str,
) -> Result<String, CommandError> {
    let text = fields.get(key).and_then(Value::as_str);
    text.map(ToOwned::to_owned)
        .ok_or_else(|| CommandError::Argument { name, why: format!("`{key}` must be a text") })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn refusal(line: &str) -> String {
        Command::parse(line).unwrap_err().to_string()
    }

    #[test]
    fn what_akrida_writes_is_read() {
        let start =
            r#"{"cmd": "start", "withMediation": true, "port": 10000, "agentConfig": null}"#;
        let started =
            Start { with_mediation: Some(true), port: Some(10_000), agent_config: Value::Null };
        assert_eq!(Command::parse(start), Ok(Command::Start(started)));
        assert_eq!(Command::parse(r#"{"cmd": "shutdown"}"#), Ok(Command::Shutdown));
        let url = || "https://a.example?oob=e30".to_owned();
        let all = [
            (json!({ "cmd": "ping_mediator" }), Errand::PingMediator),
            (
                json!({ "cmd": "receiveInvitation", "invitationUrl": url() }),
                Errand::ReceiveInvitation(url()),
            ),
            (
                json!({ "cmd": "receiveInvitationConnectionDid", "invitationUrl": url() }),
                Errand::ReceiveInvitationConnectionDid(url()),
            ),
            (
                json!({ "cmd": "deleteOobRecordById", "id": "7" }),
                Errand::DeleteOobRecordById("7".into()),
            ),
            (json!({ "cmd": "receiveCredential" }), Errand::ReceiveCredential),
            (json!({ "cmd": "presentationExchange" }), Errand::PresentationExchange),
            (json!({ "cmd": "receiveMessage" }), Errand::ReceiveMessage),
        ];
        for (line, errand) in all {
            assert_eq!(Command::parse(&line.to_string()), Ok(Command::Errand(errand)));
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let lines = [
            "no JSON",
            "[]",
            "{}",
            r#"{"cmd": "fly"}"#,
            r#"{"cmd": "receiveInvitation"}"#,
            r#"{"cmd": "start", "withMediation": "yes"}"#,
            r#"{"cmd": "start", "port": 70000}"#,
        ];
        insta::assert_snapshot!(lines.map(refusal).join("\n"), @r#"
        Invalid command: the line is no JSON object, such as {"cmd": "ping_mediator"}
        Invalid command: the line is no JSON object, such as {"cmd": "ping_mediator"}
        Invalid command: ``; there are start, ping_mediator, receiveInvitation, receiveInvitationConnectionDid, deleteOobRecordById, receiveCredential, presentationExchange, receiveMessage, shutdown
        Invalid command: `fly`; there are start, ping_mediator, receiveInvitation, receiveInvitationConnectionDid, deleteOobRecordById, receiveCredential, presentationExchange, receiveMessage, shutdown
        Invalid command: receiveInvitation: `invitationUrl` must be a text
        Invalid command: start: `withMediation` must be true or false
        Invalid command: start: `port` must be a number from 0 to 65535
        "#);
    }

    #[test]
    fn a_wallet_that_is_sent_back_is_not_shown() {
        let line = r#"{"cmd": "start", "agentConfig": {"record": "s3cret"}}"#;
        let shown = format!("{:?}", Command::parse(line));
        assert_eq!(shown, "Ok(Start(Start { with_mediation: None, port: None, .. }))");
    }

    #[test]
    fn a_long_name_is_not_repeated() {
        let line = json!({ "cmd": "x".repeat(100_000) }).to_string();
        assert!(refusal(&line).len() < 500);
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in ".{0,200}") {
            let _ = Command::parse(&line);
        }
    }
}
