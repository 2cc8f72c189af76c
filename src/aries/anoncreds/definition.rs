//! A credential definition that all its holders share.

use std::{fmt, sync::Arc};

use anoncreds_clsignatures as cl;

use super::{
    CredentialDefinition, Error, HIDDEN, Schema, blinding::Blinder, marker, numbers::guarded,
};

/// Most attributes of a schema, as anoncreds-rs has it.
pub(super) const ATTRIBUTES_MAX: usize = 125;
/// Fewest digits of a modulus; 2048 bits have 617.
const MODULUS_DIGITS_MIN: usize = 616;

/// A credential definition with its schema, parsed once; a clone is another handle of the same.
#[derive(Clone)]
pub struct Definition(Arc<Parsed>);

/// What a [`Definition`] is a handle of.
pub(super) struct Parsed {
    pub(super) id: String,
    pub(super) schema_id: String,
    pub(super) issuer_id: String,
    pub(super) schema: Schema,
    pub(super) key: cl::CredentialPublicKey,
    pub(super) attributes: cl::CredentialSchema,
    pub(super) hidden: cl::NonCredentialSchema,
    pub(super) blinder: Blinder,
}

impl Definition {
    /// Parses what was published as `id`.
    ///
    /// # Errors
    /// When its keys are none or have none for link secrets, or its schema has too many attributes.
    pub fn new(id: &str, definition: &CredentialDefinition, schema: Schema) -> Result<Self, Error> {
        let count = schema.attr_names.len();
        if count > ATTRIBUTES_MAX {
            return Err(Error::TooManyAttributes { count, max: ATTRIBUTES_MAX });
        }
        let keys = &definition.value;
        check_modulus(&keys.primary.0)?;
        let blinder = Blinder::new(keys)?;
        let (key, attributes, hidden) = guarded("read the credential definition", || {
            let revocation = keys.revocation.as_ref().map(|key| &key.0);
            let key = cl::CredentialPublicKey::build_from_parts(&keys.primary.0, revocation)?;
            let mut attributes = cl::Issuer::new_credential_schema_builder()?;
            for name in &schema.attr_names {
                attributes.add_attr(&marker(name))?;
            }
            let mut hidden = cl::Issuer::new_non_credential_schema_builder()?;
            hidden.add_attr(HIDDEN)?;
            Ok((key, attributes.finalize()?, hidden.finalize()?))
        })?;
        Ok(Self(Arc::new(Parsed {
            id: id.to_owned(),
            schema_id: definition.schema_id.clone(),
            issuer_id: definition.issuer_id.clone(),
            schema,
            key,
            attributes,
            hidden,
            blinder,
        })))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The attributes that its credentials have.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.0.schema
    }

    /// Whether its credentials can be revoked.
    #[must_use]
    pub fn is_revocable(&self) -> bool {
        self.0.key.get_revocation_key().is_some()
    }

    pub(super) fn parsed(&self) -> &Parsed {
        &self.0
    }

    /// Whether this is the definition that a document names.
    pub(super) fn check(&self, document: &'static str, named: &str) -> Result<(), Error> {
        if named == self.0.id {
            return Ok(());
        }
        let (found, expected) = (named.to_owned(), self.0.id.clone());
        Err(Error::Foreign { document, found, expected })
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Definition").field(&self.0.id).finish()
    }
}

/// The mathematics divides by the modulus, and an even or small one gives the link secret away.
fn check_modulus(key: &cl::CredentialPrimaryPublicKey) -> Result<(), Error> {
    let json = serde_json::to_value(key).ok();
    let modulus = json.as_ref().and_then(|key| key["n"].as_str()).unwrap_or_default();
    let odd = modulus.bytes().last().is_some_and(|digit| digit % 2 == 1);
    let positive = modulus.bytes().all(|digit| digit.is_ascii_digit());
    if odd && positive && modulus.len() >= MODULUS_DIGITS_MIN {
        return Ok(());
    }
    Err(Error::WeakKey { digits: MODULUS_DIGITS_MIN })
}
