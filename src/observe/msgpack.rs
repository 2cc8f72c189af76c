//! Where one MessagePack value ends and the next begins, found without decoding either.

use std::io::{self, Read};

/// The largest value that is read back: a length that a broken file claims is not believed.
pub(super) const VALUE_BYTES_MAX: usize = 64 << 20;
/// What is read from a file at a time.
const CHUNK: usize = 64 << 10;

/// What the bytes of a value say of its length.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The value ends after so many bytes.
    Whole(usize),
    /// The bytes end before the value does.
    Short,
    /// A byte that begins no value, at this offset.
    Malformed(usize),
}

/// Measures the value that `bytes` begin with; nesting costs neither stack nor memory.
pub(super) fn measure(bytes: &[u8]) -> Extent {
    let mut end = 0_usize;
    let mut awaited = 1_u64;
    while awaited > 0 {
        let Some(&marker) = bytes.get(end) else { return Extent::Short };
        let Some(tail) = tail(marker) else { return Extent::Malformed(end) };
        let Some(number) = number(&bytes[end + 1..], tail.width) else { return Extent::Short };
        let payload = number * tail.bytes_each + tail.bytes;
        let rest = bytes.len() - end - 1 - tail.width;
        let Some(payload) = usize::try_from(payload).ok().filter(|it| *it <= rest) else {
            return Extent::Short;
        };
        end += 1 + tail.width + payload;
        awaited = (awaited - 1).saturating_add(number * tail.values_each + tail.values);
    }
    Extent::Whole(end)
}

/// Whether a value that begins with these bytes is a map.
pub(super) fn is_map(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(0x80..=0x8f | 0xde | 0xdf))
}

/// What follows a marker: a number of `width` bytes, then bytes and values, some for each of it.
#[derive(Default)]
struct Tail {
    width: usize,
    bytes: u64,
    bytes_each: u64,
    values: u64,
    values_each: u64,
}

fn tail(marker: u8) -> Option<Tail> {
    let bytes = |bytes| Tail { bytes, ..Tail::default() };
    let values = |values| Tail { values, ..Tail::default() };
    let sized = |width, bytes| Tail { width, bytes, bytes_each: 1, ..Tail::default() };
    let counted = |width, values_each| Tail { width, values_each, ..Tail::default() };
    let low = |bits: u8| u64::from(marker & ((1 << bits) - 1));
    Some(match marker {
        0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => bytes(0),
        0x80..=0x8f => values(2 * low(4)),
        0x90..=0x9f => values(low(4)),
        0xa0..=0xbf => bytes(low(5)),
        0xc1 => return None,
        0xc4..=0xc6 => sized(1 << low(2), 0),
        0xc7..=0xc9 => sized(1 << (marker - 0xc7), 1),
        0xca | 0xcb => bytes(4 << (marker - 0xca)),
        0xcc..=0xd3 => bytes(1 << low(2)),
        0xd4..=0xd8 => bytes(1 + (1 << (marker - 0xd4))),
        0xd9..=0xdb => sized(1 << (marker - 0xd9), 0),
        0xdc | 0xdd => counted(2 << (marker - 0xdc), 1),
        0xde | 0xdf => counted(2 << (marker - 0xde), 2),
    })
}

/// The big-endian number in the first `width` bytes, at most four.
fn number(bytes: &[u8], width: usize) -> Option<u64> {
    Some(bytes.get(..width)?.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
}

/// What is wrong with a file of values.
#[derive(Debug)]
pub(super) enum Broken {
    /// It cannot be read.
    Read(io::Error),
    /// Its byte at this offset begins no value.
    Malformed(u64),
    /// The value at this offset is longer than [`VALUE_BYTES_MAX`].
    TooLong(u64),
}

/// Values one after the other, each whole, read in bounded memory.
pub(super) struct Values<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
}

impl<R: Read> Values<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, buffer: vec![0; CHUNK], start: 0, end: 0, offset: 0 }
    }

    /// The next whole value, or `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, Broken> {
        loop {
            match measure(&self.buffer[self.start..self.end]) {
                Extent::Whole(length) => {
                    let value = self.start..self.start + length;
                    self.start = value.end;
                    self.offset += as_u64(length);
                    return Ok(Some(&self.buffer[value]));
                }
                Extent::Malformed(at) => return Err(Broken::Malformed(self.offset + as_u64(at))),
                Extent::Short => {
                    if self.fill()? == 0 {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Where the last whole value ended.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes after the last whole value; those of a torn one once [`Self::next`] gave `None`.
    pub(super) fn left(&self) -> u64 {
        as_u64(self.end - self.start)
    }

    fn fill(&mut self) -> Result<usize, Broken> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end >= VALUE_BYTES_MAX {
            return Err(Broken::TooLong(self.offset));
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(2 * self.end, 0);
        }
        loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(read) => {
                    self.end += read;
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Broken::Read(error)),
            }
        }
    }
}

fn as_u64(length: usize) -> u64 {
    u64::try_from(length).expect("a length in memory fits 64 bits")
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use rmpv::Value;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Nil),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-200_i64..200).prop_map(Value::from),
            any::<f32>().prop_map(Value::F32),
            any::<f64>().prop_map(Value::F64),
            ".{0,40}".prop_map(Value::from),
            vec(any::<u8>(), 0..300).prop_map(Value::Binary),
            (any::<i8>(), vec(any::<u8>(), 0..40)).prop_map(|(kind, it)| Value::Ext(kind, it)),
        ];
        leaf.prop_recursive(4, 64, 20, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..20).prop_map(Value::Array),
                vec((inner.clone(), inner), 0..20).prop_map(Value::Map),
            ]
        })
    }

    fn encoded(value: &Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, value).unwrap();
        bytes
    }

    proptest! {
        #[test]
        fn a_value_is_as_long_as_its_encoder_made_it(it in value(), more in vec(any::<u8>(), 0..9)) {
            let mut bytes = encoded(&it);
            let length = bytes.len();
            prop_assert_eq!(is_map(&bytes), it.is_map());
            (0..length).for_each(|cut| assert_eq!(measure(&bytes[..cut]), Extent::Short));
            bytes.extend(more);
            prop_assert_eq!(measure(&bytes), Extent::Whole(length));
        }

        #[test]
        fn any_bytes_at_all_are_measured(bytes in vec(any::<u8>(), 0..200)) {
            if let Extent::Whole(length) = measure(&bytes) {
                prop_assert!(length <= bytes.len());
            }
        }
    }

    #[test]
    fn long_strings_and_collections_are_measured_by_their_wide_counts() {
        for length in [31, 32, 255, 256, 65_535, 65_536] {
            let text = Value::from("x".repeat(length));
            let many = Value::Array(vec![Value::Nil; length]);
            let bytes = Value::Binary(vec![7; length]);
            let pairs = Value::Map(vec![(Value::Nil, Value::from(1)); length]);
            for bytes in [&text, &many, &bytes, &pairs].map(encoded) {
                assert_eq!(measure(&bytes), Extent::Whole(bytes.len()));
            }
        }
    }

    #[test]
    fn values_are_read_whole_wherever_the_chunks_end() {
        let written: Vec<_> = (0..300).map(|n| encoded(&"x".repeat(n * 7).into())).collect();
        let mut values = Values::new(Trickle(written.concat(), 0));
        for value in &written {
            assert_eq!(values.next().unwrap().unwrap(), value);
        }
        assert!(values.next().unwrap().is_none());
        assert_eq!((values.left(), values.offset()), (0, as_u64(written.concat().len())));
    }

    #[test]
    fn a_claimed_length_beyond_the_limit_is_not_believed() {
        let endless = [0xdb, 0xff, 0xff, 0xff, 0xff].chain(io::repeat(b'x'));
        assert!(matches!(Values::new(endless).next(), Err(Broken::TooLong(0))));
        assert_eq!(measure(&[0xdd, 0xff, 0xff, 0xff, 0xff, 0xc1]), Extent::Malformed(5));
    }

    /// Gives a few bytes at a time.
    struct Trickle(Vec<u8>, usize);

    impl Read for Trickle {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let read = (self.0.len() - self.1).min(into.len()).min(1 + self.1 % 11);
            into[..read].copy_from_slice(&self.0[self.1..self.1 + read]);
            self.1 += read;
            Ok(read)
        }
    }
}
