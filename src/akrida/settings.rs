//! What the environment says of an agent.

use std::time::Duration;

use serde_json::Value;

use super::variables::{LEDGER, Variables};
use crate::{
    aries::{ledger, protocol::pickup::Strategy},
    quantity::shortened,
};

/// What the environment says of an agent.
pub(super) struct Settings {
    /// The mediator's invitation.
    pub(super) mediation_url: Option<String>,
    /// How others reach this machine.
    pub(super) agent_ip: Option<String>,
    pub(super) pickup: Strategy,
    /// The longest that a command may take.
    pub(super) limit: Duration,
    pub(super) ledger: Option<ledger::Settings>,
    /// The name of the ledger that Node's agent would ask.
    pub(super) indy: Option<String>,
}

/// What is wrong with a variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SettingsError {
    #[error("PICKUP_STRATEGY: there is no `{0}`, only implicit and pickupv2-live")]
    Pickup(String),
    #[error(
        "VERIFIED_TIMEOUT_SECONDS: `{0}` is no number of seconds from 0.001 to 86400, such as 60"
    )]
    Timeout(String),
    #[error("{LEDGER}: {0}")]
    Ledger(ledger::SettingsError),
}

/// What Node's agent waits if nothing is said.
const LIMIT: Duration = Duration::from_mins(2);

impl Settings {
    pub(super) fn read(variables: &Variables) -> Result<Self, SettingsError> {
        let owned = |name| variables.get(name).map(ToOwned::to_owned);
        Ok(Self {
            mediation_url: owned("MEDIATION_URL"),
            agent_ip: owned("AGENT_IP"),
            pickup: variables.get("PICKUP_STRATEGY").map_or(Ok(Strategy::Implicit), pickup)?,
            limit: variables.get("VERIFIED_TIMEOUT_SECONDS").map_or(Ok(LIMIT), limit)?,
            ledger: variables.get(LEDGER).map(ledger).transpose()?,
            indy: owned("LEDGER"),
        })
    }

    /// Why no credentials are dealt in, and what to do about it.
    pub(super) fn no_ledger(&self) -> String {
        let indy = self.indy.as_ref().map(|name| {
            format!("; this agent asks no Indy nodes, as LEDGER={} would", shortened(name))
        });
        format!(
            "no ledger is configured: set {LEDGER} or --ledger to where credential definitions are \
             read, such as {{ kind = \"indy-vdr-proxy\", url = \"https://vdr.example\" }}{}",
            indy.unwrap_or_default()
        )
    }
}

fn pickup(text: &str) -> Result<Strategy, SettingsError> {
    match text.to_lowercase().as_str() {
        "implicit" => Ok(Strategy::Implicit),
        "pickupv2-live" => Ok(Strategy::Pickup2 { live: true }),
        _ => Err(SettingsError::Pickup(shortened(text))),
    }
}

fn limit(text: &str) -> Result<Duration, SettingsError> {
    let seconds = text.parse().ok().filter(|it| (0.001..=86_400.0).contains(it));
    let seconds = seconds.ok_or_else(|| SettingsError::Timeout(shortened(text)))?;
    Ok(Duration::from_secs_f64(seconds))
}

/// A ledger as scenarios write it: a URL, or a table.
fn ledger(text: &str) -> Result<ledger::Settings, SettingsError> {
    let table = text.starts_with('{').then(|| toml::from_str::<Value>(&format!("ledger = {text}")));
    let value = match table {
        Some(Ok(mut table)) => table["ledger"].take(),
        // What is between braces may hold a token.
        Some(Err(_)) => return Err(SettingsError::Ledger(ledger::SettingsError::Form)),
        None => text.into(),
    };
    ledger::Settings::from_value(value).map_err(SettingsError::Ledger)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(all: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let owned = all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::read(&Variables::of(owned))
    }

    #[test]
    fn what_is_not_said_is_as_in_nodes_agent() {
        for nothing in [&[][..], &[("PICKUP_STRATEGY", ""), (LEDGER, " ")]] {
            let settings = read(nothing).unwrap();
            assert_eq!((settings.pickup, settings.limit), (Strategy::Implicit, LIMIT));
            assert!(settings.ledger.is_none() && settings.mediation_url.is_none());
        }
    }

    #[test]
    fn what_is_said_is_read() {
        let settings = read(&[
            ("PICKUP_STRATEGY", "PickupV2-Live"),
            ("VERIFIED_TIMEOUT_SECONDS", "0.5"),
            (LEDGER, r#"{ kind = "indy-vdr-proxy", url = "https://vdr.example" }"#),
        ])
        .unwrap();
        assert_eq!(settings.pickup, Strategy::Pickup2 { live: true });
        assert_eq!(settings.limit, Duration::from_millis(500));
        assert_eq!(settings.ledger.unwrap().identity(), "https://vdr.example:443");
        let url = read(&[(LEDGER, "http://127.0.0.1:8080/registry")]).unwrap();
        assert_eq!(url.ledger.unwrap().identity(), "http://127.0.0.1:8080/registry");
    }

    #[test]
    fn what_is_wrong_is_told_without_secrets() {
        let wrong = [
            ("PICKUP_STRATEGY", "carrier-pigeon"),
            ("VERIFIED_TIMEOUT_SECONDS", "soon"),
            ("VERIFIED_TIMEOUT_SECONDS", "-1"),
            ("VERIFIED_TIMEOUT_SECONDS", "NaN"),
            (LEDGER, r#"{ bearer = "s3cret" "#),
            (LEDGER, "ftp://registry.example"),
        ];
        let told = wrong.map(|it| read(&[it]).err().unwrap().to_string()).join("\n");
        insta::assert_snapshot!(told, @r#"
        PICKUP_STRATEGY: there is no `carrier-pigeon`, only implicit and pickupv2-live
        VERIFIED_TIMEOUT_SECONDS: `soon` is no number of seconds from 0.001 to 86400, such as 60
        VERIFIED_TIMEOUT_SECONDS: `-1` is no number of seconds from 0.001 to 86400, such as 60
        VERIFIED_TIMEOUT_SECONDS: `NaN` is no number of seconds from 0.001 to 86400, such as 60
        ENGINE_AKRIDA_LEDGER: a ledger is a URL or a table, such as `{ kind = "registry", url = "https://registry.example" }`
        ENGINE_AKRIDA_LEDGER: `url` must begin with http:// or https://; a right one is `{ kind = "registry", url = "https://registry.example" }`
        "#);
    }

    #[test]
    fn whoever_names_indy_nodes_is_told_that_they_are_not_asked() {
        let settings = read(&[("LEDGER", "candy")]).unwrap();
        insta::assert_snapshot!(settings.no_ledger(), @r#"no ledger is configured: set ENGINE_AKRIDA_LEDGER or --ledger to where credential definitions are read, such as { kind = "indy-vdr-proxy", url = "https://vdr.example" }; this agent asks no Indy nodes, as LEDGER=candy would"#);
    }
}
