//! What `[config]` says of holders and of their mediator.

use std::{str::FromStr, time::Duration};

use serde::Deserialize;

use super::holders::HolderSettings;
use crate::{
    aries::{holder, protocol::pickup::Strategy},
    journey::Settings,
    quantity::{Span, Written, deserialize_written},
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

/// What is wrong with `mediator` or `wallets` in `[config]`.
#[derive(Debug, thiserror::Error)]
#[error("`{key}` in [config]: {why}; write it like {example}")]
pub struct SettingsError {
    key: &'static str,
    why: String,
    example: &'static str,
}

impl SettingsError {
    pub(super) fn new(key: &'static str, why: String, example: &'static str) -> Self {
        Self { key, why, example }
    }
}

const MEDIATOR_EXAMPLE: &str =
    "mediator = { invitation = \"https://mediator.example?oob=…\", pickup = \"pickup-2.0-live\" }";
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
        let default = self.holders.agency();
        let mediator = self.mediator.as_ref();
        holder::Settings {
            pickup: mediator.map_or(default.pickup, |it| it.pickup),
            socket: mediator.is_none_or(|it| it.poll.is_none()),
            socket_url: mediator.and_then(|it| it.websocket.clone()),
            poll_every: mediator.and_then(|it| it.poll).unwrap_or(default.poll_every),
            ..default
        }
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
pub(super) fn read<'de, T: Deserialize<'de>>(
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

    #[test]
    fn nobody_is_asked_without_a_pause() {
        let polled = json!({ "invitation": "did:web:mediator.example", "poll": "0s" });
        insta::assert_snapshot!(
            MediatorSettings::read(&polled).unwrap_err(),
            @r#"`mediator` in [config]: poll: 0s is less than 10ms; write it like poll = "2s""#
        );
    }
}
