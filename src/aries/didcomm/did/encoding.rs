//! Base64 as agents write it: either alphabet, padded or not.

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Decodes base64 of any flavour; a space is a `+` that a query has lost.
pub(in crate::aries::didcomm) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let letters = text.bytes().map(|letter| match letter {
        b'+' | b' ' => b'-',
        b'/' => b'_',
        other => other,
    });
    LENIENT.decode(letters.collect::<Vec<_>>()).ok()
}
