//! What real ACA-Py packed opens here.

use super::*;

struct Capture {
    key: KeyPair,
    sender: Option<Verkey>,
    envelope: Vec<u8>,
    plaintext: Value,
}

fn captures() -> Vec<Capture> {
    let text = include_str!("../../../../../tests/fixtures/aries/envelopes.json");
    let all: Value = serde_json::from_str(text).unwrap();
    let read = |capture: &Value| {
        let seed = capture["recipient"]["seed_hex"].as_str().unwrap();
        let seed =
            std::array::from_fn(|at| u8::from_str_radix(&seed[2 * at..2 * at + 2], 16).unwrap());
        let key = KeyPair::from_seed(seed);
        assert_eq!(key.verkey().to_string(), capture["recipient"]["verkey"].as_str().unwrap());
        Capture {
            key,
            sender: capture["sender"].as_str().map(|sender| sender.parse().unwrap()),
            envelope: capture["envelope"].to_string().into_bytes(),
            plaintext: capture["plaintext"].clone(),
        }
    };
    all["envelopes"].as_array().unwrap().iter().map(read).collect()
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn every_envelope_of_aca_py_opens_and_names_its_sender() {
    let captures = captures();
    assert_eq!(captures.len(), 6);
    for Capture { key, sender, envelope, plaintext } in captures {
        let known = sender.map(|sender| Channel::new(&key, &sender).unwrap());
        let fresh = open(&envelope, &key, None).unwrap();
        assert_eq!((json(&fresh.plaintext), fresh.sender), (plaintext, sender));
        assert_eq!(fresh.recipient, *key.verkey());
        assert_eq!(open(&envelope, &key, known.as_ref()).unwrap(), fresh);
    }
}

#[test]
fn what_aca_py_forwards_is_an_envelope_again() {
    let captures = captures();
    let forwards = captures.iter().filter(|capture| capture.plaintext.get("msg").is_some());
    for forward in forwards.clone() {
        let inner = forward.plaintext["msg"].to_string().into_bytes();
        let to: Verkey = forward.plaintext["to"].as_str().unwrap().parse().unwrap();
        let key = &captures.iter().find(|it| *it.key.verkey() == to).unwrap().key;
        assert_eq!(Envelope::parse(&inner).unwrap().recipients().collect::<Vec<_>>(), [&to]);
        let opened = open(&inner, key, None).unwrap();
        assert!(json(&opened.plaintext)["@type"].as_str().unwrap().ends_with("/response"));
        assert!(opened.sender.is_some());
    }
    assert_eq!(forwards.count(), 2);
}

/// The envelope with its header in the open, and every text of its own blotted out.
fn shape(packed: &[u8]) -> Value {
    let mut envelope = json(packed);
    let header = engines::URL_SAFE_NO_PAD.decode(envelope["protected"].as_str().unwrap()).unwrap();
    let mut header = json(&header);
    let entry = &mut header["recipients"][0];
    entry["encrypted_key"].take();
    for value in entry["header"].as_object_mut().unwrap().values_mut() {
        value.take();
    }
    for part in ["iv", "ciphertext", "tag"] {
        envelope[part].take();
    }
    envelope["protected"] = header;
    envelope
}

#[test]
fn what_is_packed_here_has_the_shape_of_what_aca_py_packs() {
    for capture in captures() {
        let ours = match capture.sender {
            Some(sender) => Channel::new(&capture.key, &sender).unwrap().pack(b"{}"),
            None => seal(b"{}", capture.key.verkey()).unwrap(),
        };
        assert_eq!(shape(&ours), shape(&capture.envelope));
    }
}
