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
    #[error("no credential fits what the proof request asks as `{referent}`: {why}")]
    NothingFits {
        /// Which referent.
        referent: String,
        /// What there is, without what it says.
        why: String,
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
    /// An issuer's or a registry's keys cannot be read; their text is secret.
    #[error("cannot read the {document} at line {line}, column {column}: {reason}")]
    Keys {
        /// Which keys.
        document: &'static str,
        /// Where it is, from 1.
        line: usize,
        /// Where it is in the line, from 1.
        column: usize,
        /// What is wrong there.
        reason: &'static str,
    },
    /// An issuer's keys are not one another's, or not those of the schema's attributes.
    #[error("the keys of the credential definition `{definition}` do not belong together")]
    Strange {
        /// Which definition.
        definition: String,
    },
    /// A registry has place for too few or too many credentials.
    #[error("a registry of size {size}, which has to be within {min} to {max}")]
    Size {
        /// How large it would be.
        size: u32,
        /// How large it has to be.
        min: u32,
        /// How large it may be.
        max: u32,
    },
    /// The values to issue are not of the attributes of the schema.
    #[error("the schema's attributes and the values to issue differ in `{differing}`")]
    Attributes {
        /// What only one of them has, or the values have twice.
        differing: String,
    },
    /// A credential cannot be issued with an index that is revoked.
    #[error("the revocation index {index} is revoked")]
    Revoked {
        /// Which index.
        index: u32,
    },
}
