//! What the first bytes of a MessagePack value say of the rest of it.

/// The one byte that begins no value.
pub(crate) const RESERVED: u8 = 0xc1;

/// The head of a MessagePack value: all of a scalar, the size of anything longer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Head {
    Nil,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float32(f32),
    Float64(f64),
    /// Its length in bytes.
    Str(u32),
    /// Its length in bytes.
    Bin(u32),
    /// Its type, its length in bytes.
    Ext(i8, u32),
    /// Its number of values.
    Array(u32),
    /// Its number of pairs.
    Map(u32),
}

/// Why there is no head to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoHead {
    /// The bytes end inside it.
    Short,
    /// It starts with [`RESERVED`].
    Reserved,
}

impl Head {
    /// Reads the head that `bytes` start with, and its own length.
    pub(crate) fn read(bytes: &[u8]) -> Result<(Self, usize), NoHead> {
        let &marker = bytes.first().ok_or(NoHead::Short)?;
        if marker == RESERVED {
            return Err(NoHead::Reserved);
        }
        Self::after(marker, &bytes[1..]).ok_or(NoHead::Short)
    }

    fn after(marker: u8, rest: &[u8]) -> Option<(Self, usize)> {
        Some(match marker {
            0x00..=0x7f => (Self::Unsigned(marker.into()), 1),
            0x80..=0x8f => (Self::Map((marker & 0x0f).into()), 1),
            0x90..=0x9f => (Self::Array((marker & 0x0f).into()), 1),
            0xa0..=0xbf => (Self::Str((marker & 0x1f).into()), 1),
            0xc2 => (Self::Bool(false), 1),
            0xc3 => (Self::Bool(true), 1),
            0xc4 => (Self::Bin(u8::from_be_bytes(first(rest)?).into()), 2),
            0xc5 => (Self::Bin(u16::from_be_bytes(first(rest)?).into()), 3),
            0xc6 => (Self::Bin(u32::from_be_bytes(first(rest)?)), 5),
            0xc7 => (Self::ext(rest, 1, u8::from_be_bytes(first(rest)?))?, 3),
            0xc8 => (Self::ext(rest, 2, u16::from_be_bytes(first(rest)?))?, 4),
            0xc9 => (Self::ext(rest, 4, u32::from_be_bytes(first(rest)?))?, 6),
            0xca => (Self::Float32(f32::from_be_bytes(first(rest)?)), 5),
            0xcb => (Self::Float64(f64::from_be_bytes(first(rest)?)), 9),
            0xcc => (Self::Unsigned(u8::from_be_bytes(first(rest)?).into()), 2),
            0xcd => (Self::Unsigned(u16::from_be_bytes(first(rest)?).into()), 3),
            0xce => (Self::Unsigned(u32::from_be_bytes(first(rest)?).into()), 5),
            0xcf => (Self::Unsigned(u64::from_be_bytes(first(rest)?)), 9),
            0xd0 => (Self::Signed(i8::from_be_bytes(first(rest)?).into()), 2),
            0xd1 => (Self::Signed(i16::from_be_bytes(first(rest)?).into()), 3),
            0xd2 => (Self::Signed(i32::from_be_bytes(first(rest)?).into()), 5),
            0xd3 => (Self::Signed(i64::from_be_bytes(first(rest)?)), 9),
            0xd4..=0xd8 => (Self::ext(rest, 0, 1_u8 << (marker - 0xd4))?, 2),
            0xd9 => (Self::Str(u8::from_be_bytes(first(rest)?).into()), 2),
            0xda => (Self::Str(u16::from_be_bytes(first(rest)?).into()), 3),
            0xdb => (Self::Str(u32::from_be_bytes(first(rest)?)), 5),
            0xdc => (Self::Array(u16::from_be_bytes(first(rest)?).into()), 3),
            0xdd => (Self::Array(u32::from_be_bytes(first(rest)?)), 5),
            0xde => (Self::Map(u16::from_be_bytes(first(rest)?).into()), 3),
            0xdf => (Self::Map(u32::from_be_bytes(first(rest)?)), 5),
            0xe0..=0xff => (Self::Signed(i8::from_be_bytes([marker]).into()), 1),
            0xc0 | 0xc1 => (Self::Nil, 1),
        })
    }

    /// An extension whose type stands `at` bytes into `rest`.
    fn ext(rest: &[u8], at: usize, length: impl Into<u32>) -> Option<Self> {
        Some(Self::Ext(i8::from_be_bytes([*rest.get(at)?]), length.into()))
    }

    /// Bytes of content that follow the head.
    pub(crate) fn body(self) -> usize {
        match self {
            Self::Str(length) | Self::Bin(length) | Self::Ext(_, length) => length as usize,
            _ => 0,
        }
    }

    /// Values that follow the head as its content.
    pub(crate) fn children(self) -> u64 {
        match self {
            Self::Array(values) => values.into(),
            Self::Map(pairs) => 2 * u64::from(pairs),
            _ => 0,
        }
    }
}

fn first<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.first_chunk().copied()
}

/// Names the kind of value that a marker byte begins.
pub(crate) fn kind(marker: u8) -> &'static str {
    match marker {
        0x00..=0x7f | 0xcc..=0xd3 | 0xe0..=0xff => "an integer",
        0x80..=0x8f | 0xde | 0xdf => "a map",
        0x90..=0x9f | 0xdc | 0xdd => "an array",
        0xa0..=0xbf | 0xd9..=0xdb => "a string",
        0xc0 => "nil",
        0xc1 => "the reserved byte 0xc1",
        0xc2 | 0xc3 => "a boolean",
        0xc4..=0xc6 => "bytes",
        0xc7..=0xc9 | 0xd4..=0xd8 => "an extension",
        0xca | 0xcb => "a float",
    }
}

/// Whether a value that starts with these bytes is a map.
pub(crate) fn is_map(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(0x80..=0x8f | 0xde | 0xdf))
}
