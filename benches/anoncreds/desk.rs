//! An issuer to ask for credentials, with a verifier's question.

use std::{
    collections::{BTreeMap, HashSet},
    error::Error,
    sync::Arc,
};

use engine::aries::anoncreds::{
    self, Credential, CredentialOffer, CredentialRequest, Held, Issuer, LinkSecret, Nonce, Place,
    PresentationRequest, Registry, RegistryIssuer, RequestMetadata, RevocationStatusList,
};
use serde_json::json;

const KEYS: &str = include_str!("../../src/sandbox/test_issuer_keys.json");
const REGISTRY: &str = "did:web:sandbox.engine.invalid/anoncreds/v0/REV_REG_DEF/person/1.0/test/1";

pub(crate) type Done<T> = Result<T, Box<dyn Error>>;

/// The issuer of the sandbox's keys, with a registry in which nothing is revoked.
pub(crate) struct Desk {
    pub(crate) issuer: Issuer,
    registrar: RegistryIssuer,
    pub(crate) size: u32,
    pub(crate) registry: Registry,
    pub(crate) list: Arc<RevocationStatusList>,
}

impl Desk {
    pub(crate) fn open(size: u32) -> Done<Self> {
        let issuer = Issuer::from_json(KEYS)?;
        let location = |hash: &str| format!("https://tails.example/{hash}");
        let (registrar, tails) = RegistryIssuer::create(&issuer, REGISTRY, "1", size, location)?;
        let registry = Registry::new(REGISTRY, registrar.published(), &tails)?;
        let list = Arc::new(registrar.first_list(10));
        Ok(Self { issuer, registrar, size, registry, list })
    }

    pub(crate) fn issue(
        &self,
        offer: &CredentialOffer,
        request: &CredentialRequest,
    ) -> Result<Credential, anoncreds::Error> {
        let Self { issuer, registrar, registry, list, .. } = self;
        let place = Place { issuer: registrar, registry, list, index: 1 };
        issuer.issue(offer, request, &person(), Some(place))
    }

    pub(crate) fn receive(
        &self,
        issued: Credential,
        metadata: &RequestMetadata,
        secret: &LinkSecret,
    ) -> Result<Credential, anoncreds::Error> {
        let registry = Some(self.registrar.published());
        self.issuer.definition().receive(issued, metadata, secret, registry)
    }

    /// What a holder has who was issued a credential, and may have to show that it is not revoked.
    pub(crate) fn held(&self, secret: &LinkSecret) -> Done<Held> {
        let definition = self.issuer.definition().clone();
        let offer = self.issuer.offer()?;
        let (request, metadata) = definition.request(&offer, secret)?;
        let credential = self.receive(self.issue(&offer, &request)?, &metadata, secret)?;
        let state = Some(self.registry.state(1, &self.list)?);
        Ok(Held { credential, definition, state })
    }

    pub(crate) fn later(&self, revoked: &HashSet<u32>) -> Done<Arc<RevocationStatusList>> {
        let indices: Vec<_> = revoked.iter().copied().collect();
        let timestamp = 10 + indices.len() as u64;
        let list = self.registrar.revoke(&self.registry, &self.list, &indices, timestamp)?;
        Ok(Arc::new(list))
    }

    /// The question of `journeys/scenarios/wallets.toml`, so that proofs are those of its wallets.
    pub(crate) fn question(&self) -> Done<PresentationRequest> {
        let restrictions = json!([{ "cred_def_id": self.issuer.definition().id() }]);
        Ok(serde_json::from_value(json!({
            "name": "qualified", "version": "1.0", "nonce": Nonce::random()?,
            "requested_attributes": {
                "who": { "names": ["name", "occupation"], "restrictions": restrictions },
            },
            "requested_predicates": {
                "score": { "name": "score", "p_type": ">=", "p_value": 50, "restrictions": restrictions },
            },
            "non_revoked": { "to": 100 },
        }))?)
    }
}

/// A value for each of the schema's attributes.
fn person() -> BTreeMap<String, String> {
    [
        ("name", "holder-20261121-000001"),
        ("given_names", "Ada"),
        ("birthdate_dateint", "19701231"),
        ("score", "75"),
        ("occupation", "nurse"),
        ("expiry", "20301231"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
