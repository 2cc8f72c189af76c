//! Bytes as an envelope, and as mutations of one that real ACA-Py made.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::aries::didcomm::{
    KeyPair,
    envelope::{Channel, Envelope, Opened},
};
use serde_json::Value;

/// Most mutations of one envelope.
const MUTATIONS_MAX: usize = 16;

/// An envelope, who opens it, and what is in it.
struct Original {
    envelope: Value,
    key: KeyPair,
    known: Option<Channel>,
    opened: Opened,
}

static ORIGINALS: LazyLock<Vec<Original>> = LazyLock::new(|| {
    let text = include_str!("../fixtures/aries/envelopes.json");
    let fixtures: Value = serde_json::from_str(text).unwrap();
    fixtures["envelopes"].as_array().unwrap().iter().map(Original::read).collect()
});

/// Tries these bytes.
///
/// # Panics
/// They are opened as something that nobody packed, or the reader panics.
pub(crate) fn try_bytes(bytes: &[u8]) {
    let Some((&which, mutations)) = bytes.split_first() else { return };
    let original = &ORIGINALS[usize::from(which) % ORIGINALS.len()];
    original.check(bytes);
    let mut envelope = original.envelope.clone();
    // The higher half of the bytes mutates the header, which is base64, from within.
    if which >= 128 {
        let header = URL_SAFE_NO_PAD.decode(envelope["protected"].as_str().unwrap()).unwrap();
        envelope["protected"] = URL_SAFE_NO_PAD.encode(mutated(header, mutations)).into();
        original.check(envelope.to_string().as_bytes());
    } else {
        original.check(&mutated(envelope.to_string().into_bytes(), mutations));
    }
}

/// Four bytes a mutation: which kind, where (two bytes), and with what.
fn mutated(mut bytes: Vec<u8>, mutations: &[u8]) -> Vec<u8> {
    for mutation in mutations.chunks_exact(4).take(MUTATIONS_MAX) {
        let [kind, high, low, with] = mutation.try_into().unwrap();
        let at = usize::from(u16::from_be_bytes([high, low])) % (bytes.len() + 1);
        match kind % 5 {
            0 => bytes.insert(at, with),
            1 => bytes.truncate(at),
            2 => bytes.rotate_left(at),
            3 if at < bytes.len() => drop(bytes.remove(at)),
            _ if at < bytes.len() => bytes[at] = with,
            _ => {}
        }
    }
    bytes
}

impl Original {
    fn read(fixture: &Value) -> Self {
        let seed = fixture["recipient"]["seed_hex"].as_str().unwrap();
        let byte = |at| u8::from_str_radix(&seed[2 * at..2 * at + 2], 16).unwrap();
        let key = KeyPair::from_seed(std::array::from_fn(byte));
        let envelope = fixture["envelope"].clone();
        let opened =
            Envelope::parse(envelope.to_string().as_bytes()).unwrap().open(&key, None).unwrap();
        let known = opened.sender.map(|sender| Channel::new(&key, &sender).unwrap());
        Self { envelope, key, known, opened }
    }

    /// Whatever opens with this key is what was packed for it, by whom it was packed.
    fn check(&self, bytes: &[u8]) {
        let Ok(envelope) = Envelope::parse(bytes) else { return };
        for known in [None, self.known.as_ref()] {
            if let Ok(opened) = envelope.open(&self.key, known) {
                assert_eq!(opened, self.opened);
            }
        }
    }
}
