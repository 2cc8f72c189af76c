//! An issuer to ask for credentials.

use std::{
    collections::{BTreeMap, HashSet},
    error::Error,
    sync::Arc,
};

use anoncreds_clsignatures as cl;
use engine::aries::anoncreds::{
    self, AttributeValue, Credential, CredentialDefinition, CredentialOffer, CredentialRequest,
    Definition, LinkSecret, Nonce, Registry, RequestMetadata, RevocationRegistryDefinition,
    RevocationStatusList, encoded, marker,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const KEYS: &str = include_str!("../../tests/interop/anoncreds_keys.json");
const ISSUER: &str = "did:webvh:QmScid:host%3A8080:issuer1";
const REGISTRY: &str = "did:webvh:QmScid:host%3A8080:issuer1/resources/registry";

pub(crate) type Done<T> = Result<T, Box<dyn Error>>;

/// The issuer of the tests' keys, with a registry in which nothing is revoked.
pub(crate) struct Desk {
    pub(crate) definition: Definition,
    private: cl::CredentialPrivateKey,
    key: cl::CredentialPublicKey,
    key_proof: Value,
    pub(crate) size: u32,
    pub(crate) registry: Registry,
    registry_definition: RevocationRegistryDefinition,
    registry_key: cl::RevocationKeyPrivate,
    accumulator: cl::RevocationRegistry,
    pub(crate) list: Arc<RevocationStatusList>,
}

impl Desk {
    pub(crate) fn open(size: u32) -> Done<Self> {
        let mut keys = serde_json::from_str::<Value>(KEYS)?[ISSUER].take();
        let (private, key_proof) = (keys["private"]["value"].take(), keys["key_proof"].take());
        let primary: cl::CredentialPrimaryPublicKey =
            numbers(&keys["definition"]["value"]["primary"])?;
        let revocation: cl::CredentialRevocationPublicKey =
            numbers(&keys["definition"]["value"]["revocation"])?;
        let key = done(cl::CredentialPublicKey::build_from_parts(&primary, Some(&revocation)))?;
        let published: CredentialDefinition = serde_json::from_value(keys["definition"].take())?;
        let schema = serde_json::from_value(json!({
            "name": "person", "version": "1.0", "issuerId": ISSUER,
            "attrNames": ["name", "Full Name", "age", "born"],
        }))?;
        let definition = Definition::new(&format!("{ISSUER}/definition"), &published, schema)?;

        let (public, registry_key, accumulator, mut generator) =
            done(cl::Issuer::new_revocation_registry_def(&key, size, true))?;
        let mut tails = vec![0, 2];
        while let Some(tail) = done(generator.try_next())? {
            tails.extend(done(tail.to_bytes())?);
        }
        let registry_definition = serde_json::from_value(json!({
            "issuerId": ISSUER, "revocDefType": "CL_ACCUM", "tag": "1",
            "credDefId": definition.id(),
            "value": {
                "maxCredNum": size, "publicKeys": { "accumKey": public },
                "tailsHash": bs58::encode(Sha256::digest(&tails)).into_string(),
                "tailsLocation": "https://tails.example",
            },
        }))?;
        let registry = Registry::new(REGISTRY, &registry_definition, &tails)?;
        let list = list(&accumulator, &HashSet::new(), size)?;
        let private = serde_json::from_value(private)?;
        Ok(Self {
            definition,
            private,
            key,
            key_proof,
            size,
            registry,
            registry_definition,
            registry_key,
            accumulator,
            list,
        })
    }

    pub(crate) fn offer(&self) -> Done<CredentialOffer> {
        Ok(serde_json::from_value(json!({
            "schema_id": format!("{ISSUER}/resources/schema"),
            "cred_def_id": self.definition.id(),
            "key_correctness_proof": self.key_proof,
            "nonce": Nonce::random()?,
        }))?)
    }

    pub(crate) fn issue(
        &self,
        offer: &CredentialOffer,
        request: &CredentialRequest,
    ) -> Done<Credential> {
        let raw = [("name", "Alice"), ("Full Name", "Alice Smith"), ("age", "30"), ("born", "-5")];
        let mut known = done(cl::Issuer::new_credential_values_builder())?;
        let mut values = BTreeMap::new();
        for (name, raw) in raw {
            done(known.add_dec_known(&marker(name), &encoded(raw)))?;
            values.insert(name, AttributeValue { raw: raw.to_owned(), encoded: encoded(raw) });
        }
        let mut accumulator = self.accumulator.clone();
        let (signature, proof, witness, _) = done(cl::Issuer::sign_credential_with_revoc(
            request.entropy.as_deref().unwrap_or_default(),
            &numbers(&request.blinded_ms)?,
            &numbers(&request.blinded_ms_correctness_proof)?,
            &numbers(&offer.nonce)?,
            &numbers(&request.nonce)?,
            &done(known.finalize())?,
            &self.key,
            &self.private,
            1,
            self.size,
            true,
            &mut accumulator,
            &self.registry_key,
        ))?;
        Ok(serde_json::from_value(json!({
            "schema_id": offer.schema_id, "cred_def_id": offer.cred_def_id, "rev_reg_id": REGISTRY,
            "values": values, "signature": signature, "signature_correctness_proof": proof,
            "rev_reg": accumulator, "witness": witness,
        }))?)
    }

    pub(crate) fn receive(
        &self,
        issued: Credential,
        metadata: &RequestMetadata,
        secret: &LinkSecret,
    ) -> Result<Credential, anoncreds::Error> {
        self.definition.receive(issued, metadata, secret, Some(&self.registry_definition))
    }

    pub(crate) fn later(&self, revoked: &HashSet<u32>) -> Done<Arc<RevocationStatusList>> {
        // No proof is made of such a list, so that its accumulator need not be true.
        list(&self.accumulator, revoked, self.size)
    }
}

fn list(
    accumulator: &cl::RevocationRegistry,
    revoked: &HashSet<u32>,
    size: u32,
) -> Done<Arc<RevocationStatusList>> {
    let bits: Vec<_> = (0..=size).map(|index| u8::from(revoked.contains(&index))).collect();
    Ok(Arc::new(serde_json::from_value(json!({
        "revRegDefId": REGISTRY, "issuerId": ISSUER, "revocationList": bits,
        "currentAccumulator": accumulator.accum, "timestamp": 10 + revoked.len(),
    }))?))
}

/// The mathematics' own form of what was read.
fn numbers<T: DeserializeOwned>(it: &impl Serialize) -> serde_json::Result<T> {
    serde_json::from_value(serde_json::to_value(it)?)
}

/// The mathematics' errors are none that others can wrap.
fn done<T>(it: Result<T, cl::Error>) -> Done<T> {
    it.map_err(|error| error.to_string().into())
}
