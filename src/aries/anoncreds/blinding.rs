//! Blinding a link secret for an issuer, whose keys are checked once for all holders.

use std::sync::{Mutex, MutexGuard, PoisonError};

use amcl::bn254::{big::BIG, big::MODBYTES, ecp::ECP, pair::g1mul, rom::CURVE_ORDER};
use anoncreds_clsignatures as cl;
use cl::bn::BigNumber;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{DefinitionKeys, Error, HIDDEN, numbers::guarded};

/// How many random bits blind the link secret, as the credential library has it.
const BLINDING_BITS: usize = 2_128;
/// How many bits hide the blinding number in the proof, as the credential library has it.
const BLINDING_MASK_BITS: usize = 673;
/// How many bits hide the link secret in the proof, as the credential library has it.
const SECRET_MASK_BITS: usize = 593;
/// Most proofs of a definition's keys that are remembered; an honest issuer has one.
const PROOFS_MAX: usize = 4;

/// What an issuer gets to sign, what the holder keeps, and a proof that all is as it should be.
pub(super) type Blinded = (
    cl::BlindedCredentialSecrets,
    cl::CredentialSecretsBlindingFactors,
    cl::BlindedCredentialSecretsCorrectnessProof,
);

/// The part of an issuer's public keys that blinds link secrets.
pub(super) struct Blinder {
    modulus: BigNumber,
    /// The base of the blinding number.
    base: BigNumber,
    /// The base of the link secret.
    secret_base: BigNumber,
    /// The same for the part about revocation.
    revocation_base: Option<ECP>,
    /// Proofs that were found to be right.
    checked: Mutex<Vec<cl::CredentialKeyCorrectnessProof>>,
}

/// What of a public key the library tells nobody but by its JSON.
#[derive(Deserialize)]
struct Primary {
    n: BigNumber,
    s: BigNumber,
    r: Bases,
}

#[derive(Deserialize)]
struct Bases {
    master_secret: BigNumber,
}

impl Blinder {
    pub(super) fn new(keys: &DefinitionKeys) -> Result<Self, Error> {
        let document = "credential definition";
        let json = |it| serde_json::to_value(it).ok();
        let primary = json(&keys.primary.0).and_then(|it| Primary::deserialize(it).ok());
        let primary =
            primary.ok_or(Error::Missing { document, field: "primary/r/master_secret" })?;
        let revocation_base = match &keys.revocation {
            Some(keys) => Some(guarded("read the credential definition", || {
                let json = serde_json::to_value(&keys.0).unwrap_or_default();
                let base = json["h2"].as_str().ok_or_else(|| invalid("no `h2`"))?;
                Ok(ECP::from_hex(base.to_owned()))
            })?),
            None => None,
        };
        Ok(Self {
            modulus: primary.n,
            base: primary.s,
            secret_base: primary.r.master_secret,
            revocation_base,
            checked: Mutex::default(),
        })
    }

    /// Checks the proof that a definition's keys were made as they should be, if it is a new one.
    pub(super) fn check(
        &self,
        key: &cl::CredentialPublicKey,
        proof: &cl::CredentialKeyCorrectnessProof,
    ) -> Result<(), Error> {
        // Two threads may check the same proof at first; none waits for another's.
        if self.checked().contains(proof) {
            return Ok(());
        }
        let proof = guarded("answer the offer", || {
            let key = cl::CredentialPublicKey::build_from_parts(key.get_primary_key(), None)?;
            let nothing = cl::Prover::new_credential_values_builder()?.finalize()?;
            // The library checks such a proof nowhere but where it blinds.
            cl::Prover::blind_credential_secrets(&key, proof, &nothing, &cl::new_nonce()?)?;
            proof.try_clone()
        })?;
        let mut checked = self.checked();
        if !checked.contains(&proof) {
            if checked.len() == PROOFS_MAX {
                checked.remove(0);
            }
            checked.push(proof);
        }
        Ok(())
    }

    pub(super) fn checked(&self) -> MutexGuard<'_, Vec<cl::CredentialKeyCorrectnessProof>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Blinds a link secret, and answers the offer's nonce.
    pub(super) fn blind(
        &self,
        secret: &BigNumber,
        nonce: &BigNumber,
    ) -> Result<Blinded, cl::Error> {
        let blinding = BigNumber::rand(BLINDING_BITS)?;
        let blinded = self.commit(&blinding, secret)?;
        let blinding_mask = BigNumber::rand(BLINDING_MASK_BITS)?;
        let secret_mask = BigNumber::rand(SECRET_MASK_BITS)?;
        let mask = self.commit(&blinding_mask, &secret_mask)?;

        let mut hash = Sha256::new();
        for number in [&blinded, &mask, nonce] {
            hash.update(number.to_bytes()?);
        }
        let challenge = BigNumber::from_bytes(&hash.finalize())?;
        let blinding_answer = challenge.mul(&blinding)?.add(&blinding_mask)?;
        let secret_answer = challenge.mul(secret)?.add(&secret_mask)?;

        let (point, factor) = self.revocable()?;
        Ok((
            made(json!({
                "u": blinded,
                "ur": point,
                "hidden_attributes": [HIDDEN],
                "committed_attributes": {},
            }))?,
            made(json!({ "v_prime": blinding, "vr_prime": factor }))?,
            made(json!({
                "c": challenge,
                "v_dash_cap": blinding_answer,
                "m_caps": { HIDDEN: secret_answer },
                "r_caps": {},
            }))?,
        ))
    }

    fn commit(&self, blinding: &BigNumber, secret: &BigNumber) -> Result<BigNumber, cl::Error> {
        let secret = self.secret_base.mod_exp(secret, &self.modulus)?;
        self.base.mod_exp(blinding, &self.modulus)?.mod_mul(&secret, &self.modulus)
    }

    /// The blinded point for the part about revocation and what it was blinded with, as text.
    fn revocable(&self) -> Result<(Option<String>, Option<String>), cl::Error> {
        let Some(base) = &self.revocation_base else { return Ok((None, None)) };
        let mut factor = random_factor()?;
        let text = factor.to_hex();
        let mut point = g1mul(base, &mut factor);
        point.affine();
        Ok((Some(point.to_hex()), Some(text)))
    }
}

/// A random number below the curve's order.
fn random_factor() -> Result<BIG, cl::Error> {
    let mut bytes = [0; MODBYTES];
    BIG::new_ints(&CURVE_ORDER).tobytes(&mut bytes);
    let random = BigNumber::from_bytes(&bytes)?.rand_range()?.to_bytes()?;
    let (zeros, digits) = bytes.split_at_mut(MODBYTES - random.len());
    zeros.fill(0);
    digits.copy_from_slice(&random);
    Ok(BIG::frombytes(&bytes))
}

/// The library makes such numbers from their JSON alone; what is wrong with them stays unsaid,
/// because they are secret.
fn made<T: DeserializeOwned>(json: Value) -> Result<T, cl::Error> {
    serde_json::from_value(json).map_err(|_| invalid("numbers that were made here are none"))
}

fn invalid(reason: &'static str) -> cl::Error {
    cl::Error::new(cl::ErrorKind::InvalidState, reason)
}
