//! What holds for any message, any key and any tampering.

use proptest::{prelude::*, sample::Index};

use super::*;

#[test]
fn a_channel_is_small() {
    assert!(size_of::<Channel>() <= 240, "{}", size_of::<Channel>());
}

#[test]
fn a_channel_shows_no_secret() {
    let shown = format!("{:?}", channel(1, 2));
    let (mine, theirs) = (key(1), key(2));
    let (mine, theirs) = (mine.verkey(), theirs.verkey());
    assert_eq!(shown, format!("Channel {{ mine: {mine}, theirs: {theirs}, .. }}"));
}

#[test]
fn a_channel_is_recognized_by_its_sealed_sender() {
    let (to_server, other) = (channel(1, 3), channel(2, 3));
    let sealed = |packed: &[u8]| {
        let envelope = Envelope::parse(packed).unwrap();
        envelope.sealed_sender(key(3).verkey()).unwrap().to_owned()
    };
    assert_eq!(sealed(&to_server.pack(b"one")), sealed(&to_server.pack(b"two")));
    assert_ne!(sealed(&to_server.pack(b"one")), sealed(&other.pack(b"one")));
    let nobody = seal(b"one", key(3).verkey()).unwrap();
    assert_eq!(Envelope::parse(&nobody).unwrap().sealed_sender(key(3).verkey()), None);
}

#[test]
fn the_channel_of_another_sender_does_no_harm() {
    let packed = channel(1, 3).pack(b"hello");
    let opened = open(&packed, &key(3), Some(&channel(3, 2))).unwrap();
    assert_eq!(opened.sender, Some(*key(1).verkey()));
    let of_another_key = channel(4, 1);
    assert_eq!(open(&packed, &key(3), Some(&of_another_key)).unwrap(), opened);
}

/// Key 2 writes to key 3 and puts the sealed name of key 1 beside its own box.
fn forged() -> Vec<u8> {
    let real = channel(1, 3).pack(b"hello");
    let envelope_of_1 = Envelope::parse(&real).unwrap();
    let (content_key, iv, nonce) = ([7; 32], [6; 12], [5; 24]);
    let shared = SalsaBox::new(&key(3).verkey().agreement().unwrap(), &key(2).agreement());
    let wrapped = shared.encrypt(&nonce.into(), &content_key[..]).unwrap();
    let mut header = write::header("Authcrypt", &wrapped);
    let sealed = envelope_of_1.sealed_sender(key(3).verkey()).unwrap();
    let nonce = engines::URL_SAFE_NO_PAD.encode(nonce);
    let rest = format!(r#"{}","sender":"{sealed}","iv":"{nonce}"}}}}]}}"#, key(3).verkey());
    header.extend_from_slice(rest.as_bytes());
    write::envelope(&header, &write::Content { key: &content_key, iv: &iv }, b"I am key 1")
}

#[test]
fn nobody_writes_in_the_name_of_another() {
    let cannot = |known| {
        let error = open(&forged(), &key(3), known).unwrap_err();
        assert!(matches!(error, EnvelopeError::CannotOpen { .. }), "{error}");
    };
    cannot(None);
    cannot(Some(&channel(3, 1)));
    // Whoever knows the forger's channel is told who it really is.
    let opened = open(&forged(), &key(3), Some(&channel(3, 2))).unwrap();
    assert_eq!(opened.sender, Some(*key(2).verkey()));
}

/// The envelope with a text of its header replaced by another.
fn with_header(packed: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut envelope: Value = serde_json::from_slice(packed).unwrap();
    let protected = envelope["protected"].as_str().unwrap();
    let header = String::from_utf8(engines::URL_SAFE_NO_PAD.decode(protected).unwrap()).unwrap();
    assert!(header.contains(from), "{header}");
    envelope["protected"] = engines::URL_SAFE_NO_PAD.encode(header.replace(from, to)).into();
    envelope.to_string().into_bytes()
}

#[test]
fn what_is_for_one_key_does_not_open_with_another() {
    let (right, wrong) = (key(2).verkey().to_string(), key(3).verkey().to_string());
    for packed in [channel(1, 2).pack(b"hello"), seal(b"hello", key(2).verkey()).unwrap()] {
        let error = open(&packed, &key(3), None).unwrap_err();
        assert!(matches!(error, EnvelopeError::NotForKey { .. }), "{error}");
        let error = open(&with_header(&packed, &right, &wrong), &key(3), None).unwrap_err();
        assert!(matches!(error, EnvelopeError::CannotOpen { .. }), "{error}");
    }
}

#[test]
fn a_header_is_bound_to_its_content() {
    let packed = channel(1, 2).pack(b"hello");
    let other = with_header(&packed, "xchacha20poly1305_ietf", "chacha20poly1305_ietf");
    for known in [None, Some(&channel(2, 1))] {
        let error = open(&other, &key(2), known).unwrap_err();
        assert!(matches!(error, EnvelopeError::CannotOpen { .. }), "{error}");
    }
    // A box of our own, sent back to us, is one that the channel can open; its header is another.
    let (mine, theirs) = (key(1).verkey().to_string(), key(2).verkey().to_string());
    let reflected = with_header(&packed, &theirs, &mine);
    assert!(open(&reflected, &key(1), Some(&channel(1, 2))).is_err());
}

#[test]
fn the_manners_of_other_agents_are_read() {
    let (first, second) = (key(2), key(3));
    for manner in MANNERS {
        let packed = manner.pack(&key(1), &[first.verkey(), second.verkey()], b"hello?>~");
        let envelope = Envelope::parse(&packed).unwrap();
        assert!(envelope.recipients().eq([first.verkey(), second.verkey()]));
        for to in [&first, &second] {
            let known = Channel::new(to, key(1).verkey()).unwrap();
            for known in [None, Some(&known)] {
                let opened = envelope.open(to, known).unwrap();
                assert_eq!(opened.plaintext, b"hello?>~");
                assert_eq!(opened.sender, Some(*key(1).verkey()));
                assert_eq!(opened.recipient, *to.verkey());
            }
        }
    }
}

proptest! {
    #[test]
    fn what_is_packed_opens(from: [u8; 32], to: [u8; 32], plaintext: Vec<u8>) {
        let (from, to) = (KeyPair::from_seed(from), KeyPair::from_seed(to));
        let packed = Channel::new(&from, to.verkey()).unwrap().pack(&plaintext);
        let (sender, recipient) = (Some(*from.verkey()), *to.verkey());
        let expected = Opened { plaintext, sender, recipient };
        let known = Channel::new(&to, from.verkey()).unwrap();
        prop_assert_eq!(&open(&packed, &to, None).unwrap(), &expected);
        prop_assert_eq!(&open(&packed, &to, Some(&known)).unwrap(), &expected);

        let sealed = seal(&expected.plaintext, to.verkey()).unwrap();
        let expected = Opened { sender: None, ..expected };
        prop_assert_eq!(open(&sealed, &to, Some(&known)).unwrap(), expected);
    }

    #[test]
    fn what_is_forwarded_unwraps_hop_by_hop(hops in 0..5_u8, plaintext: Vec<u8>) {
        let routing: Vec<_> = (10..10 + hops).map(key).collect();
        let packed = channel(1, 2).pack(&plaintext);
        let keys: Vec<_> = routing.iter().map(|hop| *hop.verkey()).collect();
        let mut bytes = forward(packed.clone(), key(2).verkey(), &keys).unwrap();
        // The last of the routing keys is the outermost: it is the first to be written to.
        for (at, hop) in routing.iter().enumerate().rev() {
            let opened = open(&bytes, hop, None).unwrap();
            prop_assert_eq!(opened.sender, None);
            let message: Value = serde_json::from_slice(&opened.plaintext).unwrap();
            prop_assert_eq!(&message["@type"], "https://didcomm.org/routing/1.0/forward");
            let to = if at == 0 { *key(2).verkey() } else { keys[at - 1] };
            prop_assert_eq!(&message["to"], &to.to_string());
            bytes = message["msg"].to_string().into_bytes();
        }
        prop_assert_eq!(open(&bytes, &key(2), None).unwrap().plaintext, plaintext);
    }

    #[test]
    fn one_wrong_byte_never_makes_another_message(
        at: Index, flip in 1..=255_u8, knows: bool, nobody: bool,
    ) {
        let mut packed = if nobody {
            seal(b"{\"@id\":1}", key(2).verkey()).unwrap()
        } else {
            channel(1, 2).pack(b"{\"@id\":1}")
        };
        let known = channel(2, 1);
        let known = knows.then_some(&known);
        let before = open(&packed, &key(2), known).unwrap();
        let at = at.index(packed.len());
        packed[at] ^= flip;
        if let Ok(after) = open(&packed, &key(2), known) {
            prop_assert_eq!(after, before);
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
        prop_assert!(open(&bytes, &key(2), Some(&channel(2, 1))).is_err());
    }

    #[test]
    fn any_header_is_read_without_a_panic(
        alg in "Authcrypt|Anoncrypt",
        parts in proptest::collection::vec("[A-Za-z0-9_=/+-]{0,20}|A{16}|A{22}|A{32}|A{64}|A{107}", 6),
    ) {
        let [wrapped, sender, nonce, iv, text, tag] = <[String; 6]>::try_from(parts).unwrap();
        let header = json!({ "kid": key(2).verkey().to_string(), "iv": nonce, "sender": sender });
        let protected = json!({
            "alg": alg,
            "enc": "xchacha20poly1305_ietf",
            "recipients": [{ "encrypted_key": wrapped, "header": header }],
        });
        let protected = engines::URL_SAFE.encode(protected.to_string());
        let envelope =
            json!({ "protected": protected, "iv": iv, "ciphertext": text, "tag": tag }).to_string();
        prop_assert!(open(envelope.as_bytes(), &key(2), Some(&channel(2, 1))).is_err());
    }
}
