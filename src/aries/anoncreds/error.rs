//! Why something about credentials cannot be done.

/// Why a credential cannot be asked for, kept or presented.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The mathematics refuses, because numbers do not belong together or are none at all.
    #[error("cannot {step}: {reason}")]
    Refused {
        /// What was being done.
        step: &'static str,
        /// What the mathematics says.
        reason: String,
    },
    /// Two documents that should be of one definition or registry are not.
    #[error("the {document} is of `{found}` and not of `{expected}`")]
    Foreign {
        /// Which document.
        document: &'static str,
        /// Whose it is.
        found: String,
        /// Whose it should be.
        expected: String,
    },
    /// A public key has a modulus that nobody honest has.
    #[error("the credential definition's `primary/n` is no odd number of {digits} digits or more")]
    WeakKey {
        /// How many decimal digits it has at least.
        digits: usize,
    },
    /// A document lacks what this needs.
    #[error("the {document} has no `{field}`")]
    Missing {
        /// Which document.
        document: &'static str,
        /// Which field.
        field: &'static str,
    },
    /// A schema has more attributes than there may be.
    #[error("a schema of {count} attributes, and {max} is the most there may be")]
    TooManyAttributes {
        /// How many it has.
        count: usize,
        /// How many it may have.
        max: usize,
    },
    /// An attribute's encoded value is no number, or too long.
    #[error("the encoded value of the attribute `{attribute}` is no whole number below 2^256")]
    Value {
        /// Which attribute.
        attribute: String,
    },
    /// No credential that is held has what a referent asks.
    #[error("no credential fits what the proof request asks as `{referent}`")]
    NothingFits {
        /// Which referent.
        referent: String,
    },
    /// A choice names no credential that is there, or says nothing of a referent.
    #[error("the choice does not say which credential answers `{referent}`")]
    NotChosen {
        /// Which referent.
        referent: String,
    },
    /// A credential lacks an attribute, or its value does not satisfy a predicate.
    #[error("the credential that was chosen does not satisfy `{referent}`")]
    Unsatisfied {
        /// Which referent.
        referent: String,
    },
    /// A proof of non-revocation is asked for, and there is no witness.
    #[error(
        "the proof request asks whether a credential of `{registry}` is revoked, and its revocation state is not known"
    )]
    NoState {
        /// Which registry.
        registry: String,
    },
    /// The tails file is not the one that the registry names.
    #[error("the tails file of `{registry}` is not the one that its definition names: {reason}")]
    Tails {
        /// Which registry.
        registry: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An index that the registry does not have.
    #[error("the revocation index {index} is not within 1 to {max}")]
    Index {
        /// Which index.
        index: u32,
        /// The registry's last.
        max: u32,
    },
}
