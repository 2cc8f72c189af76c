//! Targets that are called "sandbox": the embedded one is started and stands in for them.

use crate::{
    plan::Scenario,
    sandbox::{Admin, Sandbox, Settings, Store, Switches},
};

use super::error::CliError;

/// The value of a `[config]` key that asks for the embedded target.
const EMBEDDED: &str = "sandbox";

/// Whether any key of `[config]` asks for the embedded target.
pub(super) fn embedded(scenario: &Scenario) -> bool {
    scenario.config.values().any(|it| it.as_str() == Some(EMBEDDED))
}

/// Starts the embedded target if any key of `[config]` asks for it, and puts its URL there.
pub(super) fn resolve(scenario: &mut Scenario) -> Result<Option<Sandbox>, CliError> {
    let mut wanted: Vec<_> = scenario
        .config
        .iter_mut()
        .map(|(_, value)| value)
        .filter(|it| it.as_str() == Some(EMBEDDED))
        .collect();
    if wanted.is_empty() {
        return Ok(None);
    }
    let sandbox = Sandbox::start(Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        store: Store::Directory(scenario.sandbox.directory.clone()),
        switches: Switches {
            delay: scenario.sandbox.delay,
            freeze: scenario.sandbox.freeze.clone(),
            failure_rate: scenario.sandbox.failure_rate,
            ..Switches::default()
        },
        admin: Admin::default(),
    })?;
    for value in &mut wanted {
        **value = toml::Value::String(sandbox.url());
    }
    Ok(Some(sandbox))
}
