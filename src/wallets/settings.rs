//! What `[config]` says of holders and of their mediator.

use std::{str::FromStr, time::Duration};

use serde::Deserialize;

use crate::{
    aries::{
        didcomm::{did::DidMethod, invitation::Handshake},
        holder,
        protocol::pickup::Strategy,
    },
    journey::Settings,
    quantity::{Span, Written, deserialize_written, shortened},
};

/// How holders are to behave, and by which mediator: `mediator` and `wallets` of `[config]`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct WalletSettings {
    pub(super) mediator: Option<MediatorSettings>,
    pub(super) holders: HolderSettings,
}

/// `mediator` of `[config]`: where its invitation is, and how messages are picked up.
///
/// ```toml
/// mediator = "https://mediator.example?oob=…"      # an invitation, a short URL, or a public DID
/// # or
/// [config.mediator]
/// invitation = "https://mediator.example?oob=…"
/// pickup     = "pickup-2.0-live"      # implicit | pickup-1.0 | pickup-2.0 | pickup-2.0-live
/// websocket  = "wss://mediator.example/ws"         # where the invitation does not say
/// poll       = "2s"                   # no WebSocket: ask over HTTP this often
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MediatorSettings {
    /// An invitation URL, JSON, a short URL or a public DID.
    pub invitation: String,
    /// How messages are picked up.
    pub pickup: Strategy,
    /// Where its WebSocket is, where the invitation does not say.
    pub websocket: Option<String>,
    /// Asks over HTTP this often, instead of over a WebSocket.
    pub poll: Option<Duration>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MediatorTable {
    invitation: String,
    pickup: Option<Pickup>,
    websocket: Option<String>,
    poll: Option<Span>,
}

/// `wallets` of `[config]`: how all holders behave.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct HolderSettings {
    /// `connections/1.0`, `didexchange/1.0` or `didexchange/1.1`.
    handshake: Option<WantedHandshake>,
    /// `did:peer:4`, `did:peer:2` or `unqualified`.
    did: Option<WantedMethod>,
    /// The longest wait for an answer.
    answer_limit: Option<Span>,
    /// A universal resolver for public DIDs: `https://resolver.example`, or
    /// `https://resolver.example/1.0/identifiers/{did}`.
    pub(super) resolver: Option<String>,
    /// Where this process listens for messages to all its holders: `0.0.0.0:8090`.
    pub(super) listen: Option<std::net::SocketAddr>,
    /// How others reach that: `http://load.example:8090`.
    pub(super) endpoint: Option<String>,
}

/// What is wrong with `mediator` or `wallets` in `[config]`.
#[derive(Debug, thiserror::Error)]
#[error("`{key}` in [config]: {why}; write it like {example}")]
pub struct SettingsError {
    key: &'static str,
    why: String,
    example: &'static str,
}

const MEDIATOR_EXAMPLE: &str =
    "mediator = { invitation = \"https://mediator.example?oob=…\", pickup = \"pickup-2.0-live\" }";
const LISTEN_EXAMPLE: &str =
    "wallets = { listen = \"0.0.0.0:8090\", endpoint = \"http://load.example:8090/\" }";
/// More often nobody is asked: ten thousand holders would do nothing else.
const POLL_MIN: Duration = Duration::from_millis(10);
const WALLETS_EXAMPLE: &str =
    "wallets = { handshake = \"didexchange/1.1\", did = \"did:peer:4\", answer_limit = \"30s\" }";

impl WalletSettings {
    /// Reads them.
    pub(super) fn read(config: &Settings) -> Result<Self, SettingsError> {
        let holders = match config.get("wallets") {
            None => HolderSettings::default(),
            Some(value) => read::<HolderSettings>("wallets", value, WALLETS_EXAMPLE)?.checked()?,
        };
        Ok(Self {
            mediator: config.get("mediator").map(MediatorSettings::read).transpose()?,
            holders,
        })
    }

    /// What holders are told of them.
    pub(super) fn agency(&self) -> holder::Settings {
        let default = holder::Settings::default();
        let mediator = self.mediator.as_ref();
        holder::Settings {
            handshake: self.holders.handshake.map(|it| it.0),
            did_method: self.holders.did.map_or(default.did_method, |it| it.0),
            pickup: mediator.map_or(default.pickup, |it| it.pickup),
            socket: mediator.is_none_or(|it| it.poll.is_none()),
            socket_url: mediator.and_then(|it| it.websocket.clone()),
            poll_every: mediator.and_then(|it| it.poll).unwrap_or(default.poll_every),
            answer_limit: self.holders.answer_limit.map_or(default.answer_limit, Duration::from),
            endpoint: self.holders.reached_at(),
            ..default
        }
    }
}

impl HolderSettings {
    /// Where others reach all holders, if anywhere.
    pub(super) fn reached_at(&self) -> Option<String> {
        let listen = self.listen.map(|address| format!("http://{address}/"));
        self.endpoint.clone().or(listen)
    }

    /// Refuses an address that nobody could be reached at.
    fn checked(self) -> Result<Self, SettingsError> {
        let why = match (self.listen, &self.endpoint) {
            (None, Some(_)) => "endpoint: nobody would listen there without `listen`",
            (Some(listen), None) if listen.ip().is_unspecified() => {
                "listen: others need an `endpoint` to reach it"
            }
            (Some(listen), None) if listen.port() == 0 => {
                "listen: recorded wallets are written to at its port, which must be the same each time"
            }
            (Some(_), _) | (None, None) => return Ok(self),
        };
        Err(SettingsError { key: "wallets", why: why.into(), example: LISTEN_EXAMPLE })
    }
}

impl MediatorSettings {
    fn read(value: &serde_json::Value) -> Result<Self, SettingsError> {
        if let Some(invitation) = value.as_str() {
            let (pickup, invitation) = (Strategy::Implicit, invitation.to_owned());
            return Ok(Self { invitation, pickup, websocket: None, poll: None });
        }
        let table: MediatorTable = read("mediator", value, MEDIATOR_EXAMPLE)?;
        if let Some(poll) = table.poll.filter(|it| it.0 < POLL_MIN) {
            let why = format!("poll: {poll} is less than {}", Span(POLL_MIN));
            return Err(SettingsError { key: "mediator", why, example: "poll = \"2s\"" });
        }
        Ok(Self {
            invitation: table.invitation,
            pickup: table.pickup.map_or(Strategy::Implicit, |it| it.0),
            websocket: table.websocket,
            poll: table.poll.map(Duration::from),
        })
    }
}

/// Reads a table of `[config]`; what is wrong is told with the key that it is wrong at.
fn read<'de, T: Deserialize<'de>>(
    key: &'static str,
    value: &'de serde_json::Value,
    example: &'static str,
) -> Result<T, SettingsError> {
    serde_path_to_error::deserialize(value).map_err(|error| SettingsError {
        key,
        why: error.to_string(),
        example,
    })
}

/// A handshake as `[config]` writes it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct WantedHandshake(Handshake);

impl FromStr for WantedHandshake {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "connections/1.0" => Ok(Self(Handshake::Connections1_0)),
            "didexchange/1.0" => Ok(Self(Handshake::DidExchange1_0)),
            "didexchange/1.1" => Ok(Self(Handshake::DidExchange1_1)),
            other => Err(format!(
                "`{}` is no handshake; there are connections/1.0, didexchange/1.0, didexchange/1.1",
                shortened(other)
            )),
        }
    }
}

impl Written for WantedHandshake {
    const EXAMPLE: &'static str = "didexchange/1.1";
}

deserialize_written!(WantedHandshake);

/// A DID method as `[config]` writes it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct WantedMethod(DidMethod);

impl FromStr for WantedMethod {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "did:peer:4" => Ok(Self(DidMethod::Peer4)),
            "did:peer:2" => Ok(Self(DidMethod::Peer2)),
            "unqualified" => Ok(Self(DidMethod::Unqualified)),
            other => Err(format!(
                "`{}` is no DID method; there are did:peer:4, did:peer:2, unqualified",
                shortened(other)
            )),
        }
    }
}

impl Written for WantedMethod {
    const EXAMPLE: &'static str = "did:peer:4";
}

deserialize_written!(WantedMethod);

/// A pickup strategy as `[config]` writes it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pickup(Strategy);

impl FromStr for Pickup {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|error| format!("{error}"))
    }
}

impl Written for Pickup {
    const EXAMPLE: &'static str = "pickup-2.0-live";
}

deserialize_written!(Pickup);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(holders: serde_json::Value) -> Option<String> {
        let holders: HolderSettings = serde_json::from_value(holders).unwrap();
        holders.checked().err().map(|error| error.to_string())
    }

    #[test]
    fn an_address_that_nobody_could_be_reached_at_is_refused_with_a_right_one() {
        let refused = [
            json!({ "endpoint": "http://load.example:8090/" }),
            json!({ "listen": "0.0.0.0:8090" }),
            json!({ "listen": "127.0.0.1:0" }),
        ];
        insta::assert_snapshot!(refused.map(|it| refusal(it).unwrap()).join("\n"), @r#"
        `wallets` in [config]: endpoint: nobody would listen there without `listen`; write it like wallets = { listen = "0.0.0.0:8090", endpoint = "http://load.example:8090/" }
        `wallets` in [config]: listen: others need an `endpoint` to reach it; write it like wallets = { listen = "0.0.0.0:8090", endpoint = "http://load.example:8090/" }
        `wallets` in [config]: listen: recorded wallets are written to at its port, which must be the same each time; write it like wallets = { listen = "0.0.0.0:8090", endpoint = "http://load.example:8090/" }
        "#);
        let both = json!({ "listen": "0.0.0.0:0", "endpoint": "http://load.example:8090/" });
        assert_eq!(refusal(both), None);
        assert_eq!(refusal(json!({ "listen": "127.0.0.1:8090" })), None);
    }

    #[test]
    fn nobody_is_asked_without_a_pause() {
        let polled = json!({ "invitation": "did:web:mediator.example", "poll": "0s" });
        insta::assert_snapshot!(
            MediatorSettings::read(&polled).unwrap_err(),
            @r#"`mediator` in [config]: poll: 0s is less than 10ms; write it like poll = "2s""#
        );
    }
}
