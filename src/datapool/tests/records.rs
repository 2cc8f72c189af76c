//! Claims about how a MessagePack file falls into records.

use std::io::Read;

use proptest::prelude::*;
use rmpv::Value;

use crate::{
    datapool::{Fault, NESTING_MAX, RECORD_BYTES_MAX, Torn, records::Records},
    msgpack::arbitrary::{Trickle, encoded, value},
};

fn all(source: impl Read) -> Result<(Vec<Vec<u8>>, Option<Torn>), Fault> {
    let mut records = Records::new(source);
    let mut maps = Vec::new();
    while let Some(record) = records.next()? {
        maps.push(record.map.to_vec());
    }
    Ok((maps, records.torn()))
}

fn fault(bytes: &[u8]) -> String {
    all(bytes).unwrap_err().to_string()
}

/// A map of one pair whose value is the given bytes.
fn with_value(value: &[u8]) -> Vec<u8> {
    [b"\x81\xa1a", value].concat()
}

#[test]
fn an_empty_file_has_no_records() {
    assert_eq!(all(&b""[..]).unwrap(), (vec![], None));
}

#[test]
fn a_record_that_is_no_map_is_told_with_its_place_and_kind() {
    insta::assert_snapshot!(fault(b"\x80\x93\x01\x02\x03"), @r#"record 2 (offset 1): is an array, but each row must be a map such as {"username": "ann"}"#);
    insta::assert_snapshot!(fault(b"\x00"), @r#"record 1 (offset 0): is an integer, but each row must be a map such as {"username": "ann"}"#);
}

#[test]
fn a_reserved_byte_is_told_with_its_offset() {
    insta::assert_snapshot!(fault(b"\x80\x81\xa1a\xc1\x80"), @"record 2 (offset 1): byte 0xc1 at offset 4 is not MessagePack; the file is damaged there");
}

#[test]
fn a_hostile_length_is_refused_before_its_content_comes() {
    let four_gigabytes = b"\xff\xff\xff\xff";
    for marker in [0xc6, 0xc9, 0xdb, 0xdd, 0xdf] {
        let value = [&[marker][..], four_gigabytes, b"\x00"].concat();
        insta::allow_duplicates! {
            insta::assert_snapshot!(fault(&with_value(&value)), @"record 1 (offset 0): is larger than 64 MiB");
        }
    }
}

#[test]
fn a_record_is_refused_one_byte_past_the_limit() {
    let header = b"\x81\xa1a\xc6";
    let length = RECORD_BYTES_MAX - header.len() - 4;
    let mut record = header.to_vec();
    record.extend(u32::try_from(length).unwrap().to_be_bytes());
    record.resize(RECORD_BYTES_MAX, 7);
    assert_eq!(all(&record[..]).unwrap().0.len(), 1);
    record[4..8].copy_from_slice(&u32::try_from(length + 1).unwrap().to_be_bytes());
    insta::assert_snapshot!(fault(&record), @"record 1 (offset 0): is larger than 64 MiB");
}

#[test]
fn nesting_is_refused_one_level_past_the_limit() {
    let nested = |levels: usize| {
        let inner = vec![0x91; levels - 1];
        with_value(&[&inner[..], b"\x00"].concat())
    };
    assert!(all(&nested(NESTING_MAX)[..]).is_ok());
    insta::assert_snapshot!(fault(&nested(NESTING_MAX + 1)), @"record 1 (offset 0): is nested deeper than 128 levels");
    insta::assert_snapshot!(fault(&nested(1_000_000)), @"record 1 (offset 0): is nested deeper than 128 levels");
}

fn record() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec((value(), value()), 0..5).prop_map(|pairs| encoded(&Value::Map(pairs)))
}

proptest! {
    #[test]
    fn records_come_out_as_they_went_in(
        maps in prop::collection::vec(record(), 0..8),
        step in 1_usize..5000,
    ) {
        let bytes = maps.concat();
        let (read, torn) = all(Trickle { bytes: &bytes, step }).unwrap();
        prop_assert_eq!(read, maps);
        prop_assert_eq!(torn, None);
    }

    #[test]
    fn a_cut_costs_the_last_record_alone(
        maps in prop::collection::vec(record(), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = maps.concat();
        let cut = cut.index(bytes.len());
        let (read, torn) = all(&bytes[..cut]).unwrap();
        let kept: usize = read.iter().map(Vec::len).sum();
        prop_assert_eq!(&read[..], &maps[..read.len()]);
        prop_assert!(kept + maps[read.len()].len() > cut);
        let left = (cut - kept) as u64;
        let expected = (left > 0).then_some(Torn { offset: kept as u64, bytes: left });
        prop_assert_eq!(torn, expected);
    }

    #[test]
    fn noise_is_answered_and_never_read_past_its_end(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok((maps, torn)) = all(&bytes[..]) {
            let whole: usize = maps.iter().map(Vec::len).sum();
            prop_assert_eq!(whole as u64 + torn.map_or(0, |torn| torn.bytes), bytes.len() as u64);
        }
    }
}
