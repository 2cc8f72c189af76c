//! Presentations that lack nothing but their nonce, for requests that are expected.

use crate::aries::anoncreds::{Choice, Interval, Prepared, PresentationRequest};

/// Most that a holder keeps; each has some tens of kilobytes.
const PREPARED_MAX: usize = 2;

/// What a holder has prepared, the oldest first.
#[derive(Default)]
pub(super) struct PreparedProofs {
    proofs: Vec<PreparedProof>,
    /// How often what proofs are made of has changed: one begun before is not kept.
    changes: u64,
}

/// A presentation for requests of a shape.
pub(super) struct PreparedProof {
    pub(super) request: PresentationRequest,
    pub(super) choice: Choice,
    /// The credentials' places in the choice, and of when each is not revoked if that is proved.
    pub(super) times: Vec<(usize, Option<u64>)>,
    pub(super) proof: Prepared,
}

impl PreparedProofs {
    /// What [`keep`](Self::keep) is to be told of a proof that is begun now.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// Forgets all, because what they are made of is not what it was.
    pub(super) fn clear(&mut self) {
        self.changes += 1;
        self.proofs.clear();
    }

    /// Keeps one in the place of an older one of its shape, unless something changed since it was
    /// begun.
    pub(super) fn keep(&mut self, proof: PreparedProof, begun: u64) {
        if begun != self.changes {
            return;
        }
        self.proofs.retain(|it| !same_shape(&it.request, &proof.request));
        if self.proofs.len() == PREPARED_MAX {
            self.proofs.remove(0);
        }
        self.proofs.push(proof);
    }

    /// Takes the one that answers a request.
    pub(super) fn take(&mut self, request: &PresentationRequest) -> Option<Prepared> {
        let at = self.proofs.iter().position(|it| it.fits(request))?;
        Some(self.proofs.remove(at).proof)
    }
}

impl PreparedProof {
    fn fits(&self, request: &PresentationRequest) -> bool {
        let in_time = |(place, time): &(usize, Option<u64>)| {
            let interval = self.choice.interval(request, *place);
            interval.zip(*time).is_none_or(|(interval, time)| interval.contains(time))
        };
        same_shape(&self.request, request) && self.times.iter().all(in_time)
    }
}

/// Whether two requests ask the same, of whatever time, with whatever nonce and under whatever name.
fn same_shape(one: &PresentationRequest, other: &PresentationRequest) -> bool {
    let timed = |one: Option<Interval>, other: Option<Interval>| one.is_some() == other.is_some();
    let (attributes, others) = (&one.requested_attributes, &other.requested_attributes);
    let (predicates, other_predicates) = (&one.requested_predicates, &other.requested_predicates);
    attributes.len() == others.len()
        && predicates.len() == other_predicates.len()
        && timed(one.non_revoked, other.non_revoked)
        && attributes.iter().zip(others).all(|((referent, one), (other_referent, other))| {
            referent == other_referent
                && (&one.name, &one.names, &one.restrictions)
                    == (&other.name, &other.names, &other.restrictions)
                && timed(one.non_revoked, other.non_revoked)
        })
        && predicates.iter().zip(other_predicates).all(
            |((referent, one), (other_referent, other))| {
                referent == other_referent
                    && (&one.name, one.p_type, one.p_value, &one.restrictions)
                        == (&other.name, other.p_type, other.p_value, &other.restrictions)
                    && timed(one.non_revoked, other.non_revoked)
            },
        )
}
