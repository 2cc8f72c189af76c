//! Claims about issuance: what is asked for is issued, received, kept and presented.

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use anoncreds_clsignatures as cl;
use sha2::{Digest, Sha256};

use super::*;

/// How many credentials the registry has place for.
pub(super) const SIZE: u32 = 12;

/// An issuer of revocable credentials.
pub(super) struct Desk {
    pub(super) definition: Definition,
    pub(super) keys: CredentialDefinition,
    private: cl::CredentialPrivateKey,
    key_proof: Value,
    registry_definition: RevocationRegistryDefinition,
    registry_key: cl::RevocationKeyPrivate,
    pub(super) registry: Registry,
    /// Nothing is revoked in it.
    pub(super) list: Arc<RevocationStatusList>,
}

pub(super) fn desk() -> &'static Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(Desk::open)
}

impl Desk {
    fn open() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
        let keys = fs::read(folder.join("anoncreds_keys.json")).unwrap();
        let mut keys: Value = serde_json::from_slice(&keys).unwrap();
        let mut keys = keys["did:webvh:QmScid:host%3A8080:issuer1"].take();
        let schema = json!({
            "name": "person", "version": "1.0", "issuerId": "issuer",
            "attrNames": ["name", "Full Name", "age", "born"],
        });
        let private = serde_json::from_value(keys["private"]["value"].take()).unwrap();
        let key_proof = keys["key_proof"].take();
        let keys: CredentialDefinition = serde_json::from_value(keys["definition"].take()).unwrap();
        let schema = serde_json::from_value(schema).unwrap();
        let definition = Definition::new("definition", &keys, schema).unwrap();

        let key = &definition.parsed().key;
        let (public, registry_key, state, mut generator) =
            cl::Issuer::new_revocation_registry_def(key, SIZE, true).unwrap();
        let mut tails = vec![0, 2];
        while let Some(tail) = generator.try_next().unwrap() {
            tails.extend(tail.to_bytes().unwrap());
        }
        let registry_definition: RevocationRegistryDefinition = serde_json::from_value(json!({
            "issuerId": "issuer", "revocDefType": "CL_ACCUM", "tag": "1",
            "credDefId": "definition",
            "value": {
                "maxCredNum": SIZE, "publicKeys": { "accumKey": public },
                "tailsHash": bs58::encode(Sha256::digest(&tails)).into_string(),
                "tailsLocation": "https://tails.example",
            },
        }))
        .unwrap();
        let registry = Registry::new("registry", &registry_definition, &tails).unwrap();
        let list = Arc::new(RevocationStatusList {
            rev_reg_def_id: Some("registry".into()),
            issuer_id: "issuer".into(),
            revocation_list: (0..SIZE).map(|_| false).collect(),
            accumulator: Some(Numbers(state.accum)),
            timestamp: Some(10),
        });
        Self {
            definition,
            keys,
            private,
            key_proof,
            registry_definition,
            registry_key,
            registry,
            list,
        }
    }

    pub(super) fn offer(&self) -> CredentialOffer {
        CredentialOffer {
            schema_id: self.keys.schema_id.clone(),
            cred_def_id: "definition".into(),
            key_correctness_proof: serde_json::from_value(self.key_proof.clone()).unwrap(),
            nonce: Nonce::random().unwrap(),
        }
    }

    /// The accumulator of a list in which these are revoked.
    pub(super) fn accumulator(&self, revoked: &HashSet<u32>) -> cl::Accumulator {
        let mut registry = self.list.accumulator.as_ref().unwrap().0.into();
        let (none, revoked) = ([].into(), revoked.iter().copied().collect());
        let (public, private) = (&self.definition.parsed().key, &self.registry_key);
        cl::Issuer::update_revocation_registry(&mut registry, SIZE, none, revoked, public, private)
            .unwrap();
        registry.accum
    }

    /// Issues and receives a credential.
    pub(super) fn issue(&self, secret: &LinkSecret, index: u32) -> Credential {
        let offer = self.offer();
        let (request, kept) = self.definition.request(&offer, secret).unwrap();
        let values: BTreeMap<String, AttributeValue> =
            [("name", "Alice"), ("Full Name", "Alice Smith"), ("age", "30"), ("born", "-5")]
                .map(|(name, raw)| {
                    (name, AttributeValue { raw: raw.into(), encoded: encoded(raw) })
                })
                .map(|(name, value)| (name.to_owned(), value))
                .into();
        let mut known = cl::Issuer::new_credential_values_builder().unwrap();
        for (name, value) in &values {
            known.add_dec_known(&marker(name), &value.encoded).unwrap();
        }
        let mut state = cl::RevocationRegistry::from(self.list.accumulator.as_ref().unwrap().0);
        let (signature, proof, witness, _) = cl::Issuer::sign_credential_with_revoc(
            request.entropy.as_ref().unwrap(),
            &request.blinded_ms.0,
            &request.blinded_ms_correctness_proof.0,
            &offer.nonce.0,
            &request.nonce.0,
            &known.finalize().unwrap(),
            &self.definition.parsed().key,
            &self.private,
            index,
            SIZE,
            true,
            &mut state,
            &self.registry_key,
        )
        .unwrap();
        let credential = Credential {
            schema_id: self.keys.schema_id.clone(),
            cred_def_id: "definition".into(),
            rev_reg_id: Some("registry".into()),
            values,
            signature: Numbers(signature),
            signature_correctness_proof: Some(Numbers(proof)),
            rev_reg: Some(Numbers(state)),
            witness: Some(Numbers(witness)),
        };
        let registry = Some(&self.registry_definition);
        self.definition.receive(credential, &kept, secret, registry).unwrap()
    }

    /// Whether a presentation of the credential with this list is true.
    pub(super) fn proves(
        &self,
        credential: Credential,
        secret: &LinkSecret,
        state: RevocationState,
        list: &RevocationStatusList,
    ) -> bool {
        let request: PresentationRequest = serde_json::from_value(json!({
            "name": "proof", "version": "1.0", "nonce": Nonce::random().unwrap(),
            "requested_attributes": { "name": { "name": "name" } },
            "requested_predicates": {},
            "non_revoked": { "from": 0, "to": 100 },
        }))
        .unwrap();
        let held = [Held { credential, definition: self.definition.clone(), state: Some(state) }];
        let choice = Choice::first_fit(&request, &held).unwrap();
        let prepared = Prepared::new(&request, &choice, &held, secret).unwrap();
        let shown = prepared.finish(&request.nonce).unwrap();
        let published = Published {
            definitions: vec![self.definition.clone()],
            registries: [("registry".to_owned(), self.registry_definition.clone())].into(),
            lists: vec![list.clone()],
        };
        published.verify(&request, &shown).is_ok()
    }
}

#[test]
fn every_holder_gets_what_it_asks_for_and_presents_it_after_it_was_kept() {
    let desk = desk();
    for index in [1, SIZE] {
        let secret = LinkSecret::random().unwrap();
        let credential = desk.issue(&secret, index);
        let bytes = rmp_serde::to_vec_named(&Kept::new(&credential).unwrap()).unwrap();
        let kept: Kept = rmp_serde::from_slice(&bytes).unwrap();
        let state = desk.registry.state(index, &desk.list).unwrap();
        assert!(desk.proves(kept.credential().unwrap(), &secret, state.clone(), &desk.list));
        let other = LinkSecret::random().unwrap();
        assert!(!desk.proves(kept.credential().unwrap(), &other, state, &desk.list));
    }
}

#[test]
fn a_credential_without_the_proof_of_its_signature_is_not_received() {
    let (desk, secret) = (desk(), LinkSecret::random().unwrap());
    let mut credential = desk.issue(&secret, 2);
    let (_, kept) = desk.definition.request(&desk.offer(), &secret).unwrap();
    credential.rev_reg = Some(Numbers(desk.list.accumulator.as_ref().unwrap().0.into()));
    credential.signature_correctness_proof = None;
    let registry = Some(&desk.registry_definition);
    let refused = desk.definition.receive(credential, &kept, &secret, registry).unwrap_err();
    assert_eq!(refused.to_string(), "the credential has no `signature_correctness_proof`");
}
