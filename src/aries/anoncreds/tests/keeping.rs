//! Claims about what holders keep: it is small, it is all that they need, and it says no secrets.

use super::*;

/// The credential of a fixture, with two attributes more.
fn credential() -> Credential {
    let mut credential: Credential = fixture("credential-2");
    for (name, raw) in [("email", "alice.smith@example.com"), ("timestamp", "1794000000")] {
        let value = AttributeValue { raw: raw.into(), encoded: encoded(raw) };
        credential.values.insert(name.into(), value);
    }
    credential.signature_correctness_proof = None;
    credential.rev_reg = None;
    credential.witness = None;
    credential
}

fn written(credential: &Credential) -> Vec<u8> {
    rmp_serde::to_vec_named(&Kept::new(credential).unwrap()).unwrap()
}

#[test]
fn a_credential_of_six_attributes_is_kept_in_1_700_bytes() {
    let credential = credential();
    assert_eq!(credential.values.len(), 6);
    let bytes = written(&credential).len();
    assert!((1_200..=1_700).contains(&bytes), "{bytes}");
}

#[test]
fn a_credential_that_cannot_be_revoked_is_kept_too() {
    let mut json = serde_json::to_value(credential()).unwrap();
    json["signature"]["r_credential"] = Value::Null;
    json["rev_reg_id"] = Value::Null;
    let credential: Credential = serde_json::from_value(json).unwrap();
    let kept: Kept = rmp_serde::from_slice(&written(&credential)).unwrap();
    assert_eq!(kept.index, None);
    assert_eq!(kept.credential().unwrap(), credential);
}

#[test]
fn what_an_odd_issuer_signed_is_kept_as_it_is() {
    let mut json = serde_json::to_value(credential()).unwrap();
    let points = &mut json["signature"]["r_credential"];
    points["witness_signature"]["g_i"] = points["sigma"].clone();
    let credential: Credential = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(Kept::new(&credential).unwrap().credential().unwrap(), credential);

    json["signature"]["p_credential"]["v"] = json!("-1");
    let negative: Credential = serde_json::from_value(json).unwrap();
    assert!(matches!(Kept::new(&negative), Err(Error::Refused { .. })));
}

#[test]
fn a_kept_credential_prints_no_signature() {
    let printed = format!("{:?}", Kept::new(&credential()).unwrap());
    insta::assert_snapshot!(printed, @r#"Kept { cred_def_id: "LhxRNqv1LartnYyznq8176:3:CL:10:default", rev_reg_id: Some("LhxRNqv1LartnYyznq8176:4:LhxRNqv1LartnYyznq8176:3:CL:10:default:CL_ACCUM:0"), index: Some(1), values: {"age": "24", "date": "20180528", "degree": "Maths", "email": "alice.smith@example.com", "name": "Alice Smith", "timestamp": "1794000000"}, .. }"#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_was_kept_is_what_was_received(
        values in proptest::collection::btree_map(".{0,20}", (".{0,40}", any::<bool>()), 0..8),
    ) {
        let mut credential = credential();
        let value = |(name, (raw, own)): (String, (String, bool))| {
            let encoded = if own { encoded(&raw) } else { "12345".to_owned() };
            (name, AttributeValue { raw, encoded })
        };
        credential.values = values.into_iter().map(value).collect();
        let kept: Kept = rmp_serde::from_slice(&written(&credential)).unwrap();
        prop_assert_eq!(&kept, &Kept::new(&credential).unwrap());
        prop_assert_eq!(kept.credential().unwrap(), credential);
    }

    #[test]
    fn damaged_records_are_refused_or_read_and_never_panic(
        place: Index,
        byte: u8,
        cut: Option<Index>,
    ) {
        let mut bytes = written(&credential());
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(kept) = rmp_serde::from_slice::<Kept>(&bytes)
            && let Ok(credential) = kept.credential()
        {
            let again = Kept::new(&credential).unwrap();
            prop_assert_eq!(again.credential().unwrap(), credential);
        }
    }

    #[test]
    fn a_signature_that_was_cut_or_drawn_out_is_none(cut: Index, more in 1_usize..200) {
        let credential = credential();
        let whole = packed::write(&credential.signature.0).unwrap();
        let cut = cut.index(whole.len());
        prop_assert!(packed::read(&whole[..cut], credential.index()).is_err());
        prop_assert!(packed::read(&whole, None).is_err());
        let longer = [&whole[..], &vec![7; more]].concat();
        prop_assert!(packed::read(&longer, credential.index()).is_err());
    }

    #[test]
    fn points_that_are_not_on_the_curve_are_none(place: Index, bit in 0_u32..8) {
        let credential = credential();
        let mut bytes = packed::write(&credential.signature.0).unwrap();
        // The points of the second group stand before g_i and m2.
        let end = bytes.len() - 96;
        bytes[end - 256 + place.index(256)] ^= 1 << bit;
        prop_assert!(packed::read(&bytes, credential.index()).is_err());
    }

    #[test]
    fn a_link_secret_is_32_bytes_or_a_decimal_number(bytes: [u8; 32]) {
        let written = [&[0xc4, 32], &bytes[..]].concat();
        let secret: LinkSecret = rmp_serde::from_slice(&written).unwrap();
        prop_assert_eq!(rmp_serde::to_vec_named(&secret).unwrap(), written);
        let json = serde_json::to_value(&secret).unwrap();
        prop_assert!(json.as_str().unwrap().bytes().all(|it| it.is_ascii_digit()));
        prop_assert_eq!(serde_json::from_value::<LinkSecret>(json).unwrap(), secret);
    }
}

#[test]
fn a_link_secret_may_have_few_digits_and_not_too_many() {
    for digits in ["0", "1234567890"] {
        let secret: LinkSecret = serde_json::from_value(json!(digits)).unwrap();
        assert_eq!(serde_json::to_value(&secret).unwrap(), json!(digits));
        let bytes = rmp_serde::to_vec_named(&secret).unwrap();
        assert_eq!(bytes.len(), 34);
        assert_eq!(rmp_serde::from_slice::<LinkSecret>(&bytes).unwrap(), secret);
    }
    // 2^256.
    let long = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
    for other in
        [json!(long), json!("-1"), json!(""), json!("0x10"), json!(7), json!("9".repeat(99))]
    {
        let refused = serde_json::from_value::<LinkSecret>(other).unwrap_err().to_string();
        assert!(
            refused.ends_with("expected a link secret: 32 bytes, or a decimal number below 2^256")
        );
        assert!(!refused.contains("15792") && !refused.contains("999"), "{refused}");
    }
    for bytes in [&[0xc4, 0][..], &[0xc4, 1, 7], &[0xc4, 33], &[0x90]] {
        assert!(rmp_serde::from_slice::<LinkSecret>(bytes).is_err());
    }
}

#[test]
fn reading_a_record_does_no_mathematics() {
    // What is no signature at all is read, and found out where it is used; it stands last.
    let mut bytes = written(&credential());
    let start = bytes.len() - 1_000;
    bytes[start..].fill(1);
    let kept: Kept = rmp_serde::from_slice(&bytes).unwrap();
    let refused = kept.credential().unwrap_err();
    assert_eq!(refused.to_string(), "cannot read the kept credential: its signature is none");
}
