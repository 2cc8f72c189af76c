//! What issuers are asked to issue, as `[config.credential]` says it.

use std::collections::BTreeMap;

use rand::{RngExt, seq::IndexedRandom};
use serde::Deserialize;

use super::settings::{SettingsError, read};
use crate::journey::{Context, Settings};

const KEY: &str = "credential";
const EXAMPLE: &str = "credential = { attributes = { name = \"{label}\", score = [50, 100], occupation = [\"nurse\", \"smith\"] } }";
/// Stands for what a holder calls itself.
const LABEL: &str = "{label}";

/// `credential` of `[config]`: the attributes that holders' credentials are to have.
///
/// ```toml
/// [config.credential]
/// attributes = { name = "{label}", score = [50, 100], occupation = ["nurse", "smith"] }
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialSettings {
    attributes: BTreeMap<String, Wanted>,
}

/// What an attribute is to be.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(
    untagged,
    expecting = "a text, a number, two numbers for any between them, or texts for any of them"
)]
enum Wanted {
    Text(String),
    Number(i64),
    /// Any number of these two and those between them.
    Between(i64, i64),
    /// Any of these.
    Any(Vec<String>),
}

impl CredentialSettings {
    /// Reads them; `None` if there are none.
    pub(super) fn read(config: &Settings) -> Result<Option<Self>, SettingsError> {
        let Some(value) = config.get(KEY) else { return Ok(None) };
        let settings: Self = read(KEY, value, EXAMPLE)?;
        match settings.attributes.iter().find(|(_, wanted)| wanted.is_impossible()) {
            Some((name, _)) => {
                let why = format!("attributes.{name}: nothing is among these");
                Err(SettingsError::new(KEY, why, EXAMPLE))
            }
            None => Ok(Some(settings)),
        }
    }

    /// What to say where there are none and they are needed.
    pub(super) fn missing() -> SettingsError {
        SettingsError::new(KEY, "is not set".into(), EXAMPLE)
    }

    /// The attributes of one credential, by the trip's dice.
    pub(super) fn attributes(&self, ctx: &Context, label: &str) -> Vec<(String, String)> {
        let mut dice = ctx.rng();
        let attributes = self.attributes.iter();
        attributes
            .map(|(name, wanted)| {
                let value = match wanted {
                    Wanted::Text(text) => text.replace(LABEL, label),
                    Wanted::Number(number) => number.to_string(),
                    Wanted::Between(least, most) => dice.random_range(*least..=*most).to_string(),
                    Wanted::Any(texts) => texts
                        .choose(&mut *dice)
                        .map(|it| it.replace(LABEL, label))
                        .unwrap_or_default(),
                };
                (name.clone(), value)
            })
            .collect()
    }
}

impl Wanted {
    fn is_impossible(&self) -> bool {
        match self {
            Self::Text(_) | Self::Number(_) => false,
            Self::Between(least, most) => least > most,
            Self::Any(texts) => texts.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refusal(credential: &Value) -> String {
        let config = serde_json::from_value(json!({ "credential": credential })).unwrap();
        CredentialSettings::read(&config).unwrap_err().to_string()
    }

    #[test]
    fn what_no_attribute_can_be_is_refused_with_its_name() {
        let refused = [
            json!({ "attributes": { "score": [100, 50] } }),
            json!({ "attributes": { "occupation": [] } }),
            json!({ "attribute": {} }),
        ];
        insta::assert_snapshot!(refused.map(|it| refusal(&it)).join("\n"), @r#"
        `credential` in [config]: attributes.score: nothing is among these; write it like credential = { attributes = { name = "{label}", score = [50, 100], occupation = ["nurse", "smith"] } }
        `credential` in [config]: attributes.occupation: nothing is among these; write it like credential = { attributes = { name = "{label}", score = [50, 100], occupation = ["nurse", "smith"] } }
        `credential` in [config]: attribute: unknown field `attribute`, expected `attributes`; write it like credential = { attributes = { name = "{label}", score = [50, 100], occupation = ["nurse", "smith"] } }
        "#);
    }
}
