//! How a holder comes to a credential: it asks for one, and checks what it is given.

use anoncreds_clsignatures as cl;

use super::{
    Credential, CredentialOffer, CredentialRequest, Definition, Error, LinkSecret, Nonce, Numbers,
    RequestMetadata, RevocationRegistryDefinition, numbers::guarded,
};

/// How many random bytes make a credential's context unique; in base58 they look like an Indy DID.
const ENTROPY_BYTES: usize = 16;

impl Definition {
    /// Asks for what an issuer offers; returns what to send, and what to keep until it is answered.
    ///
    /// The issuer's key correctness proof is checked when it is first offered to any holder.
    ///
    /// # Errors
    /// When the offer is of another definition, or its key correctness proof is wrong.
    pub fn request(
        &self,
        offer: &CredentialOffer,
        secret: &LinkSecret,
    ) -> Result<(CredentialRequest, RequestMetadata), Error> {
        self.check("offer", &offer.cred_def_id)?;
        let parsed = self.parsed();
        parsed.blinder.check(&parsed.key, &offer.key_correctness_proof.0)?;
        let (blinded, factors, proof) =
            guarded("answer the offer", || parsed.blinder.blind(secret.number(), &offer.nonce.0))?;
        let nonce = Nonce::random()?;
        let unique = Some(entropy());
        let (entropy, prover_did) =
            if is_indy(&offer.cred_def_id) { (None, unique) } else { (unique, None) };
        let request = CredentialRequest {
            entropy,
            prover_did,
            cred_def_id: offer.cred_def_id.clone(),
            blinded_ms: Numbers(blinded),
            blinded_ms_correctness_proof: Numbers(proof),
            nonce: nonce.clone(),
        };
        let kept = RequestMetadata {
            link_secret_blinding_data: Numbers(factors),
            nonce,
            link_secret_name: "default".to_owned(),
        };
        Ok((request, kept))
    }

    /// Checks an issued credential, and returns it as it is kept; `registry` is the one it names.
    ///
    /// # Errors
    /// When it is not what was asked for, is not signed by the definition's keys, or names a registry
    /// that was not given.
    pub fn receive(
        &self,
        mut credential: Credential,
        kept: &RequestMetadata,
        secret: &LinkSecret,
        registry: Option<&RevocationRegistryDefinition>,
    ) -> Result<Credential, Error> {
        self.check("credential", &credential.cred_def_id)?;
        if let Some(registry) = registry {
            self.check("revocation registry", &registry.cred_def_id)?;
        }
        let missing = |field| Error::Missing { document: "credential", field };
        if credential.rev_reg_id.is_some() {
            // Left out, these would leave the part about revocation unchecked.
            credential.index().ok_or(missing("signature/r_credential"))?;
            credential.rev_reg.as_ref().ok_or(missing("rev_reg"))?;
            credential.witness.as_ref().ok_or(missing("witness"))?;
            registry.ok_or(missing("revocation registry definition"))?;
        } else if credential.index().is_some() {
            return Err(missing("rev_reg_id"));
        }
        let proof = credential.signature_correctness_proof.as_ref();
        let proof = &proof.ok_or(missing("signature_correctness_proof"))?.0;
        let values = secret.beside(&credential)?;
        guarded("check the credential's signature", || {
            cl::Prover::process_credential_signature(
                &mut credential.signature.0,
                &values,
                proof,
                &kept.link_secret_blinding_data.0,
                &self.parsed().key,
                &kept.nonce.0,
                registry.map(|it| &it.value.public_keys.accum_key.0),
                credential.rev_reg.as_ref().map(|it| &it.0),
                credential.witness.as_ref().map(|it| &it.0),
            )
        })?;
        Ok(credential)
    }
}

/// Whether a credential definition's id is of the Indy form, `<did>:3:CL:<schema>:<tag>`.
fn is_indy(id: &str) -> bool {
    let (did, rest) = id.split_once(':').unwrap_or_default();
    let base58 = bs58::decode(did).into_vec().is_ok_and(|bytes| bytes.len() == ENTROPY_BYTES);
    base58 && rest.starts_with("3:CL:")
}

fn entropy() -> String {
    let mut bytes = [0; ENTROPY_BYTES];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bs58::encode(bytes).into_string()
}
