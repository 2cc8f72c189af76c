//! An issuer's keys, and what it publishes and offers.

use std::{collections::BTreeSet, fmt, sync::Arc};

use anoncreds_clsignatures as cl;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::error::Category;

use super::{
    CredentialDefinition, CredentialOffer, Definition, DefinitionKeys, Error, HIDDEN, Nonce,
    Numbers, Schema, definition::ATTRIBUTES_MAX, marker, numbers::guarded,
};
use crate::quantity::shortened;

/// An issuer's keys for credentials of a schema, public and secret; a clone is another handle.
#[derive(Clone)]
pub struct Issuer(Arc<Keys>);

/// What an [`Issuer`] is a handle of.
struct Keys {
    written: Written,
    definition: Definition,
}

/// An issuer's keys as they are kept.
#[derive(Serialize, Deserialize)]
struct Written {
    id: String,
    schema: Schema,
    definition: CredentialDefinition,
    key_correctness_proof: Numbers<cl::CredentialKeyCorrectnessProof>,
    secret: Numbers<cl::CredentialPrivateKey>,
}

impl Issuer {
    /// Makes keys, which takes seconds: two safe primes of 1,024 bits.
    ///
    /// The credentials can be revoked; whoever publishes the schema publishes the definition.
    ///
    /// # Errors
    /// When the schema has too many attributes, or none.
    pub fn create(id: &str, schema_id: &str, schema: Schema, tag: &str) -> Result<Self, Error> {
        let count = schema.attr_names.len();
        if count > ATTRIBUTES_MAX {
            return Err(Error::TooManyAttributes { count, max: ATTRIBUTES_MAX });
        }
        let (key, secret, proof) = guarded("make an issuer's keys", || {
            let mut attributes = cl::Issuer::new_credential_schema_builder()?;
            for name in &schema.attr_names {
                attributes.add_attr(&marker(name))?;
            }
            let mut hidden = cl::Issuer::new_non_credential_schema_builder()?;
            hidden.add_attr(HIDDEN)?;
            cl::Issuer::new_credential_def(&attributes.finalize()?, &hidden.finalize()?, true)
        })?;
        let primary = guarded("copy a key", || key.get_primary_key().try_clone())?;
        let revocation = key.get_revocation_key().cloned().map(Numbers);
        let definition = CredentialDefinition {
            issuer_id: schema.issuer_id.clone(),
            schema_id: schema_id.to_owned(),
            kind: "CL".to_owned(),
            tag: tag.to_owned(),
            value: DefinitionKeys { primary: Numbers(primary), revocation },
        };
        let (key_correctness_proof, secret) = (Numbers(proof), Numbers(secret));
        let id = id.to_owned();
        Self::new(Written { id, schema, definition, key_correctness_proof, secret })
    }

    /// The keys as JSON, secrets and all.
    ///
    /// # Panics
    /// Never: keys are JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0.written).expect("keys are JSON")
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// When it is something else, or the keys do not belong together.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Self::new(read("issuer's keys", json)?)
    }

    fn new(written: Written) -> Result<Self, Error> {
        let definition = Definition::new(&written.id, &written.definition, written.schema.clone())?;
        check_whole(&written)?;
        Ok(Self(Arc::new(Keys { written, definition })))
    }

    /// What holders and verifiers share of it.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.0.definition
    }

    /// What is published of it.
    #[must_use]
    pub fn published(&self) -> &CredentialDefinition {
        &self.0.written.definition
    }

    /// Offers a credential.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn offer(&self) -> Result<CredentialOffer, Error> {
        let written = &self.0.written;
        Ok(CredentialOffer {
            schema_id: written.definition.schema_id.clone(),
            cred_def_id: written.id.clone(),
            key_correctness_proof: written.key_correctness_proof.clone(),
            nonce: Nonce::random()?,
        })
    }

    pub(super) fn secret(&self) -> &cl::CredentialPrivateKey {
        &self.0.written.secret.0
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Issuer").field(&self.0.written.id).finish()
    }
}

/// Reads keys; what is wrong with them is said by its place, because the text around it is secret.
pub(super) fn read<T: DeserializeOwned>(document: &'static str, json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| {
        let reason = match error.classify() {
            Category::Data => "a field is missing or wrong",
            Category::Eof => "it ends too early",
            Category::Io | Category::Syntax => "it is no JSON",
        };
        Error::Keys { document, line: error.line(), column: error.column(), reason }
    })
}

/// Whether the public keys are those of the secret primes and of the schema's attributes, and whether
/// both sides can revoke.
fn check_whole(written: &Written) -> Result<(), Error> {
    let (public, secret) = (&written.definition.value, &written.secret.0);
    let json = serde_json::to_value((&public.primary, secret)).unwrap_or_default();
    let (public_json, secret_json) = (&json[0], &json[1]);
    let product = guarded("multiply an issuer's primes", || {
        let safe_prime = |name: &str| {
            let prime = &secret_json["p_key"][name];
            cl::bn::BigNumber::from_dec(prime.as_str().unwrap_or("0"))?.lshift1()?.increment()
        };
        safe_prime("p")?.mul(&safe_prime("q")?)?.to_dec()
    })?;
    let mut names: BTreeSet<_> = written.schema.attr_names.iter().map(|it| marker(it)).collect();
    names.insert(HIDDEN.to_owned());
    let signed: Option<BTreeSet<_>> =
        public_json["r"].as_object().map(|it| it.keys().cloned().collect());
    let fits = public_json["n"] == product.as_str() && signed == Some(names);
    if fits && public.revocation.is_some() != secret_json["r_key"].is_null() {
        return Ok(());
    }
    Err(Error::Strange { definition: shortened(&written.id) })
}
