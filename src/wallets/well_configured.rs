//! Whether `[config]` makes sense to wallets, told before one of them reads it.

use super::{
    credential::CredentialSettings,
    events::EventSettings,
    fingerprint::{MEDIATOR, identity},
    proof_requests::{self, ProofRequests},
    settings::WalletSettings,
    webhooks::WEBHOOKS,
};
use crate::{
    aries::{didcomm::invitation::Invitation, ledger},
    journey::Settings,
};

/// Where published documents are read.
const LEDGER: &str = "ledger";
const LEDGER_EXAMPLE: &str = "ledger = \"https://registry.example\"";
const ISSUER: &str = "issuer = \"https://issuer.example:8031\"";
const VERIFIER: &str = "verifier = \"https://verifier.example:8041\"";
/// What needs the ledger, if it is there.
const CREDENTIAL: &str = "credential";
const PROOF_REQUESTS: &str = "proof_requests";

/// Keys that may be left out: a mistyped one must not become one that was left out.
const OPTIONAL: [&str; 6] = [MEDIATOR, "wallets", LEDGER, CREDENTIAL, PROOF_REQUESTS, WEBHOOKS];

/// Refuses a `[config]` that no wallet could use: for
/// [`Journeys::needs`](crate::journey::Journeys::needs).
///
/// # Errors
/// Which key is wrong, and a right one.
pub fn well_configured(config: &Settings) -> Result<(), String> {
    let missing = OPTIONAL.into_iter().filter(|name| !config.contains_key(*name));
    for name in missing {
        if let Some(key) = config.keys().find(|key| strsim::osa_distance(key, name) == 1) {
            return Err(format!("`{key}` in [config]: did you mean `{name}`?"));
        }
    }
    let settings = WalletSettings::read(config).map_err(|error| error.to_string())?;
    if let Some(mediator) = settings.mediator {
        Invitation::read(&mediator.invitation)
            .map_err(|error| format!("`{MEDIATOR}` in [config]: {error}"))?;
    }
    for system in ["issuer", "verifier"] {
        identity(config, system)?;
    }
    EventSettings::read(config)?;
    ledger(config)?;
    CredentialSettings::read(config).map_err(|error| error.to_string())?;
    ProofRequests::read(config).map_err(|error| error.to_string())?;
    Ok(())
}

/// Refuses a `[config]` by which no wallet could be issued a credential, besides.
///
/// # Errors
/// Which key is wrong or missing, and a right one.
pub fn can_issue(config: &Settings) -> Result<(), String> {
    well_configured(config)?;
    require(config, &[("issuer", ISSUER), (LEDGER, LEDGER_EXAMPLE)])?;
    let settings = CredentialSettings::read(config).map_err(|error| error.to_string())?;
    settings.map(drop).ok_or_else(|| CredentialSettings::missing().to_string())
}

/// Refuses a `[config]` by which no wallet could present a credential, besides.
///
/// # Errors
/// Which key is wrong or missing, and a right one.
pub fn can_present(config: &Settings) -> Result<(), String> {
    can_issue(config)?;
    require(config, &[("verifier", VERIFIER), (PROOF_REQUESTS, proof_requests::EXAMPLE)])
}

/// Where published documents are read, if that is configured.
pub(super) fn ledger(config: &Settings) -> Result<Option<ledger::Settings>, String> {
    let settings = config.get(LEDGER).map(|value| ledger::Settings::from_value(value.clone()));
    settings.transpose().map_err(|error| format!("`{LEDGER}` in [config]: {error}"))
}

fn require(config: &Settings, keys: &[(&str, &str)]) -> Result<(), String> {
    let missing = keys.iter().find(|(key, _)| !config.contains_key(*key));
    missing.map_or(Ok(()), |(key, example)| {
        Err(format!("`{key}` in [config] is not set; write it like {example}"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(config: serde_json::Value) -> String {
        let config = serde_json::from_value(config).unwrap();
        well_configured(&config).err().unwrap_or_default()
    }

    #[test]
    fn what_no_wallet_could_use_is_refused_with_its_key() {
        let url = "http://127.0.0.1:8080/mediator";
        let refused = [
            json!({ "mediatr": url }),
            json!({ "wallet": { "did": "did:peer:2" } }),
            json!({ "mediator": { "invitaton": url } }),
            json!({ "mediator": "an invitation" }),
            json!({ "wallets": { "handshake": "didexchange/2.0" } }),
            json!({ "issuer": "127.0.0.1:8031" }),
            json!({ "verifier": { "kind": "tracton" } }),
        ];
        insta::assert_snapshot!(refused.map(check).join("\n"), @r#"
        `mediatr` in [config]: did you mean `mediator`?
        `wallet` in [config]: did you mean `wallets`?
        `mediator` in [config]: invitaton: unknown field `invitaton`, expected one of `invitation`, `pickup`, `websocket`, `poll`; write it like mediator = { invitation = "https://mediator.example?oob=…", pickup = "pickup-2.0-live" }
        `mediator` in [config]: `an invitation` is no invitation, which is a URL like https://agent.example.com?oob=eyJAdHlwZSI6…, JSON like {"@type": "https://didcomm.org/out-of-band/1.1/invitation", … or a DID like did:web:agent.example.com
        `wallets` in [config]: handshake: `didexchange/2.0` is no handshake; there are connections/1.0, didexchange/1.0, didexchange/1.1; write it like wallets = { handshake = "didexchange/1.1", did = "did:peer:4", answer_limit = "30s" }
        `issuer` in [config]: `url` must begin with http:// or https://; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`
        `verifier` in [config]: no controller is of kind `tracton`: did you mean `traction`?; a right one is `{ kind = "acapy", url = "https://issuer.example:8031", api_key = "…" }`
        "#);
    }

    #[test]
    fn what_may_be_left_out_may_be_left_out() {
        let public = json!({ "mediator": "did:web:mediator.example", "app_url": "sandbox" });
        for config in [json!({}), json!({ "issuers": "of another kind" }), public] {
            assert_eq!(check(config), "");
        }
    }
}
