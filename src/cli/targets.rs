//! Targets that are called "sandbox": the embedded one is started and stands in for them.

use toml::Value;

use crate::{
    plan::Scenario,
    sandbox::{Admin, Sandbox, Settings, Store, Switches},
};

use super::error::CliError;

/// The value of a `[config]` key that asks for the embedded target.
const EMBEDDED: &str = "sandbox";

/// Whether anything in `[config]` asks for the embedded target.
pub(super) fn embedded(scenario: &Scenario) -> bool {
    scenario.config.values().any(asks)
}

/// Starts the embedded target if anything in `[config]` asks for it, and puts there where it is:
/// a mediator, an issuer and a verifier each have a place of their own.
pub(super) fn resolve(scenario: &mut Scenario) -> Result<Option<Sandbox>, CliError> {
    if !embedded(scenario) {
        return Ok(None);
    }
    let sandbox = Sandbox::start(Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        store: Store::Directory(scenario.sandbox.directory.clone()),
        admin: Admin::default(),
        open_registry: false,
        registry_size: scenario.sandbox.registry_size.unwrap_or(Settings::REGISTRY_SIZE),
        switches: Switches {
            delay: scenario.sandbox.delay,
            freeze: scenario.sandbox.freeze.clone(),
            failure_rate: scenario.sandbox.failure_rate,
            loss: scenario.sandbox.loss,
            close_sockets_after: scenario.sandbox.close_sockets_after,
            blind: scenario.sandbox.blind,
        },
    })?;
    for (key, value) in &mut scenario.config {
        put(value, &sandbox.target(key));
    }
    Ok(Some(sandbox))
}

/// The same scenario, as if the embedded target had been started: for reading `[config]` alone.
pub(super) fn imagined(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.config.iter_mut().for_each(|(_, value)| put(value, "http://127.0.0.1:8080"));
    scenario
}

fn asks(value: &Value) -> bool {
    match value {
        Value::String(text) => text == EMBEDDED,
        Value::Table(table) => table.values().any(asks),
        _ => false,
    }
}

/// Puts a target in the place of what asks for it, at any depth.
fn put(value: &mut Value, target: &str) {
    match value {
        Value::String(text) if text == EMBEDDED => target.clone_into(text),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| put(value, target)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The configuration after it was resolved, if that started a target.
    fn resolved(config: &str) -> Option<String> {
        let directory = tempfile::tempdir().unwrap();
        let row = "[[load]]\njourney = \"it\"\nvolume = \"1 trips by 1 users\"";
        let mut scenario = Scenario::parse(&format!("[config]\n{config}{row}"), "it.toml").unwrap();
        scenario.sandbox.directory = directory.path().to_owned();
        let url = resolve(&mut scenario).unwrap()?.url();
        Some(scenario.config.to_string().replace(&url, "URL"))
    }

    #[test]
    fn each_side_of_the_embedded_target_has_a_place_of_its_own() {
        let config = resolved(
            "app_url = \"sandbox\"\nmediator = \"sandbox\"\nlabel = \"a sandbox\"\ndepth = 3\n\
             [config.issuer]\nurl = \"sandbox\"\ninner = { url = \"sandbox\" }\napi_key = \"k\"\n\
             [config.verifier]\nurl = \"https://verifier.example\"\n\
             [config.wallets]\nresolver = \"sandbox\"\n",
        );
        insta::assert_snapshot!(config.unwrap(), @r#"
        app_url = "URL"
        depth = 3
        label = "a sandbox"
        mediator = "URL/mediator"

        [issuer]
        api_key = "k"
        url = "URL/issuer"

        [issuer.inner]
        url = "URL/issuer"

        [verifier]
        url = "https://verifier.example"

        [wallets]
        resolver = "URL"
        "#);
    }

    #[test]
    fn no_target_is_started_that_nobody_asks_for() {
        let config = "app_url = \"https://app.example\"\nall = [\"sandbox\"]\n";
        assert_eq!(resolved(config), None);
    }
}
