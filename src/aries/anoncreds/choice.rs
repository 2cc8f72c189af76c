//! Which credential answers which part of a question.

use std::collections::BTreeMap;

use super::{
    Credential, Definition, Error, Interval, PresentationRequest, Restrictions, RevocationState,
};
use crate::quantity::shortened;

/// A credential with all that presenting it needs.
#[derive(Debug, Clone)]
pub struct Held {
    /// As it is kept.
    pub credential: Credential,
    /// Its definition.
    pub definition: Definition,
    /// The witness of its not being revoked, where one may be asked for.
    pub state: Option<RevocationState>,
}

/// What answers an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A credential, by its place among those held; its values are shown.
    Revealed(usize),
    /// A credential, by its place among those held; its values are not shown.
    Unrevealed(usize),
    /// The holder's word.
    SelfAttested(String),
}

/// What answers each part of a question; a scenario may change it before the proof.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// By the attributes' referents.
    pub attributes: BTreeMap<String, Source>,
    /// The credential's place among those held, by the predicates' referents.
    pub predicates: BTreeMap<String, usize>,
}

impl Choice {
    /// Takes the first credential that fits for each part, and reveals what is asked; what none has
    /// and any holder may say is the holder's word, an empty text.
    ///
    /// # Errors
    /// When a part is answered by no credential.
    pub fn first_fit(request: &PresentationRequest, held: &[Held]) -> Result<Self, Error> {
        let mut choice = Self::default();
        for (referent, asked) in &request.requested_attributes {
            let fits = |it: &Held| {
                asked.names().all(|name| it.credential.value(name).is_some())
                    && allowed(asked.restrictions.as_ref(), it)
            };
            let free = asked.restrictions.as_ref().is_none_or(Restrictions::are_none);
            let source = match held.iter().position(fits) {
                Some(place) => Source::Revealed(place),
                None if free && asked.names().count() == 1 => Source::SelfAttested(String::new()),
                None => {
                    let names: Vec<_> = asked.names().collect();
                    let has =
                        |it: &Held| names.iter().all(|name| it.credential.value(name).is_some());
                    return Err(nothing_fits(referent, &names.join("`, `"), held.iter().any(has)));
                }
            };
            choice.attributes.insert(referent.clone(), source);
        }
        for (referent, asked) in &request.requested_predicates {
            let fits = |it: &Held| {
                it.credential.value(&asked.name).is_some_and(|value| asked.holds(&value.encoded))
                    && allowed(asked.restrictions.as_ref(), it)
            };
            let place = held.iter().position(fits);
            let has = |it: &Held| it.credential.value(&asked.name).is_some();
            let place =
                place.ok_or_else(|| nothing_fits(referent, &asked.name, held.iter().any(has)))?;
            choice.predicates.insert(referent.clone(), place);
        }
        Ok(choice)
    }

    /// When the credential at a place may not have been revoked, by all that it answers; `None` when
    /// nothing asks.
    #[must_use]
    pub fn interval(&self, request: &PresentationRequest, place: usize) -> Option<Interval> {
        let attributes = request.requested_attributes.iter().filter(|(referent, _)| {
            matches!(self.attributes.get(*referent),
                Some(Source::Revealed(it) | Source::Unrevealed(it)) if *it == place)
        });
        let predicates = request.requested_predicates.iter();
        let predicates =
            predicates.filter(|(referent, _)| self.predicates.get(*referent) == Some(&place));
        // A part's own interval stands in place of the one for all.
        attributes
            .map(|(_, asked)| asked.non_revoked)
            .chain(predicates.map(|(_, asked)| asked.non_revoked))
            .filter_map(|own| own.or(request.non_revoked))
            .reduce(Interval::and)
    }
}

/// Says what is missing, and not what credentials say.
fn nothing_fits(referent: &str, names: &str, has: bool) -> Error {
    let names = shortened(names);
    let why = if has {
        format!("those that have `{names}` are restricted away, or what they say is not enough")
    } else {
        format!("none has `{names}`")
    };
    Error::NothingFits { referent: referent.to_owned(), why }
}

fn allowed(restrictions: Option<&Restrictions>, held: &Held) -> bool {
    restrictions.is_none_or(|it| it.allow(held))
}
