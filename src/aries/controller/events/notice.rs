//! Reading what an agent sends: frames of its WebSocket, and webhooks.

use serde::Deserialize;

use super::course::{Record, Sighting};

/// Whose events are taken where an agent has many wallets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Those of whichever wallet: its tenant alone sends them.
    Anybodys,
    /// Those of the agent's own wallet, which has no id.
    TheAgents,
    /// Those of the wallet of this id.
    Wallet(String),
}

impl Whose {
    fn takes(&self, wallet: Option<&str>) -> bool {
        match self {
            Self::Anybodys => true,
            Self::TheAgents => wallet.is_none(),
            Self::Wallet(id) => wallet == Some(id),
        }
    }
}

/// What an agent sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Whether it tells us everything: the first that it says over a WebSocket.
    Settings {
        /// Whether it knows us.
        authenticated: bool,
    },
    /// Something became of an exchange.
    Sighting(Sighting),
    /// Anything else, such as that it still lives.
    Other,
}

/// What an agent sends cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an event that cannot be read: {0}")]
pub struct Unreadable(String);

impl Notice {
    /// Reads a frame of the WebSocket of ACA-Py's admin API.
    ///
    /// # Errors
    /// It is none.
    pub fn of_frame(frame: &[u8], whose: &Whose) -> Result<Self, Unreadable> {
        #[derive(Deserialize)]
        struct Topic {
            topic: String,
            wallet_id: Option<String>,
        }
        #[derive(Deserialize)]
        struct Settings {
            #[serde(default)]
            authenticated: bool,
        }
        #[derive(Deserialize)]
        struct Of<T> {
            payload: T,
        }

        let Topic { topic, wallet_id } = read(frame)?;
        if topic == "settings" {
            let Of { payload: Settings { authenticated } } = read(frame)?;
            return Ok(Self::Settings { authenticated });
        }
        if !is_of_exchanges(&topic) || !whose.takes(wallet_id.as_deref()) {
            return Ok(Self::Other);
        }
        let Of { payload } = read::<Of<Record>>(frame)?;
        Ok(payload.sighting(&topic).map_or(Self::Other, Self::Sighting))
    }

    /// Reads the body of a webhook of a topic; `wallet` is its `x-wallet-id`.
    ///
    /// # Errors
    /// It is none.
    pub fn of_hook(
        topic: &str,
        wallet: Option<&str>,
        body: &[u8],
        whose: &Whose,
    ) -> Result<Self, Unreadable> {
        if !is_of_exchanges(topic) || !whose.takes(wallet) {
            return Ok(Self::Other);
        }
        Ok(read::<Record>(body)?.sighting(topic).map_or(Self::Other, Self::Sighting))
    }
}

/// Others are many, and not read.
fn is_of_exchanges(topic: &str) -> bool {
    const TOPICS: [&str; 5] = [
        "connections",
        "issue_credential",
        "issue_credential_v2_0",
        "present_proof",
        "present_proof_v2_0",
    ];
    TOPICS.contains(&topic)
}

fn read<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(json)
        .map_err(|error| Unreadable(crate::quantity::shortened(&error.to_string())))
}
