//! How an issuer signs what a holder asks for.

use std::collections::BTreeMap;

use anoncreds_clsignatures as cl;

use super::{
    AttributeValue, Credential, CredentialOffer, CredentialRequest, Error, Issuer, Numbers,
    Registry, RegistryIssuer, RevocationStatusList, encoded, marker, numbers::guarded,
};
use crate::quantity::shortened;

/// Where a credential is in a revocation registry.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The registry's keys.
    pub issuer: &'a RegistryIssuer,
    /// The registry with its tails.
    pub registry: &'a Registry,
    /// Its newest list.
    pub list: &'a RevocationStatusList,
    /// From 1 to the registry's size less one.
    pub index: u32,
}

impl Issuer {
    /// Issues what was offered and asked for: raw values by attribute; with `place` it can be
    /// revoked, as the credential of this index in a registry whose list is the newest.
    ///
    /// # Errors
    /// When the request does not answer the offer, values are missing or too many, or the index is
    /// not in the registry or revoked.
    pub fn issue(
        &self,
        offer: &CredentialOffer,
        request: &CredentialRequest,
        values: &BTreeMap<String, String>,
        place: Option<Place<'_>>,
    ) -> Result<Credential, Error> {
        self.definition().check("offer", &offer.cred_def_id)?;
        self.definition().check("request", &request.cred_def_id)?;
        let values = self.values(values)?;
        let signed = self.sign(offer, request, &values, place)?;
        let (rev_reg_id, rev_reg, witness) = match signed.revocable {
            Some((id, state, witness)) => (Some(id), Some(Numbers(state)), Some(Numbers(witness))),
            None => (None, None, None),
        };
        Ok(Credential {
            schema_id: self.published().schema_id.clone(),
            cred_def_id: self.definition().id().to_owned(),
            rev_reg_id,
            values,
            signature: Numbers(signed.signature),
            signature_correctness_proof: Some(Numbers(signed.proof)),
            rev_reg,
            witness,
        })
    }

    /// The values of all of the schema's attributes, by the schema's names.
    fn values(
        &self,
        raw: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, AttributeValue>, Error> {
        let (mut given, mut differing) = (BTreeMap::new(), Vec::new());
        for (name, raw) in raw {
            if given.insert(marker(name), raw).is_some() {
                differing.push(name.clone());
            }
        }
        let mut values = BTreeMap::new();
        for name in &self.definition().schema().attr_names {
            if let Some(raw) = given.remove(&marker(name)) {
                let value = AttributeValue { raw: raw.clone(), encoded: encoded(raw) };
                values.insert(name.clone(), value);
            } else {
                differing.push(name.clone());
            }
        }
        differing.extend(given.into_keys());
        if differing.is_empty() {
            return Ok(values);
        }
        Err(Error::Attributes { differing: shortened(&differing.join(", ")) })
    }

    fn sign(
        &self,
        offer: &CredentialOffer,
        request: &CredentialRequest,
        values: &BTreeMap<String, AttributeValue>,
        place: Option<Place<'_>>,
    ) -> Result<Signed, Error> {
        let missing = Error::Missing { document: "request", field: "entropy" };
        let context = request.entropy.as_ref().or(request.prover_did.as_ref()).ok_or(missing)?;
        let (blinded, blinded_proof) =
            (&request.blinded_ms.0, &request.blinded_ms_correctness_proof.0);
        let (offered, asked) = (&offer.nonce.0, &request.nonce.0);
        let (key, secret) = (&self.definition().parsed().key, self.secret());
        let state = place.map(|place| place.state(self)).transpose()?;
        guarded("sign the credential", || {
            let mut known = cl::Issuer::new_credential_values_builder()?;
            for (name, value) in values {
                known.add_dec_known(&marker(name), &value.encoded)?;
            }
            let known = known.finalize()?;
            let Some((place, mut state)) = place.zip(state) else {
                let (signature, proof) = cl::Issuer::sign_credential(
                    context,
                    blinded,
                    blinded_proof,
                    offered,
                    asked,
                    &known,
                    key,
                    secret,
                )?;
                return Ok(Signed { signature, proof, revocable: None });
            };
            let (size, registry) = (place.issuer.size(), place.issuer.secret());
            // Nothing is revoked until it is said to be, so that the state stays as it is.
            let (signature, proof, witness, _) = cl::Issuer::sign_credential_with_revoc(
                context,
                blinded,
                blinded_proof,
                offered,
                asked,
                &known,
                key,
                secret,
                place.index,
                size,
                true,
                &mut state,
                registry,
            )?;
            let revocable = Some((place.issuer.id().to_owned(), state, witness));
            Ok(Signed { signature, proof, revocable })
        })
    }
}

impl Place<'_> {
    /// The registry's state, if a credential of this issuer can have the place.
    fn state(self, issuer: &Issuer) -> Result<cl::RevocationRegistry, Error> {
        let definition = &self.issuer.published().cred_def_id;
        issuer.definition().check("revocation registry", definition)?;
        self.issuer.check_index(self.index)?;
        let accumulator = self.issuer.accumulator(self.registry, self.list)?;
        if self.list.revokes(self.index) {
            return Err(Error::Revoked { index: self.index });
        }
        Ok(accumulator.into())
    }
}

/// A signature, and for a credential that can be revoked its registry, that one's state and the
/// witness.
struct Signed {
    signature: cl::CredentialSignature,
    proof: cl::SignatureCorrectnessProof,
    revocable: Option<(String, cl::RevocationRegistry, cl::Witness)>,
}
