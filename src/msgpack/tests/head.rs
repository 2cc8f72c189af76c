//! Claims about the encodings of MessagePack values.

use rmpv::Value;

use crate::msgpack::{
    Extent, Head, Nesting, RESERVED, Walk, arbitrary::encoded, head::NoHead, is_map, kind,
};

/// Lengths on both sides of where an encoding grows by a byte.
const LENGTHS: [usize; 13] = [0, 1, 2, 3, 4, 8, 15, 16, 31, 32, 255, 256, 65_535];

/// Checks that a value is stepped over in one piece, whatever comes after it.
fn check(value: &Value, expected: Head) {
    let bytes = encoded(value);
    let (head, length) = Head::read(&bytes).unwrap();
    assert_eq!(head, expected);
    assert_eq!(is_map(&bytes), matches!(head, Head::Map(_)));
    for cut in 1..length {
        assert_eq!(Head::read(&bytes[..cut]), Err(NoHead::Short));
    }
    let followed = [&bytes[..], b"\xc0"].concat();
    assert_eq!(Walk::over(&followed).value(), Some(&bytes[..]));
    assert_eq!(Extent::new(Nesting::Any).find(&followed), Ok(Some(bytes.len())));
    assert_eq!(Extent::new(Nesting::Any).find(&bytes[..bytes.len() - 1]), Ok(None));
}

#[test]
fn each_length_has_its_encoding() {
    for length in LENGTHS.into_iter().chain([65_536]) {
        let count = u32::try_from(length).unwrap();
        check(&"x".repeat(length).into(), Head::Str(count));
        check(&Value::Binary(vec![7; length]), Head::Bin(count));
        check(&Value::Ext(-3, vec![7; length]), Head::Ext(-3, count));
        check(&Value::Array(vec![Value::Nil; length]), Head::Array(count));
        check(&Value::Map(vec![(Value::Nil, true.into()); length]), Head::Map(count));
    }
}

#[test]
fn each_scalar_has_its_encoding() {
    check(&Value::Nil, Head::Nil);
    check(&true.into(), Head::Bool(true));
    check(&false.into(), Head::Bool(false));
    check(&0.5_f32.into(), Head::Float32(0.5));
    check(&(-0.5_f64).into(), Head::Float64(-0.5));
    for number in [0, 127, 128, 255, 256, 65_535, 65_536, u32::MAX.into(), 1 << 32, u64::MAX] {
        check(&number.into(), Head::Unsigned(number));
    }
    let lowest = [-1, -32, -33, -128, -129, -32_768, -32_769, i32::MIN.into(), i64::MIN];
    for number in lowest {
        check(&number.into(), Head::Signed(number));
    }
}

#[test]
fn one_byte_begins_nothing() {
    for marker in 0..=u8::MAX {
        let bytes = [&[marker][..], &[0; 8]].concat();
        assert_eq!(Head::read(&bytes).is_err(), marker == RESERVED, "{marker:#x}");
    }
    assert_eq!(Head::read(&[]), Err(NoHead::Short));
}

#[test]
fn the_kind_told_is_the_kind_read() {
    for marker in (0..=u8::MAX).filter(|&marker| marker != RESERVED) {
        let (head, _) = Head::read(&[&[marker][..], &[0; 8]].concat()).unwrap();
        let expected = match head {
            Head::Nil => "nil",
            Head::Bool(_) => "a boolean",
            Head::Unsigned(_) | Head::Signed(_) => "an integer",
            Head::Float32(_) | Head::Float64(_) => "a float",
            Head::Str(_) => "a string",
            Head::Bin(_) => "bytes",
            Head::Ext(..) => "an extension",
            Head::Array(_) => "an array",
            Head::Map(_) => "a map",
        };
        assert_eq!(kind(marker), expected, "{marker:#x}");
    }
}
