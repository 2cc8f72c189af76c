//! Claims about where a value ends.

use proptest::{collection::vec, prelude::*};

use crate::msgpack::{
    Extent, Flaw, Nesting, VALUE_BYTES_MAX,
    arbitrary::{encoded, value},
    is_map,
};

fn measure(bytes: &[u8]) -> Result<Option<usize>, Flaw> {
    Extent::new(Nesting::Any).find(bytes)
}

fn nested(levels: usize) -> Vec<u8> {
    [&vec![0x91; levels][..], b"\xc0"].concat()
}

proptest! {
    #[test]
    fn a_value_is_as_long_as_its_encoder_made_it(it in value(), more in vec(any::<u8>(), 0..9)) {
        let mut bytes = encoded(&it);
        let length = bytes.len();
        prop_assert_eq!(is_map(&bytes), it.is_map());
        (0..length).for_each(|cut| assert_eq!(measure(&bytes[..cut]), Ok(None)));
        bytes.extend(more);
        prop_assert_eq!(measure(&bytes), Ok(Some(length)));
    }

    #[test]
    fn a_search_that_goes_on_finds_what_a_new_one_finds(it in value(), levels in 0..5_usize) {
        let bytes = encoded(&it);
        for nesting in [Nesting::Any, Nesting::Within(levels)] {
            let whole = Extent::new(nesting).find(&bytes);
            let mut extent = Extent::new(nesting);
            let found = (0..=bytes.len()).map(|cut| extent.find(&bytes[..cut]));
            prop_assert_eq!(found.into_iter().find(|it| *it != Ok(None)), Some(whole));
        }
    }

    #[test]
    fn any_bytes_at_all_are_measured(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(Some(length)) = measure(&bytes) {
            prop_assert!(length <= bytes.len());
        }
    }
}

#[test]
fn no_bytes_are_the_beginning_of_any_value() {
    assert_eq!(measure(b""), Ok(None));
    assert!(!is_map(b""));
}

#[test]
fn a_value_is_too_large_by_one_byte_more_than_the_limit() {
    let claim = |length: usize| {
        let body = u32::try_from(length - 5).unwrap().to_be_bytes();
        measure(&[&b"\xdb"[..], &body].concat())
    };
    assert_eq!(claim(VALUE_BYTES_MAX), Ok(None));
    assert_eq!(claim(VALUE_BYTES_MAX + 1), Err(Flaw::TooLarge));
    assert_eq!(measure(b"\xdd\xff\xff\xff\xff"), Err(Flaw::TooLarge), "before its content comes");
}

#[test]
fn a_value_is_too_deep_by_one_level_more_than_the_limit() {
    let within = |levels: usize, bytes: &[u8]| Extent::new(Nesting::Within(levels)).find(bytes);
    assert_eq!(within(9, &nested(9)), Ok(Some(10)));
    assert_eq!(within(9, &nested(10)), Err(Flaw::TooDeep));
    assert_eq!(within(0, b"\x80"), Err(Flaw::TooDeep), "an empty map is a level too");
    let wide = [&b"\xdc\x00\x14"[..], &nested(8).repeat(20)].concat();
    assert_eq!(within(9, &wide), Ok(Some(wide.len())), "levels that ended count no more");
}

#[test]
fn nesting_without_a_limit_is_followed_to_its_end() {
    let bytes = nested(1_000_000);
    assert_eq!(measure(&bytes), Ok(Some(bytes.len())));
}

#[test]
fn the_reserved_byte_is_told_with_its_place() {
    let flaw = measure(b"\x92\xa1a\xc1").unwrap_err();
    assert_eq!((flaw, flaw.at()), (Flaw::Reserved(3), 3));
}
