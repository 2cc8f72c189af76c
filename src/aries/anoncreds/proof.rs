//! Proofs: nearly all of one is made before its nonce is known.

use std::{collections::BTreeSet, fmt};

use anoncreds_clsignatures as cl;

use super::{
    Choice, Error, GroupProof, HIDDEN, Held, Identifier, LinkSecret, Nonce, Numbers, Presentation,
    PresentationRequest, ReferentProof, RequestedProof, RevealedProof, Source, marker,
    numbers::guarded,
};

/// A presentation that lacks nothing but its nonce.
///
/// Two presentations from one would give the link secret away, so finishing consumes it.
pub struct Prepared {
    builder: cl::ProofBuilder,
    requested_proof: RequestedProof,
    identifiers: Vec<Identifier>,
}

impl Prepared {
    /// Proves all that does not depend on the request's nonce.
    ///
    /// # Errors
    /// When the choice leaves something out, or a credential does not have what it was chosen for.
    pub fn new(
        request: &PresentationRequest,
        choice: &Choice,
        held: &[Held],
        secret: &LinkSecret,
    ) -> Result<Self, Error> {
        let mut prepared = Self {
            builder: guarded("begin a proof", || {
                let mut builder = cl::Prover::new_proof_builder()?;
                builder.add_common_attribute(HIDDEN)?;
                Ok(builder)
            })?,
            requested_proof: RequestedProof::default(),
            identifiers: Vec::new(),
        };
        prepared.attest(request, choice)?;
        for place in places(request, choice)? {
            let credential = held.get(place).ok_or_else(|| Error::NotChosen {
                referent: format!("credential {place} of {}", held.len()),
            })?;
            let part = Part { request, choice, place, held: credential };
            prepared.add(&part, secret)?;
        }
        Ok(prepared)
    }

    /// Finishes the presentation for a nonce; this takes well under a millisecond.
    ///
    /// # Errors
    /// When it is of no credential.
    pub fn finish(self, nonce: &Nonce) -> Result<Presentation, Error> {
        let Self { builder, requested_proof, identifiers } = self;
        let proof = guarded("finish the proof", || builder.finalize(&nonce.0))?;
        Ok(Presentation { proof: Numbers(proof), requested_proof, identifiers })
    }

    fn attest(&mut self, request: &PresentationRequest, choice: &Choice) -> Result<(), Error> {
        for referent in request.requested_attributes.keys() {
            match choice.attributes.get(referent) {
                Some(Source::SelfAttested(word)) => {
                    let attested = &mut self.requested_proof.self_attested_attrs;
                    attested.insert(referent.clone(), word.clone());
                }
                Some(Source::Revealed(_) | Source::Unrevealed(_)) => {}
                None => return Err(Error::NotChosen { referent: referent.clone() }),
            }
        }
        Ok(())
    }

    fn add(&mut self, part: &Part<'_>, secret: &LinkSecret) -> Result<(), Error> {
        let Held { credential, definition, .. } = part.held;
        definition.check("credential", &credential.cred_def_id)?;
        let asked = self.answer(part)?;
        let state = part.state()?;
        let registry = state.map(|it| cl::RevocationRegistry::from(it.accumulator));
        let values = secret.beside(credential)?;
        let parsed = definition.parsed();
        guarded("prove what a credential says", || {
            self.builder.add_sub_proof_request(
                &asked,
                &parsed.attributes,
                &parsed.hidden,
                &credential.signature.0,
                &values,
                &parsed.key,
                registry.as_ref(),
                state.map(|it| &it.witness),
            )
        })?;
        self.identifiers.push(Identifier {
            schema_id: credential.schema_id.clone(),
            cred_def_id: credential.cred_def_id.clone(),
            rev_reg_id: credential.rev_reg_id.clone(),
            timestamp: state.map(|it| it.timestamp),
        });
        Ok(())
    }

    /// Notes what the next part of the proof shows, and says it to the mathematics.
    fn answer(&mut self, part: &Part<'_>) -> Result<cl::SubProofRequest, Error> {
        let unsatisfied = |referent: &str| Error::Unsatisfied { referent: referent.to_owned() };
        let index = u32::try_from(self.identifiers.len()).unwrap_or(u32::MAX);
        let mut asked = guarded("ask for a proof", cl::Verifier::new_sub_proof_request_builder)?;
        let shown = &mut self.requested_proof;
        for (referent, attribute) in &part.request.requested_attributes {
            let unrevealed = Source::Unrevealed(part.place);
            match part.choice.attributes.get(referent) {
                Some(Source::Revealed(place)) if *place == part.place => {}
                source => {
                    if source == Some(&unrevealed) {
                        let proof = ReferentProof { sub_proof_index: index };
                        shown.unrevealed_attrs.insert(referent.clone(), proof);
                    }
                    continue;
                }
            }
            let mut group = GroupProof { sub_proof_index: index, values: [].into() };
            for name in attribute.names() {
                let value =
                    part.held.credential.value(name).ok_or_else(|| unsatisfied(referent))?;
                guarded("reveal an attribute", || asked.add_revealed_attr(&marker(name)))?;
                group.values.insert(name.to_owned(), value.clone());
            }
            if attribute.names.is_some() {
                shown.revealed_attr_groups.insert(referent.clone(), group);
            } else if let Some((_, value)) = group.values.pop_first() {
                let (raw, encoded) = (value.raw, value.encoded);
                let proof = RevealedProof { sub_proof_index: index, raw, encoded };
                shown.revealed_attrs.insert(referent.clone(), proof);
            }
        }
        for (referent, predicate) in &part.request.requested_predicates {
            if part.choice.predicates.get(referent) != Some(&part.place) {
                continue;
            }
            let value = part.held.credential.value(&predicate.name);
            if !value.is_some_and(|value| predicate.holds(&value.encoded)) {
                return Err(unsatisfied(referent));
            }
            let (name, code) = (marker(&predicate.name), predicate.p_type.code());
            guarded("prove a predicate", || asked.add_predicate(&name, code, predicate.p_value))?;
            shown.predicates.insert(referent.clone(), ReferentProof { sub_proof_index: index });
        }
        guarded("ask for a proof", || asked.finalize())
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Prepared").finish_non_exhaustive()
    }
}

/// What one credential has to answer.
struct Part<'a> {
    request: &'a PresentationRequest,
    choice: &'a Choice,
    place: usize,
    held: &'a Held,
}

impl<'a> Part<'a> {
    /// The witness, if one is asked for and the credential can be revoked.
    fn state(&self) -> Result<Option<&'a super::RevocationState>, Error> {
        let Some(registry) = &self.held.credential.rev_reg_id else { return Ok(None) };
        if self.choice.interval(self.request, self.place).is_none() {
            return Ok(None);
        }
        let state = self.held.state.as_ref();
        state.map(Some).ok_or_else(|| Error::NoState { registry: registry.clone() })
    }
}

/// The credentials that are needed, each once.
fn places(request: &PresentationRequest, choice: &Choice) -> Result<BTreeSet<usize>, Error> {
    let mut places = BTreeSet::new();
    for referent in request.requested_attributes.keys() {
        if let Some(Source::Revealed(place) | Source::Unrevealed(place)) =
            choice.attributes.get(referent)
        {
            places.insert(*place);
        }
    }
    for referent in request.requested_predicates.keys() {
        let place = choice.predicates.get(referent);
        places.insert(*place.ok_or_else(|| Error::NotChosen { referent: referent.clone() })?);
    }
    Ok(places)
}
