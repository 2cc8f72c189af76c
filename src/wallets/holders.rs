//! What `[config]` says of all holders: how they shake hands, and where they are reached.

use std::{num::NonZeroUsize, str::FromStr, thread, time::Duration};

use serde::Deserialize;

use super::settings::SettingsError;
use crate::{
    aries::{
        didcomm::{did::DidMethod, invitation::Handshake},
        holder,
    },
    quantity::{Span, Written, deserialize_written, shortened},
};

const LISTEN_EXAMPLE: &str =
    "wallets = { listen = \"0.0.0.0:8090\", endpoint = \"http://load.example:8090/\" }";

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
    /// How many threads compute proofs and credentials; as many as the machine has cores.
    compute_threads: Option<NonZeroUsize>,
    /// A universal resolver for public DIDs: `https://resolver.example`, or
    /// `https://resolver.example/1.0/identifiers/{did}`.
    pub(super) resolver: Option<String>,
    /// Where this process listens for messages to all its holders: `0.0.0.0:8090`.
    pub(super) listen: Option<std::net::SocketAddr>,
    /// How others reach that: `http://load.example:8090`.
    pub(super) endpoint: Option<String>,
}

impl HolderSettings {
    /// Where others reach all holders, if anywhere.
    pub(super) fn reached_at(&self) -> Option<String> {
        let listen = self.listen.map(|address| format!("http://{address}/"));
        self.endpoint.clone().or(listen)
    }

    /// What holders are told of them, beside of how they come by messages.
    pub(super) fn agency(&self) -> holder::Settings {
        let default = holder::Settings::default();
        holder::Settings {
            handshake: self.handshake.map(|it| it.0),
            did_method: self.did.map_or(default.did_method, |it| it.0),
            answer_limit: self.answer_limit.map_or(default.answer_limit, Duration::from),
            endpoint: self.reached_at(),
            ..default
        }
    }

    /// How many threads compute proofs and credentials.
    pub(super) fn compute_threads(&self) -> NonZeroUsize {
        let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.compute_threads.unwrap_or_else(cores)
    }

    /// Refuses an address that nobody could be reached at.
    pub(super) fn checked(self) -> Result<Self, SettingsError> {
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
        Err(SettingsError::new("wallets", why.into(), LISTEN_EXAMPLE))
    }
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
}
