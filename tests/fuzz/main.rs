//! What `fuzz/` looks for with a nightly compiler, tried here with random bytes so that it cannot rot.
#![expect(clippy::unwrap_used, reason = "a test may")]

mod envelope;
mod invitation;

use proptest::{collection::vec, prelude::*};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_break_the_reader_of_envelopes(bytes in vec(any::<u8>(), 0..64)) {
        envelope::try_bytes(&bytes);
    }

    #[test]
    fn no_bytes_break_the_reader_of_invitations(bytes in vec(any::<u8>(), 0..64)) {
        invitation::try_bytes(&bytes);
    }
}
