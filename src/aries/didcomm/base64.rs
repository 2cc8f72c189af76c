//! Base64 as agents write it: any of its two alphabets, with padding or without.

use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    encoded_len,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);
const OTHER: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);

/// Reads base64 of either alphabet, padded or not.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL.decode(text).or_else(|_| OTHER.decode(text)).ok()
}

/// Reads base64 of either alphabet, padded or not, that holds exactly `N` bytes.
pub(super) fn decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let length = URL.decode_slice(text, &mut bytes);
    let length = length.or_else(|_| OTHER.decode_slice(text, &mut bytes)).ok()?;
    (length == N).then_some(bytes)
}

/// Writes base64url without padding, which everybody reads.
pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL.encode(bytes)
}

/// Appends base64url without padding.
pub(super) fn append(bytes: &[u8], text: &mut Vec<u8>) {
    let start = text.len();
    text.resize(start + length(bytes.len()), 0);
    URL.encode_slice(bytes, &mut text[start..]).expect("the text has just been made long enough");
}

/// How long so many bytes are as base64url without padding.
pub(super) fn length(bytes: usize) -> usize {
    encoded_len(bytes, false).expect("what is in memory is less than half of it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        let bytes = [0xfb, 0xff, 0xfe, 0x3e];
        for text in ["-__-Pg", "-__-Pg==", "+//+Pg", "+//+Pg=="] {
            assert_eq!(decode(text), Some(bytes.to_vec()), "{text}");
            assert_eq!(decode_array(text), Some(bytes), "{text}");
            assert_eq!(decode_array::<5>(text), None, "{text}");
            assert_eq!(decode_array::<3>(text), None, "{text}");
        }
    }

    #[test]
    fn other_letters_and_loose_bits_are_refused() {
        for text in ["-__-P", "-__-P!==", "-__-Ph", "-//+Pg", "=", "-__-\nPg"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_appended_reads_again() {
        let mut text = b"x".to_vec();
        append(&[0xfb, 0xff, 0xfe, 0x3e], &mut text);
        assert_eq!((text.as_slice(), encode([0xfb])), (&b"x-__-Pg"[..], "-w".to_owned()));
    }
}
