mod captures;
mod laws;
mod refusals;

use base64::{Engine as _, engine::GeneralPurpose, engine::general_purpose as engines};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, aead::Aead as _, aead::Payload};
use crypto_box::{SalsaBox, aead::OsRng};
use serde_json::{Value, json};

use super::*;
use crate::aries::didcomm::{KeyPair, Verkey};

fn key(seed: u8) -> KeyPair {
    KeyPair::from_seed([seed; 32])
}

fn channel(from: u8, to: u8) -> Channel {
    Channel::new(&key(from), key(to).verkey()).unwrap()
}

fn open(bytes: &[u8], with: &KeyPair, known: Option<&Channel>) -> Result<Opened, EnvelopeError> {
    Envelope::parse(bytes)?.open(with, known)
}

/// How other agents write envelopes.
struct Manner {
    base64: GeneralPurpose,
    kid: fn(&Verkey) -> String,
}

const MANNERS: [Manner; 4] = [
    Manner { base64: engines::URL_SAFE_NO_PAD, kid: Verkey::to_string },
    Manner { base64: engines::URL_SAFE, kid: Verkey::did_key },
    Manner { base64: engines::STANDARD, kid: Verkey::did_key_url },
    Manner { base64: engines::STANDARD_NO_PAD, kid: Verkey::to_string },
];

impl Manner {
    /// Packs for several keys, and says so in the most ordinary way: through a JSON library.
    fn pack(&self, from: &KeyPair, to: &[&Verkey], plaintext: &[u8]) -> Vec<u8> {
        let key = [7; 32];
        let recipient = |to: &&Verkey| {
            let theirs = to.agreement().unwrap();
            let wrapped = SalsaBox::new(&theirs, &from.agreement())
                .encrypt(&[5; 24].into(), &key[..])
                .unwrap();
            let me = from.verkey().to_string();
            json!({
                "encrypted_key": self.base64.encode(wrapped),
                "header": {
                    "kid": (self.kid)(to),
                    "iv": self.base64.encode([5; 24]),
                    "sender": self.base64.encode(theirs.seal(&mut OsRng, me.as_bytes()).unwrap()),
                },
            })
        };
        let header = json!({
            "enc": "xchacha20poly1305_ietf",
            "typ": "JWM/1.0",
            "alg": "Authcrypt",
            "recipients": to.iter().map(recipient).collect::<Value>(),
        });
        let protected = self.base64.encode(header.to_string());
        let text = ChaCha20Poly1305::new(&key.into())
            .encrypt(&[6; 12].into(), Payload { msg: plaintext, aad: protected.as_bytes() })
            .unwrap();
        let (text, tag) = text.split_at(plaintext.len());
        json!({
            "protected": protected,
            "iv": self.base64.encode([6; 12]),
            "ciphertext": self.base64.encode(text),
            "tag": self.base64.encode(tag),
        })
        .to_string()
        .into_bytes()
    }
}
