//! Who issues and verifies in the trials of one release, and where it is published.

use std::{sync::OnceLock, thread, time::Duration};

use engine::sandbox::{Admin, Sandbox, Settings, Store, Switches};
use serde_json::{Value, json};

use crate::{
    agents::{Agent, Order, Version, start_all},
    fleet::Fleet,
    mediators::through,
    runs::Wallets,
};

/// How many credentials a revocation registry is for; its tails have 25 KB.
const REGISTRY_SIZE: u32 = 100;
/// What the credentials say.
const ATTRIBUTES: &str = "name = \"{label}\", city = [\"Bath\", \"York\"], age = [20, 60], \
                          birthdate = [19400101, 19991231]";
/// What the verifier asks. Nobody has a credential of `stranger`, and nobody is as old as `elder`.
const PROOF_REQUESTS: &str = r#"
[config.proof_requests]
adult = '''{ "name": "adult", "version": "1.0",
  "requested_attributes": { "who": { "names": ["name", "city"], "restrictions": [{ "cred_def_id": "{cred_def_id}" }] } },
  "requested_predicates": { "age": { "name": "age", "p_type": ">=", "p_value": 18, "restrictions": [{ "cred_def_id": "{cred_def_id}" }] } },
  "non_revoked": { "to": "{now}" } }'''
today = '''{ "name": "today", "version": "1.0",
  "requested_attributes": {
    "name": { "name": "name", "restrictions": [{ "cred_def_id": "{cred_def_id}" }] },
    "city": { "name": "city", "restrictions": [{ "cred_def_id": "{cred_def_id}" }], "non_revoked": { "from": "{now}", "to": "{now}" } } },
  "requested_predicates": {
    "old": { "name": "age", "p_type": ">", "p_value": 19, "restrictions": [{ "cred_def_id": "{cred_def_id}" }] },
    "born": { "name": "birthdate", "p_type": "<=", "p_value": 19991231, "restrictions": [{ "cred_def_id": "{cred_def_id}" }] } },
  "non_revoked": { "from": "{now}", "to": "{now}" } }'''
ever = '''{ "name": "ever", "version": "1.0",
  "requested_attributes": { "name": { "name": "name", "restrictions": [{ "cred_def_id": "{cred_def_id}" }] } },
  "requested_predicates": { "born": { "name": "birthdate", "p_type": "<", "p_value": 20000101, "restrictions": [] } } }'''
stranger = '''{ "name": "stranger", "version": "1.0",
  "requested_attributes": { "name": { "name": "name", "restrictions": [{ "cred_def_id": "WgWxqztrNooG92RXvxSTWv:3:CL:12:default" }] } },
  "requested_predicates": {} }'''
elder = '''{ "name": "elder", "version": "1.0",
  "requested_attributes": {},
  "requested_predicates": { "age": { "name": "age", "p_type": ">=", "p_value": 61, "restrictions": [{ "cred_def_id": "{cred_def_id}" }] } } }'''
"#;

/// An issuer and a verifier that have no ledger but a registry of ours.
pub(crate) struct World {
    fleet: &'static Fleet,
    pub(crate) issuer: Agent,
    pub(crate) verifier: Agent,
    registry: Sandbox,
    pub(crate) cred_def_id: String,
}

impl World {
    /// That of a fleet, which the first trial that asks for it makes.
    pub(crate) fn of(fleet: &'static Fleet) -> &'static Self {
        static WORLDS: [OnceLock<Result<World, String>>; 2] = [const { OnceLock::new() }; 2];
        let world = WORLDS[fleet.version as usize].get_or_init(|| Self::start(fleet));
        world.as_ref().unwrap_or_else(|why| panic!("{why}"))
    }

    fn start(fleet: &'static Fleet) -> Result<Self, String> {
        let registry = Sandbox::start(Settings {
            listen: ([127, 0, 0, 1], 0).into(),
            store: Store::Memory,
            switches: Switches::default(),
            admin: Admin::default(),
            registry_size: Settings::REGISTRY_SIZE,
            open_registry: true,
        });
        let registry = registry.map_err(|error| error.to_string())?;
        let order = |name| {
            let url = registry.target("ledger");
            Order::new(fleet.version, name).env("ENGINE_REGISTRY_URL", &url)
        };
        let keep = "--preserve-exchange-records";
        let orders = ["credential-issuer", "verifier"].map(|name| order(name).arguments(keep));
        let [issuer, verifier] = start_all(orders)?;
        let cred_def_id = define(&issuer);
        Ok(Self { fleet, issuer, verifier, registry, cred_def_id })
    }

    /// What the release calls the format of its credentials.
    pub(crate) fn format(&self) -> &'static str {
        match self.fleet.version {
            Version::V0_12_8 => "indy",
            Version::V1_7_0 => "anoncreds",
        }
    }

    /// Where the issuer publishes.
    pub(crate) fn ledger(&self) -> String {
        self.registry.target("ledger")
    }

    /// Wallets of this world with the fleet's mediator; `notify` is how they are told of revocations.
    pub(crate) fn wallets(&self, notify: &str) -> Wallets {
        self.wallets_that_read(&format!("\"{}\"", self.ledger()), notify)
    }

    /// Wallets that read elsewhere what is published.
    pub(crate) fn wallets_that_read(&self, ledger: &str, notify: &str) -> Wallets {
        let format = self.format();
        let agent = format!("wallet_type = \"askar-anoncreds\", format = \"{format}\"");
        let [issuer, verifier] = [&self.issuer, &self.verifier].map(|it| it.admin.controller());
        let mediator = through(&self.fleet.mediator, "");
        Wallets::of(&format!(
            "{mediator}\nledger = {ledger}\nverifier = {{ {verifier}, {agent} }}\n\
             issuer = {{ {issuer}, {agent}, publish = \"batch\", notify = \"{notify}\" }}\n\
             [config.credential]\nattributes = {{ {ATTRIBUTES} }}\n{PROOF_REQUESTS}"
        ))
    }

    /// Two such wallets, each of which has a credential.
    pub(crate) fn holders(&self) -> Wallets {
        let wallets = self.wallets("1.0");
        wallets.create(2, 1).done(2);
        wallets
    }

    /// How many connections with these wallets the mediator, the issuer and the verifier have.
    pub(crate) fn connections(&self, wallets: &Wallets) -> [usize; 3] {
        let labels: Vec<_> = wallets.recorded().into_iter().map(|it| it.label).collect();
        [&self.fleet.mediator, &self.issuer, &self.verifier].map(|agent| {
            let all = agent.admin.get("/connections?limit=1000");
            let theirs = |it: &&Value| labels.iter().any(|label| it["their_label"] == **label);
            all["results"].as_array().unwrap().iter().filter(theirs).count()
        })
    }

    /// What the issuer calls the credentials that it has issued to these wallets.
    pub(crate) fn issued(&self, wallets: &Wallets) -> Vec<String> {
        let all = wallets.connection_ids().into_iter().flat_map(|id| {
            let path = format!("/issue-credential-2.0/records?limit=1000&connection_id={id}");
            self.issuer.admin.get(&path)["results"].as_array().unwrap().clone()
        });
        let record = |it: Value| {
            let record = &it["cred_ex_record"];
            let state = record["state"].as_str().unwrap();
            // 1.7.0 does not say there what has become of a credential.
            assert!(["done", "credential-revoked"].contains(&state), "{state}");
            record["cred_ex_id"].as_str().unwrap().to_owned()
        };
        all.map(record).collect()
    }
}

/// Publishes a schema and a credential definition with a revocation registry, and gives its id.
fn define(issuer: &Agent) -> String {
    let key = json!({ "method": "sov", "options": { "key_type": "ed25519" } });
    let did = &issuer.admin.post("/wallet/did/create", &key)["result"]["did"];
    let names = ["name", "city", "age", "birthdate"];
    let schema = json!({ "issuerId": did, "name": "person", "version": "1.0", "attrNames": names });
    let schema = issuer.admin.post("/anoncreds/schema", &json!({ "schema": schema }));
    let definition = json!({
        "issuerId": did, "schemaId": schema["schema_state"]["schema_id"], "tag": "default"
    });
    // One release reads the one size, and one the other.
    let options = json!({
        "support_revocation": true,
        "revocation_registry_size": REGISTRY_SIZE,
        "max_cred_num": REGISTRY_SIZE,
    });
    let order = json!({ "credential_definition": definition, "options": options });
    let defined = issuer.admin.post("/anoncreds/credential-definition", &order);
    let id = &defined["credential_definition_state"]["credential_definition_id"];
    let id = id.as_str().unwrap().to_owned();
    let path = format!("/anoncreds/revocation/active-registry/{id}");
    let is_active = || {
        thread::sleep(Duration::from_millis(50));
        issuer.admin.ask("GET", &path, None).0 == 200
    };
    assert!((0..600).any(|_| is_active()), "{path}: no registry becomes active");
    id
}
