//! Which systems holders were made with, and that a scenario is for the same.

use super::settings::WalletSettings;
use crate::{
    aries::{
        controller::{self, Controller},
        didcomm::invitation,
        holder::HolderRecord,
    },
    journey::Settings,
};

/// The mediator's name in `[config]`.
pub(super) const MEDIATOR: &str = "mediator";
/// Whom a holder may come to know anew: it has nothing of it.
pub(super) const VERIFIER: &str = "verifier";
/// What is known as the place at which holders without a mediator are reached.
pub(super) const ENDPOINT: &str = "endpoint";

/// Refuses a holder that was made with other systems than those of `[config]`: for
/// [`Journeys::vet`](crate::journey::Journeys::vet).
///
/// # Errors
/// Which system differs, and what to do.
pub fn made_with_these(config: &Settings, holder: &HolderRecord) -> Result<(), String> {
    for (system, made_with) in &holder.made_with {
        if system == VERIFIER {
            continue;
        }
        let now = match identity(config, system)? {
            Some(now) if now != *made_with => now,
            // Others go on writing to where nobody would listen.
            None if system == ENDPOINT => "no `listen` in `wallets`".into(),
            Some(_) | None => continue,
        };
        return Err(format!(
            "holder {} was made with the {system} {made_with}, and this scenario is for {now}; \
             provision holders for it (`engine create-data … --fresh`), or keep those of each \
             system apart (`--recorder-dir DIR`)",
            holder.id
        ));
    }
    Ok(())
}

/// Whether the verifier that a holder knows, if it knows one, is that of `[config]`.
pub(super) fn knows_verifier(config: &Settings, holder: &HolderRecord) -> Result<bool, String> {
    let now = identity(config, VERIFIER)?;
    let known = holder.made_with.get(VERIFIER);
    Ok(known.is_none() || now.is_none() || now.as_ref() == known)
}

/// Who a system of `[config]` is, told without asking it; nothing for one that is not configured.
pub(super) fn identity(config: &Settings, system: &str) -> Result<Option<String>, String> {
    if [MEDIATOR, ENDPOINT].contains(&system) {
        let settings = WalletSettings::read(config).map_err(|error| error.to_string())?;
        let mediator = settings.mediator.map(|it| invitation::identity(&it.invitation));
        return Ok(if system == MEDIATOR { mediator } else { settings.holders.reached_at() });
    }
    let Some(value) = config.get(system) else { return Ok(None) };
    controller::Settings::from_value(value.clone())
        .map(|settings| Some(Controller::new(settings).identity().to_owned()))
        .map_err(|error| format!("`{system}` in [config]: {error}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    const INVITED: &str = "http://mediator.example/invitation";

    fn vetted(made_with: [(&str, &str); 1], config: Value) -> Result<(), String> {
        let made_with = made_with.map(|(system, who)| (system.into(), who.into()));
        let holder = HolderRecord {
            id: "1".into(),
            version: 1,
            label: String::new(),
            made_with: BTreeMap::from(made_with),
            mediator: None,
            connections: Vec::new(),
            link_secret: None,
            credentials: Vec::new(),
        };
        made_with_these(&serde_json::from_value(config).unwrap(), &holder)
    }

    #[test]
    fn the_same_systems_are_known_again_and_others_are_refused() {
        let (mediator, issuer) =
            ([("mediator", INVITED)], [("issuer", "http://issuer.example:80")]);
        assert_eq!(vetted(mediator, json!({ "mediator": format!("{INVITED}?token=1") })), Ok(()));
        assert_eq!(vetted(mediator, json!({})), Ok(()), "a record may know more than is needed");
        let same = json!({ "issuer": { "url": "http://issuer.example", "api_key": "1" } });
        assert_eq!(vetted(issuer, same), Ok(()));
        insta::assert_snapshot!(
            vetted(issuer, json!({ "issuer": "http://other.example" })).unwrap_err(),
            @"holder 1 was made with the issuer http://issuer.example:80, and this scenario is for http://other.example:80; provision holders for it (`engine create-data … --fresh`), or keep those of each system apart (`--recorder-dir DIR`)"
        );
    }

    #[test]
    fn another_verifier_is_one_that_a_holder_does_not_know_yet() {
        let known = [("verifier", "http://verifier.example:80")];
        assert_eq!(vetted(known, json!({ "verifier": "http://other.example" })), Ok(()));
    }

    #[test]
    fn holders_are_of_the_place_at_which_they_are_reached() {
        let here = [("endpoint", "http://127.0.0.1:8090/")];
        assert_eq!(vetted(here, json!({ "wallets": { "listen": "127.0.0.1:8090" } })), Ok(()));
        for config in [json!({ "wallets": { "listen": "127.0.0.1:8091" } }), json!({})] {
            vetted(here, config).unwrap_err();
        }
    }
}
