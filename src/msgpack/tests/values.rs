//! Claims about how a file falls into values.

use std::io::{self, Read};

use proptest::{collection::vec, prelude::*};

use crate::msgpack::{
    Broken, Flaw, Nesting, Values,
    arbitrary::{Trickle, encoded, value},
};

proptest! {
    #[test]
    fn values_are_read_whole_wherever_the_pieces_end(
        written in vec(value().prop_map(|it| encoded(&it)), 0..8),
        step in 1_usize..5000,
    ) {
        let bytes = written.concat();
        let mut values = Values::new(Trickle { bytes: &bytes, step }, Nesting::Any);
        for value in &written {
            prop_assert_eq!(values.marker().unwrap(), Some(value[0]));
            prop_assert_eq!(values.next().unwrap().unwrap(), value);
        }
        prop_assert_eq!(values.marker().unwrap(), None);
        prop_assert!(values.next().unwrap().is_none());
        prop_assert_eq!((values.left(), values.offset()), (0, bytes.len() as u64));
    }
}

#[test]
fn values_are_read_whole_wherever_the_chunks_end() {
    let written: Vec<_> = (0..300).map(|n| encoded(&"x".repeat(n * 7).into())).collect();
    let bytes = written.concat();
    let mut values = Values::new(&bytes[..], Nesting::Any);
    for value in &written {
        assert_eq!(values.next().unwrap().unwrap(), value);
    }
    assert!(values.next().unwrap().is_none());
    assert_eq!((values.left(), values.offset()), (0, bytes.len() as u64));
}

#[test]
fn what_is_left_at_the_end_is_torn() {
    let mut values = Values::new(&b"\x01\xa3ab"[..], Nesting::Any);
    assert_eq!(values.next().unwrap(), Some(&b"\x01"[..]));
    assert!(values.next().unwrap().is_none());
    assert_eq!((values.left(), values.offset()), (3, 1));
}

#[test]
fn a_claimed_length_beyond_the_limit_is_not_believed() {
    let endless = [0xdb, 0xff, 0xff, 0xff, 0xff].chain(io::repeat(b'x'));
    let mut values = Values::new(endless, Nesting::Any);
    assert!(matches!(values.next(), Err(Broken::Flaw(Flaw::TooLarge))));
}

#[test]
fn a_limit_on_levels_holds_for_each_value() {
    let mut values = Values::new(&b"\x91\x00\x91\x91\x00"[..], Nesting::Within(1));
    assert_eq!(values.next().unwrap(), Some(&b"\x91\x00"[..]));
    assert!(matches!(values.next(), Err(Broken::Flaw(Flaw::TooDeep))));
    assert_eq!(values.offset(), 2);
}
