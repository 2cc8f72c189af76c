//! What is issued and revoked here is held, presented and verified by anoncreds-rs, and beside it.

use std::{collections::BTreeMap, fs, sync::Arc};

use engine::aries::anoncreds::{
    Credential, CredentialRequest, Held, Issuer, LinkSecret, Place, Registry, RegistryIssuer,
    RevocationStatusList,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{asking, oracle::Oracle, present};

/// Made by [`Issuer::create`], which may take half a minute.
const KEYS: &str = include_str!("../../src/sandbox/test_issuer_keys.json");
const SIZE: u32 = 8;

/// An issuer of ours with a registry, which anoncreds-rs was told of as its first.
struct Ours {
    issuer: Issuer,
    registrar: RegistryIssuer,
    registry: Registry,
    lists: Vec<Arc<RevocationStatusList>>,
    /// Where the tails file is for as long as it is asked for.
    _folder: TempDir,
}

impl Ours {
    fn new(oracle: &mut Oracle, keys: &str, registry_id: &str) -> Self {
        let issuer = Issuer::from_json(keys).unwrap();
        let folder = TempDir::new().unwrap();
        let location = |hash: &str| folder.path().join(hash).to_str().unwrap().to_owned();
        let (registrar, tails) =
            RegistryIssuer::create(&issuer, registry_id, "1", SIZE, location).unwrap();
        let published = registrar.published();
        fs::write(&published.value.tails_location, &tails).unwrap();
        let registry = Registry::new(registry_id, published, &tails).unwrap();
        let list = registrar.first_list(10);
        let secret: Value = serde_json::from_str(&registrar.to_json()).unwrap();
        let read: Value = oracle.ask(&json!({
            "do": "load", "schema": issuer.definition().schema(),
            "definition_id": issuer.definition().id(), "definition": issuer.published(),
            "registry_id": registry_id, "registry": published, "registry_secret": secret["secret"],
        }));
        assert_eq!(read["definition"], json!(issuer.published()));
        assert_eq!(read["registry"], json!(published));
        assert_eq!(read["list"], json!(list));
        oracle.published.definitions.push(issuer.definition().clone());
        oracle.published.registries.insert(registry_id.to_owned(), published.clone());
        oracle.published.lists.push(list.clone());
        Self { issuer, registrar, registry, lists: vec![Arc::new(list)], _folder: folder }
    }

    fn newest(&self) -> &Arc<RevocationStatusList> {
        self.lists.last().unwrap()
    }

    fn place(&self, index: u32) -> Place<'_> {
        let (issuer, registry, list) = (&self.registrar, &self.registry, self.newest());
        Place { issuer, registry, list, index }
    }

    /// Issues to a holder of anoncreds-rs.
    fn issue_there(&self, oracle: &mut Oracle, place: Option<Place<'_>>) {
        let offer = self.issuer.offer().unwrap();
        let request = json!({ "do": "request", "issuer": 0, "offer": offer });
        let request: CredentialRequest = oracle.ask(&request);
        let credential = self.issuer.issue(&offer, &request, &person(), place).unwrap();
        let receive = json!({ "do": "receive", "issuer": 0, "credential": credential });
        let index: Option<u32> = oracle.ask(&receive);
        assert_eq!(index, place.map(|place| place.index));
    }

    /// Issues to a holder of ours.
    fn issue_here(&self, secret: &LinkSecret, place: Option<Place<'_>>) -> Credential {
        let definition = self.issuer.definition();
        let offer = self.issuer.offer().unwrap();
        let (request, kept) = definition.request(&offer, secret).unwrap();
        let credential = self.issuer.issue(&offer, &request, &person(), place).unwrap();
        let registry = place.map(|_| self.registrar.published());
        definition.receive(credential, &kept, secret, registry).unwrap()
    }

    /// Revokes on both sides, which come to the same list.
    fn revoke(&mut self, oracle: &mut Oracle, indices: &[u32], timestamp: u64) {
        let list =
            self.registrar.revoke(&self.registry, self.newest(), indices, timestamp).unwrap();
        let theirs: RevocationStatusList = oracle.ask(&json!({
            "do": "update", "issuer": 0, "issued": [], "revoked": indices, "timestamp": timestamp,
        }));
        assert_eq!(theirs, list);
        oracle.published.lists.push(list.clone());
        self.lists.push(Arc::new(list));
    }
}

fn person() -> BTreeMap<String, String> {
    let values = [
        ("name", "Smith"),
        ("Given_Names ", "Alice Ann"),
        ("birthdate_dateint", "19900101"),
        ("score", "-5"),
        ("expiry", "20301231"),
        ("occupation", ""),
    ];
    values.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// The same keys by other names, those of Indy ledgers.
fn indy() -> String {
    KEYS.replace("did:web:sandbox.engine.invalid/anoncreds/v0/SCHEMA/", "DID:2:")
        .replace(
            "did:web:sandbox.engine.invalid/anoncreds/v0/CLAIM_DEF/person/1.0/",
            "DID:3:CL:12:",
        )
        .replace("did:web:sandbox.engine.invalid", "DID")
        .replace("person/1.0", "person:1.0")
        .replace("DID", "LhxRNqv1LartnYyznq8176")
}

fn asked(non_revoked: Value) -> Value {
    asking(
        &json!({
            "one": { "name": "name", "restrictions": [{ "attr::name::value": "Smith" }] },
            "group": { "names": ["given_names", "occupation"] },
            "hidden": { "name": "expiry" },
        }),
        &json!({
            "old": { "name": "birthdate_dateint", "p_type": "<=", "p_value": 20_080_101 },
            "good": { "name": "score", "p_type": ">", "p_value": -6 },
        }),
        non_revoked,
    )
}

fn shown_there(oracle: &mut Oracle, request: &Value) -> Value {
    oracle.ask(&json!({
        "do": "show", "issuer": 0, "request": request, "revealed": ["one", "group"],
        "hidden": ["hidden"], "predicates": ["old", "good"], "attested": {},
    }))
}

fn is_held_by_anoncreds_rs(keys: &str, registry: &str) {
    let mut oracle = Oracle::start();
    let mut ours = Ours::new(&mut oracle, keys, registry);
    let untimed = asked(Value::Null);
    ours.issue_there(&mut oracle, None);
    let shown = shown_there(&mut oracle, &untimed);
    assert!(oracle.is_true(&shown, &untimed));

    ours.issue_there(&mut oracle, Some(ours.place(SIZE - 1)));
    let first = asked(json!({ "from": 5, "to": 15 }));
    let shown = shown_there(&mut oracle, &first);
    assert!(oracle.is_true(&shown, &first));
    let mut forged = shown;
    forged["requested_proof"]["revealed_attrs"]["one"]["raw"] = json!("Jones");
    assert!(!oracle.is_true(&forged, &first));

    ours.revoke(&mut oracle, &[1, 3], 20);
    ours.issue_there(&mut oracle, Some(ours.place(2)));
    let later = asked(json!({ "from": 20, "to": 25 }));
    let shown = shown_there(&mut oracle, &later);
    assert!(oracle.is_true(&shown, &later));

    ours.revoke(&mut oracle, &[2, 3], 30);
    let latest = asked(json!({ "from": 30, "to": 35 }));
    let shown = shown_there(&mut oracle, &latest);
    assert!(!oracle.is_true(&shown, &latest));
}

#[test]
fn what_is_issued_here_is_held_and_presented_there() {
    is_held_by_anoncreds_rs(KEYS, "did:web:sandbox.engine.invalid/anoncreds/v0/REV_REG_DEF/1");
}

#[test]
fn what_is_issued_here_by_indys_names_is_held_and_presented_there() {
    let definition = "LhxRNqv1LartnYyznq8176:3:CL:12:test";
    let registry = format!("LhxRNqv1LartnYyznq8176:4:{definition}:CL_ACCUM:1");
    assert_eq!(Issuer::from_json(&indy()).unwrap().definition().id(), definition);
    is_held_by_anoncreds_rs(&indy(), &registry);
}

#[test]
fn what_is_issued_and_held_here_is_verified_there() {
    let mut oracle = Oracle::start();
    let mut ours = Ours::new(&mut oracle, KEYS, "did:web:sandbox.engine.invalid/registry");
    let secret = LinkSecret::random().unwrap();
    let bare = ours.issue_here(&secret, None);
    let revocable = ours.issue_here(&secret, Some(ours.place(1)));
    let verdict = |oracle: &mut Oracle, ours: &Ours, credential: &Credential, request: &Value| {
        let state = credential.index();
        let state = state.map(|index| ours.registry.state(index, ours.newest()).unwrap());
        let definition = ours.issuer.definition().clone();
        let held = [Held { credential: credential.clone(), definition, state }];
        let shown = present(request, &held, &secret, |_| {});
        oracle.is_true(&shown, request)
    };
    assert!(verdict(&mut oracle, &ours, &bare, &asked(Value::Null)));
    let now = asked(json!({ "from": 5, "to": 15 }));
    assert!(verdict(&mut oracle, &ours, &revocable, &now));
    ours.revoke(&mut oracle, &[4], 20);
    let now = asked(json!({ "from": 20, "to": 25 }));
    assert!(verdict(&mut oracle, &ours, &revocable, &now));
    ours.revoke(&mut oracle, &[1, 5, SIZE - 1], 30);
    let now = asked(json!({ "from": 30, "to": 35 }));
    assert!(!verdict(&mut oracle, &ours, &revocable, &now));
}
