//! Whether each index of a registry is revoked, in as little memory as many lists need.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A bit for each index from 0 on; eight take a byte.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Bits {
    length: u32,
    /// The lowest bit of each first.
    bytes: Box<[u8]>,
}

impl Bits {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether the one of an index is set; there is none after the last.
    #[must_use]
    pub fn is_set(&self, index: u32) -> bool {
        let byte = self.bytes.get((index / 8) as usize);
        byte.is_some_and(|byte| byte >> (index % 8) & 1 == 1)
    }

    /// All of them, in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = bool> {
        (0..self.len()).map(|index| self.bytes[index / 8] >> (index % 8) & 1 == 1)
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let (mut length, mut bytes) = (0_u32, Vec::new());
        for is_set in bits {
            if length.is_multiple_of(8) {
                bytes.push(0);
            }
            if let Some(byte) = bytes.last_mut() {
                *byte |= u8::from(is_set) << (length % 8);
            }
            length += 1;
        }
        Self { length, bytes: bytes.into() }
    }
}

impl fmt::Debug for Bits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = self.iter().filter(|is_set| *is_set).count();
        write!(formatter, "Bits({set} of {} set)", self.length)
    }
}

impl Serialize for Bits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(u8::from))
    }
}

impl<'de> Deserialize<'de> for Bits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bits = Vec::<u8>::deserialize(deserializer)?;
        if bits.iter().any(|bit| *bit > 1) {
            return Err(D::Error::custom("`revocationList` is a list of 0 and 1"));
        }
        Ok(bits.into_iter().map(|bit| bit == 1).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bits_are_what_they_were_made_of_in_an_eighth_of_the_bytes(made: Vec<bool>) {
            let bits: Bits = made.iter().copied().collect();
            prop_assert_eq!(bits.iter().collect::<Vec<_>>(), &made[..]);
            prop_assert_eq!((bits.len(), bits.is_empty()), (made.len(), made.is_empty()));
            prop_assert_eq!(bits.bytes.len(), made.len().div_ceil(8));
            for index in 0..made.len() + 9 {
                let is_set = made.get(index).copied().unwrap_or_default();
                prop_assert_eq!(bits.is_set(u32::try_from(index).unwrap()), is_set);
            }
            let written = serde_json::to_string(&bits).unwrap();
            prop_assert_eq!(serde_json::from_str::<Bits>(&written).unwrap(), bits);
        }
    }
}
