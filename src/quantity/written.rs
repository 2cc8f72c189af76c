//! Quantities in a scenario file: always text, so that the unit is there.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::de::{Deserializer, Error, Visitor};

/// Something that is written as text and has a right example to show.
pub trait Written: FromStr<Err: fmt::Display> {
    /// What a right one looks like.
    const EXAMPLE: &'static str;
}

/// Deserializes a `T` that is written as a `Q`.
///
/// # Errors
/// When the value is not text, or not the text of a `Q`.
pub fn from_text<'de, Q, T, D>(deserializer: D) -> Result<T, D::Error>
where
    Q: Written + Into<T>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(Text::<Q>(PhantomData)).map(Into::into)
}

struct Text<Q>(PhantomData<Q>);

impl<Q: Written> Visitor<'_> for Text<Q> {
    type Value = Q;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text such as \"{}\"", Q::EXAMPLE)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Q, E> {
        text.parse().map_err(E::custom)
    }
}

/// Implements `Deserialize` for a type that is [`Written`].
macro_rules! deserialize_written {
    ($written:ty) => {
        impl<'de> serde::Deserialize<'de> for $written {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::quantity::from_text::<Self, Self, D>(deserializer)
            }
        }
    };
}
pub(crate) use deserialize_written;
