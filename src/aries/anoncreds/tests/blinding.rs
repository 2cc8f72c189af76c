//! Claims about requests: an issuer's keys are checked once, and none is answered that is wrong.

use anoncreds_clsignatures::bn::BigNumber;
use sha2::{Digest, Sha256};

use super::{receiving::desk, *};

#[test]
fn a_definition_without_a_base_for_link_secrets_is_none() {
    let mut json = serde_json::to_value(&desk().keys).unwrap();
    json["value"]["primary"]["r"].as_object_mut().unwrap().remove(HIDDEN).unwrap();
    let keys = serde_json::from_value(json).unwrap();
    let refused = Definition::new("id", &keys, fixture("schema")).unwrap_err();
    assert!(matches!(refused, Error::Missing { .. }), "{refused}");
}

/// Keys for credentials without attributes, and any number of proofs of them.
struct Prover {
    definition: Definition,
    modulus: BigNumber,
    base: BigNumber,
    exponents: [BigNumber; 2],
    powers: [BigNumber; 2],
}

impl Prover {
    fn new() -> Self {
        let mut json = serde_json::to_value(&desk().keys).unwrap();
        let number = |field: &str| {
            BigNumber::from_dec(json["value"]["primary"][field].as_str().unwrap()).unwrap()
        };
        let (modulus, base) = (number("n"), number("s"));
        let exponents = [(); 2].map(|()| BigNumber::rand(300).unwrap());
        let powers = [0, 1].map(|it: usize| base.mod_exp(&exponents[it], &modulus).unwrap());
        json["value"]["primary"]["z"] = json!(powers[0]);
        json["value"]["primary"]["r"] = json!({ HIDDEN: powers[1] });
        let keys = serde_json::from_value(json).unwrap();
        let definition = Definition::new("definition", &keys, fixture("schema")).unwrap();
        Self { definition, modulus, base, exponents, powers }
    }

    fn proof(&self) -> Value {
        let masks = [(); 2].map(|()| BigNumber::rand(600).unwrap());
        let mut hash = Sha256::new();
        self.powers.iter().for_each(|it| hash.update(it.to_bytes().unwrap()));
        for mask in &masks {
            hash.update(self.base.mod_exp(mask, &self.modulus).unwrap().to_bytes().unwrap());
        }
        let challenge = BigNumber::from_bytes(&hash.finalize()).unwrap();
        let [z, r] = [0, 1]
            .map(|it: usize| challenge.mul(&self.exponents[it]).unwrap().add(&masks[it]).unwrap());
        json!({ "c": challenge, "xz_cap": z, "xr_cap": [[HIDDEN, r]] })
    }

    fn is_answered(&self, proof: &Value) -> bool {
        let mut offer = desk().offer();
        offer.key_correctness_proof = serde_json::from_value(proof.clone()).unwrap();
        self.definition.request(&offer, &LinkSecret::random().unwrap()).is_ok()
    }

    fn remembered(&self) -> usize {
        self.definition.parsed().blinder.checked().len()
    }
}

#[test]
fn right_proofs_of_keys_are_remembered_up_to_a_bound_and_wrong_ones_never() {
    let prover = Prover::new();
    let right = prover.proof();
    let mut wrong = right.clone();
    wrong["xr_cap"][0][1] = json!("1");
    assert!(!prover.is_answered(&wrong) && !prover.is_answered(&wrong));
    assert_eq!(prover.remembered(), 0);
    assert!(prover.is_answered(&right) && prover.is_answered(&right));
    assert_eq!(prover.remembered(), 1);
    assert!(!prover.is_answered(&wrong));
    for _ in 0..6 {
        assert!(prover.is_answered(&prover.proof()));
    }
    assert_eq!(prover.remembered(), 4);
    assert!(prover.is_answered(&right) && !prover.is_answered(&wrong));
}

#[test]
fn hostile_keys_and_nonces_make_no_request_panic() {
    let numbers = ["0", "1", "-1", "-7", &"9".repeat(1_000)];
    for (field, number) in
        ["s", "z", "rctxt"].into_iter().flat_map(|field| numbers.map(|it| (field, it)))
    {
        let mut json = serde_json::to_value(&desk().keys).unwrap();
        json["value"]["primary"][field] = json!(number);
        json["value"]["primary"]["r"][HIDDEN] = json!(number);
        let keys = serde_json::from_value(json).unwrap();
        let definition = Definition::new("definition", &keys, fixture("schema")).unwrap();
        let mut offer = desk().offer();
        offer.nonce = serde_json::from_value(json!(number)).unwrap();
        let secret = LinkSecret::random().unwrap();
        assert!(definition.request(&offer, &secret).is_err(), "{field} {number}");
        // Without the check of the keys it may be answered; that it returns is the claim.
        let _ = definition.parsed().blinder.blind(secret.number(), &offer.nonce.0);
    }
}
