//! The environment variables that an agent reads.

use std::{collections::BTreeMap, env};

/// Where published documents are read; Akrida has no such variable.
pub(crate) const LEDGER: &str = "ENGINE_AKRIDA_LEDGER";

/// All that an agent reads.
const NAMES: [&str; 6] =
    ["MEDIATION_URL", "PICKUP_STRATEGY", "VERIFIED_TIMEOUT_SECONDS", "AGENT_IP", "LEDGER", LEDGER];

/// Environment variables that an agent reads; they may hold secrets.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Variables(BTreeMap<String, String>);

impl Variables {
    /// Those of this process.
    pub(crate) fn of_process() -> Self {
        Self::of(NAMES.into_iter().filter_map(|name| Some((name.to_owned(), env::var(name).ok()?))))
    }

    /// Those of all that agents read; what is empty is not set, as compose files write it.
    pub(super) fn of(all: impl IntoIterator<Item = (String, String)>) -> Self {
        let read = all
            .into_iter()
            .filter(|(name, value)| NAMES.contains(&name.as_str()) && !value.trim().is_empty());
        Self(read.collect())
    }

    /// The same with another ledger, if one is said.
    #[must_use]
    pub(crate) fn with_ledger(mut self, ledger: Option<String>) -> Self {
        self.0.extend(Self::of(ledger.map(|ledger| (LEDGER.to_owned(), ledger))).0);
        self
    }

    /// These, and the others' where these say nothing.
    #[must_use]
    pub(super) fn or(mut self, others: &Self) -> Self {
        for (name, value) in &others.0 {
            self.0.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim())
    }

    /// As a line that [`read`](Self::read) reads.
    pub(super) fn line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(&self.0).expect("texts by texts are JSON");
        line.push(b'\n');
        line
    }

    /// Reads a line; none if it is no object of texts.
    pub(super) fn read(line: &str) -> Option<Self> {
        let all: BTreeMap<String, String> = serde_json::from_str(line).ok()?;
        Some(Self::of(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_ledger_is_none_and_leaves_the_others() {
        let said = |ledger: &str| Variables::default().with_ledger(Some(ledger.to_owned()));
        assert_eq!(said("").get(LEDGER), None);
        assert_eq!(said(" ").or(&said("http://a.example")).get(LEDGER), Some("http://a.example"));
    }
}
