//! Whether a presentation answers a question, and is true.

use std::collections::BTreeMap;

use anoncreds_clsignatures as cl;

use super::{
    AttributeValue, Definition, Error, HIDDEN, Identifier, Interval, Presentation,
    PresentationRequest, Restrictions, RevocationRegistryDefinition, RevocationStatusList, encoded,
    marker, numbers::guarded, restriction::Tags,
};

/// What a verifier knows of the issuers.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Credential definitions.
    pub definitions: Vec<Definition>,
    /// Revocation registries, by their ids.
    pub registries: BTreeMap<String, RevocationRegistryDefinition>,
    /// States of the registries, one for each time that a presentation may be of.
    pub lists: Vec<RevocationStatusList>,
}

/// Why a presentation is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// It does not answer a part of the question, or answers one that was not asked.
    #[error("the presentation does not answer `{referent}` as it was asked")]
    Unanswered {
        /// Which referent.
        referent: String,
    },
    /// It is of a credential that was not published, or of a time that is not known.
    #[error("the presentation is of the {document} `{id}`, which is not known")]
    Unknown {
        /// What kind of document.
        document: &'static str,
        /// Which.
        id: String,
    },
    /// It does not show that a credential is not revoked, or not for a time that was asked.
    #[error("the presentation does not show that part {part} of it is not revoked in time")]
    NotCurrent {
        /// Which part, from 0.
        part: usize,
    },
    /// The mathematics says that it is false.
    #[error("the presentation's proof is false")]
    False,
    /// The mathematics cannot make sense of it.
    #[error(transparent)]
    Broken(#[from] Error),
}

impl Published {
    /// Verifies an answer.
    ///
    /// # Errors
    /// When it is none, or is false.
    pub fn verify(
        &self,
        request: &PresentationRequest,
        presentation: &Presentation,
    ) -> Result<(), Rejection> {
        if presentation.proof.0.proofs.len() != presentation.identifiers.len() {
            return Err(Rejection::False);
        }
        let mut parts = self.parts(presentation)?;
        answered(request, presentation, &mut parts)?;
        let mut verifier = guarded("begin to verify", cl::Verifier::new_proof_verifier)?;
        guarded("begin to verify", || verifier.add_common_attribute(HIDDEN))?;
        for (number, part) in parts.into_iter().enumerate() {
            let revocation =
                self.revocation(&part).ok_or(Rejection::NotCurrent { part: number })?;
            let (key, list) = revocation.unzip();
            let parsed = part.definition.parsed();
            guarded("verify a credential", || {
                verifier.add_sub_proof_request(
                    &part.asked.finalize()?,
                    &parsed.attributes,
                    &parsed.hidden,
                    &parsed.key,
                    key,
                    list.as_ref(),
                )
            })?;
        }
        let (proof, nonce) = (&presentation.proof.0, &request.nonce.0);
        let is_true = guarded("verify the proof", || verifier.verify(proof, nonce))?;
        if is_true { Ok(()) } else { Err(Rejection::False) }
    }

    fn parts<'a>(&'a self, presentation: &'a Presentation) -> Result<Vec<Part<'a>>, Rejection> {
        let proofs = &presentation.proof.0.proofs;
        let read = |(identifier, proof): (&'a Identifier, &cl::SubProof)| {
            let id = &identifier.cred_def_id;
            let definition = self.definitions.iter().find(|it| it.id() == id).ok_or_else(|| {
                Rejection::Unknown { document: "credential definition", id: id.clone() }
            })?;
            // Indy ledgers have a number there, which says nothing of the schema's id.
            let schema_id = &definition.parsed().schema_id;
            let numbered = schema_id.bytes().all(|digit| digit.is_ascii_digit());
            if !numbered && *schema_id != identifier.schema_id {
                let id = identifier.schema_id.clone();
                return Err(Rejection::Unknown { document: "schema", id });
            }
            let shown = guarded("read what is shown", || proof.revealed_attrs())?;
            // The mathematics passes over a proof of non-revocation that is not there.
            let json = serde_json::to_value(proof).unwrap_or_default();
            Ok(Part {
                identifier,
                definition,
                shown: shown.into_iter().collect(),
                values: BTreeMap::new(),
                interval: None,
                proves_current: !json["non_revoc_proof"].is_null(),
                asked: guarded("read what is shown", cl::Verifier::new_sub_proof_request_builder)?,
            })
        };
        presentation.identifiers.iter().zip(proofs).map(read).collect()
    }

    /// The key and the state to verify a part's not being revoked with, if it has to be; `None` when
    /// it has to be and cannot.
    #[expect(clippy::option_option, reason = "not asked and not there are two things")]
    fn revocation(
        &self,
        part: &Part<'_>,
    ) -> Option<Option<(&cl::RevocationKeyPublic, cl::RevocationRegistry)>> {
        let interval = part.interval.filter(|_| part.definition.is_revocable());
        let Some(interval) = interval else { return Some(None) };
        let id = part.identifier.rev_reg_id.as_ref()?;
        let time = part.identifier.timestamp.filter(|time| interval.contains(*time))?;
        let registry = self.registries.get(id)?;
        let list = self.lists.iter().find(|list| {
            list.timestamp == Some(time) && list.rev_reg_def_id.as_ref() == Some(id)
        })?;
        let ours = registry.cred_def_id == part.definition.id() && part.proves_current;
        let accumulator = list.accumulator.as_ref().filter(|_| ours)?.0;
        Some(Some((&registry.value.public_keys.accum_key.0, accumulator.into())))
    }
}

/// What one credential shows.
struct Part<'a> {
    identifier: &'a Identifier,
    definition: &'a Definition,
    /// The numbers that are proved, by the attributes' markers.
    shown: BTreeMap<String, String>,
    /// The texts that they stand for.
    values: BTreeMap<String, &'a str>,
    interval: Option<Interval>,
    proves_current: bool,
    asked: cl::SubProofRequestBuilder,
}

impl<'a> Part<'a> {
    /// Takes a value as shown if it is the one that is proved.
    fn show(&mut self, name: &str, raw: &'a str, number: &str) -> Option<()> {
        let name = marker(name);
        let proved = self.shown.get(&name).is_some_and(|it| it == number);
        // A number says nothing of a text that it does not stand for.
        if !proved || encoded(raw) != number {
            return None;
        }
        self.asked.add_revealed_attr(&name).ok()?;
        self.values.insert(name, raw);
        Some(())
    }

    fn has(&self, name: &str) -> bool {
        self.definition.schema().attr_names.iter().any(|it| marker(it) == marker(name))
    }

    fn require(&mut self, interval: Option<Interval>) {
        self.interval = match (self.interval, interval) {
            (Some(one), Some(other)) => Some(one.and(other)),
            (one, other) => one.or(other),
        };
    }

    fn allowed(&self, restrictions: Option<&Restrictions>) -> bool {
        let tags = Tags {
            schema_id: &self.identifier.schema_id,
            registry_id: self.identifier.rev_reg_id.as_deref(),
            definition: self.definition,
            has: &|name| self.has(name),
            value: &|name| self.values.get(name).copied(),
        };
        restrictions.is_none_or(|it| it.allow_shown(&tags))
    }
}

fn answered<'a>(
    request: &PresentationRequest,
    presentation: &'a Presentation,
    parts: &mut [Part<'a>],
) -> Result<(), Rejection> {
    let unanswered = |referent: &str| Rejection::Unanswered { referent: referent.to_owned() };
    let shown = &presentation.requested_proof;
    let mut about = BTreeMap::new();
    for referent in request.requested_attributes.keys() {
        let part = attribute(request, presentation, referent, parts);
        about.insert(referent, part.ok_or_else(|| unanswered(referent))?);
    }
    // A value may be shown by another part of the question than the one that restricts it.
    for (referent, part) in about {
        let asked = &request.requested_attributes[referent];
        let restrictions = asked.restrictions.as_ref();
        let allowed = match part {
            Some(part) => parts[part].allowed(restrictions),
            None => restrictions.is_none_or(Restrictions::are_none),
        };
        if !allowed {
            return Err(unanswered(referent));
        }
    }
    for (referent, asked) in &request.requested_predicates {
        let place = shown.predicates.get(referent).map(|it| it.sub_proof_index as usize);
        let part = place.and_then(|place| parts.get_mut(place));
        let part = part.filter(|it| it.has(&asked.name) && it.allowed(asked.restrictions.as_ref()));
        let part = part.ok_or_else(|| unanswered(referent))?;
        part.require(asked.non_revoked.or(request.non_revoked));
        let (name, code) = (marker(&asked.name), asked.p_type.code());
        guarded("verify a predicate", || part.asked.add_predicate(&name, code, asked.p_value))?;
    }
    Ok(())
}

/// Which part answers an attribute, `Some(None)` if it is the holder's word, `None` if nothing does.
#[expect(clippy::option_option, reason = "a holder's word and no answer are two things")]
fn attribute<'a>(
    request: &PresentationRequest,
    presentation: &'a Presentation,
    referent: &str,
    parts: &mut [Part<'a>],
) -> Option<Option<usize>> {
    let asked = request.requested_attributes.get(referent)?;
    let shown = &presentation.requested_proof;
    let place = if let Some(one) = shown.revealed_attrs.get(referent) {
        let name = asked.name.as_ref().filter(|_| asked.names.is_none())?;
        let part = parts.get_mut(one.sub_proof_index as usize)?;
        part.show(name, &one.raw, &one.encoded)?;
        one.sub_proof_index as usize
    } else if let Some(group) = shown.revealed_attr_groups.get(referent) {
        let part = parts.get_mut(group.sub_proof_index as usize)?;
        for name in asked.names() {
            let AttributeValue { raw, encoded } = group.values.get(name)?;
            part.show(name, raw, encoded)?;
        }
        group.sub_proof_index as usize
    } else if let Some(hidden) = shown.unrevealed_attrs.get(referent) {
        let part = parts.get(hidden.sub_proof_index as usize)?;
        asked.names().all(|name| part.has(name)).then_some(hidden.sub_proof_index as usize)?
    } else {
        shown.self_attested_attrs.get(referent).filter(|_| asked.names.is_none())?;
        return Some(None);
    };
    parts.get_mut(place)?.require(asked.non_revoked.or(request.non_revoked));
    Some(Some(place))
}
