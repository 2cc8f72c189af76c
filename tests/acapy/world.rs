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
/// Gives an agent a public DID.
const SEED: &str = "--seed 00000000000000000000000000000000";
/// What the credentials say.
const ATTRIBUTES: &str = "name = \"{label}\", city = [\"Bath\", \"York\"], age = [20, 60], \
                          birthdate = [19400101, 19991231]";
const NAMES: [&str; 4] = ["name", "city", "age", "birthdate"];
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

/// What wallets of agents know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Knows {
    /// AnonCreds, and the protocols of version 2.0.
    AnonCreds,
    /// Indy ledgers, and the protocols of version 1.0.
    Indy,
}

/// An issuer and a verifier that have no ledger but a registry of ours.
pub(crate) struct World {
    fleet: &'static Fleet,
    knows: Knows,
    pub(crate) issuer: Agent,
    pub(crate) verifier: Agent,
    registry: Sandbox,
    pub(crate) cred_def_id: String,
}

impl World {
    /// That of a fleet, which the first trial that asks for it makes.
    pub(crate) fn of(fleet: &'static Fleet) -> &'static Self {
        static WORLDS: [OnceLock<Result<World, String>>; 2] = [const { OnceLock::new() }; 2];
        let world = &WORLDS[fleet.version as usize];
        let world = world.get_or_init(|| Self::start(fleet, Knows::AnonCreds));
        world.as_ref().unwrap_or_else(|why| panic!("{why}"))
    }

    /// One of agents as they were before there was AnonCreds without Indy.
    pub(crate) fn before(fleet: &'static Fleet) -> &'static Self {
        static WORLD: OnceLock<Result<World, String>> = OnceLock::new();
        let world = WORLD.get_or_init(|| Self::start(fleet, Knows::Indy));
        world.as_ref().unwrap_or_else(|why| panic!("{why}"))
    }

    fn start(fleet: &'static Fleet, knows: Knows) -> Result<Self, String> {
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
            let order = Order::new(fleet.version, name).arguments("--preserve-exchange-records");
            let order = order.env("ENGINE_REGISTRY_URL", &registry.target("ledger"));
            match knows {
                Knows::AnonCreds => order,
                Knows::Indy => order.option("--wallet-type=askar").arguments(SEED),
            }
        };
        let [issuer, verifier] = start_all([order("credential-issuer"), order("verifier")])?;
        let cred_def_id = match knows {
            Knows::AnonCreds => define(&issuer),
            Knows::Indy => define_for_indy(&issuer),
        };
        Ok(Self { fleet, knows, issuer, verifier, registry, cred_def_id })
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
        let agent = match self.knows {
            Knows::Indy => "wallet_type = \"askar\", protocol = \"1.0\"".to_owned(),
            Knows::AnonCreds => {
                format!("wallet_type = \"askar-anoncreds\", format = \"{}\"", self.format())
            }
        };
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
    let schema = json!({ "issuerId": did, "name": "person", "version": "1.0", "attrNames": NAMES });
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
    awaits_registry(issuer, "/anoncreds/revocation/active-registry", id)
}

/// The same as wallets know it that know Indy ledgers.
fn define_for_indy(issuer: &Agent) -> String {
    let schema = json!({ "schema_name": "person", "schema_version": "1.0", "attributes": NAMES });
    let schema = issuer.admin.post("/schemas", &schema);
    let definition = json!({
        "schema_id": schema["sent"]["schema_id"], "tag": "default",
        "support_revocation": true, "revocation_registry_size": REGISTRY_SIZE,
    });
    let defined = issuer.admin.post("/credential-definitions", &definition);
    let id = &defined["sent"]["credential_definition_id"];
    awaits_registry(issuer, "/revocation/active-registry", id)
}

/// Waits until credentials of a definition can be issued, and gives its id.
fn awaits_registry(issuer: &Agent, path: &str, id: &Value) -> String {
    let id = id.as_str().unwrap().to_owned();
    let path = format!("{path}/{id}");
    let is_active = || {
        thread::sleep(Duration::from_millis(50));
        let (status, answer) = issuer.admin.ask("GET", &path, None);
        // Indy's is there before it can be used.
        let state = answer["result"]["state"].as_str();
        status == 200 && !["generated", "posted"].map(Some).contains(&state)
    };
    assert!((0..600).any(|_| is_active()), "{path}: no registry becomes active");
    id
}
