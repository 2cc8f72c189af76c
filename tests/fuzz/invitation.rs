//! Bytes as an invitation, and as what its URL carries.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::aries::didcomm::invitation::Invitation;

/// Tries these bytes.
///
/// # Panics
/// The reader does.
pub(crate) fn try_bytes(bytes: &[u8]) {
    let carried = URL_SAFE_NO_PAD.encode(bytes);
    for parameter in ["oob", "c_i", "d_m"] {
        let _ = Invitation::read(&format!("https://agent.example?{parameter}={carried}"));
    }
    if let Ok(text) = str::from_utf8(bytes) {
        let _ = Invitation::read(text);
    }
}
