//! anoncreds-rs beside the tests: an issuer and a verifier that are not ours.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
    sync::Arc,
};

use engine::aries::anoncreds::{
    Credential, CredentialOffer, Definition, Error, Held, LinkSecret, Published, Registry,
    RevocationRegistryDefinition, RevocationStatusList,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::interop;

/// anoncreds-rs in a process of its own.
pub(crate) struct Oracle {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
    pub(crate) published: Published,
}

impl Oracle {
    pub(crate) fn start() -> Self {
        let mut command = interop::script("anoncreds_oracle.py");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (asks, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, asks, answers: BufReader::new(answers), published: Published::default() }
    }

    pub(crate) fn ask<T: DeserializeOwned>(&mut self, what: &Value) -> T {
        writeln!(self.asks, "{what}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
    }

    /// What both verifiers say of a presentation.
    pub(crate) fn is_true(&mut self, shown: &Value, request: &Value) -> bool {
        let what = json!({ "do": "verify", "presentation": shown, "request": request });
        let theirs: Value = self.ask(&what);
        let presentation = serde_json::from_value(shown.clone()).unwrap();
        let request = serde_json::from_value(request.clone()).unwrap();
        let ours = self.published.verify(&request, &presentation);
        assert_eq!(ours.is_ok(), theirs == true, "{ours:?}, and they say {theirs}");
        ours.is_ok()
    }

    pub(crate) fn update(
        &mut self,
        issued: &[u32],
        revoked: &[u32],
        timestamp: u64,
    ) -> Arc<RevocationStatusList> {
        let list: RevocationStatusList = self.ask(&json!({
            "do": "update", "issuer": 0, "issued": issued, "revoked": revoked, "timestamp": timestamp,
        }));
        self.published.lists.push(list.clone());
        Arc::new(list)
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An issuer of the oracle, as its holders see it.
pub(crate) struct Issuer {
    pub(crate) number: usize,
    pub(crate) definition: Definition,
    pub(crate) registry:
        Option<(RevocationRegistryDefinition, Registry, Arc<RevocationStatusList>)>,
}

impl Issuer {
    pub(crate) fn new(
        oracle: &mut Oracle,
        number: usize,
        ids: [&str; 4],
        attributes: &[&str],
    ) -> Self {
        let [issuer, schema, definition, registry] = ids;
        let published: Value = oracle.ask(&json!({
            "do": "new", "issuer_id": issuer, "schema_id": schema, "definition_id": definition,
            "registry_id": registry, "attributes": attributes,
        }));
        let field = |name: &str| published[name].clone();
        let keys = serde_json::from_value(field("definition")).unwrap();
        let schema = serde_json::from_value(field("schema")).unwrap();
        let definition = Definition::new(definition, &keys, schema).unwrap();
        let registry = (!registry.is_empty()).then(|| {
            let published: RevocationRegistryDefinition =
                serde_json::from_value(field("registry")).unwrap();
            let tails = fs::read(&published.value.tails_location).unwrap();
            let mut other = tails.clone();
            other[5] ^= 1;
            assert!(matches!(
                Registry::new(registry, &published, &other),
                Err(Error::Tails { .. })
            ));
            let parsed = Registry::new(registry, &published, &tails).unwrap();
            let list: RevocationStatusList = serde_json::from_value(field("list")).unwrap();
            oracle.published.lists.push(list.clone());
            oracle.published.registries.insert(registry.to_owned(), published.clone());
            (published, parsed, Arc::new(list))
        });
        oracle.published.definitions.push(definition.clone());
        Self { number, definition, registry }
    }

    pub(crate) fn issue(
        &self,
        oracle: &mut Oracle,
        secret: &LinkSecret,
        values: &Value,
        index: u32,
    ) -> Held {
        let offer: CredentialOffer = oracle.ask(&json!({ "do": "offer", "issuer": self.number }));
        let (request, kept) = self.definition.request(&offer, secret).unwrap();
        let credential: Credential = oracle.ask(&json!({
            "do": "issue", "issuer": self.number, "offer": offer, "request": request,
            "values": values, "index": index,
        }));
        let registry = self.registry.as_ref().map(|(published, ..)| published);
        let other = LinkSecret::random().unwrap();
        let stolen = self.definition.receive(credential.clone(), &kept, &other, registry);
        assert!(matches!(stolen, Err(Error::Refused { .. })), "{stolen:?}");
        let credential = self.definition.receive(credential, &kept, secret, registry).unwrap();
        let state = self.registry.as_ref().map(|(_, it, list)| it.state(index, list).unwrap());
        Held { credential, definition: self.definition.clone(), state }
    }
}
