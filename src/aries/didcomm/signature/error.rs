//! What can be wrong with a signature.

use crate::aries::didcomm::{KeyError, Verkey};

/// Why something is not signed, or not by whom it says.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// A part of the signature is missing or of another form.
    #[error("the signature's `{field}` is missing or is not {expected}")]
    Field {
        /// Which part, as a path.
        field: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// More signatures than anybody needs, or none.
    #[error("the signature holds {count} signatures; 1 to {max} are read")]
    Count {
        /// How many it holds.
        count: usize,
        /// How many are read.
        max: usize,
    },
    /// It is made in a way that is not known here.
    #[error("the signature's `{field}` is `{found}`; only {expected} is known here")]
    Unknown {
        /// What differs.
        field: &'static str,
        /// What it says, shortened.
        found: String,
        /// What is known.
        expected: &'static str,
    },
    /// The signer's key is none.
    #[error("the signature's signer cannot be read")]
    Signer(#[from] KeyError),
    /// It names two signers.
    #[error("the signature names the signer {named} and carries the key of {carried}")]
    TwoSigners {
        /// Whom its `kid` names.
        named: Verkey,
        /// Whose key it carries.
        carried: Verkey,
    },
    /// The signature does not hold.
    #[error("the signature is not one of {signer} over this content")]
    DoesNotHold {
        /// Who should have signed.
        signer: Verkey,
    },
    /// It holds, but over something that is no JSON.
    #[error("what is signed is not JSON after its eight bytes of time")]
    Content(#[source] serde_json::Error),
}

/// What belongs at `pointer`, for whom it is missing.
pub(super) fn missing(pointer: &'static str) -> SignatureError {
    let expected = match pointer {
        "/@type" => "`https://didcomm.org/signature/1.0/ed25519Sha512_single`",
        "/signer" => "an Ed25519 key in base58",
        "/sig_data" => "base64url of eight bytes of time and JSON",
        "/signature" => "base64url of 64 bytes",
        "/protected" => "base64url of a JSON object with `alg` and `jwk`",
        "/alg" => "`EdDSA`",
        "/jwk/x" => "base64url of the 32 bytes of an Ed25519 key",
        _ => "a text",
    };
    SignatureError::Field { field: pointer.trim_start_matches('/'), expected }
}
