//! Base64 as agents write it: any of its two alphabets, with padding or without.

use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
/// Writes base64url without padding, which everybody reads; reads it with or without.
pub(super) const URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);
const OTHER: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);

/// Reads base64 of either alphabet, padded or not.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL.decode(text).or_else(|_| OTHER.decode(text)).ok()
}

/// Reads base64 of either alphabet, padded or not, that holds exactly `N` bytes.
pub(super) fn decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        let bytes = vec![0xfb, 0xff, 0xfe, 0x3e];
        for text in ["-__-Pg", "-__-Pg==", "+//+Pg", "+//+Pg=="] {
            assert_eq!(decode(text), Some(bytes.clone()), "{text}");
            assert_eq!(decode_array::<4>(text), Some([0xfb, 0xff, 0xfe, 0x3e]), "{text}");
            assert_eq!(decode_array::<5>(text), None, "{text}");
        }
    }

    #[test]
    fn other_letters_and_loose_bits_are_refused() {
        for text in ["-__-P", "-__-P!==", "-__-Ph", "-//+Pg", "=", "-__-\nPg"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
