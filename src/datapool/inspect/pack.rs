//! A JSON value into MessagePack, as it is parsed.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use rmp::encode as rmp;
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};

use crate::datapool::{NESTING_MAX, json::WORDS};

/// Writes the JSON value it is deserialized from as MessagePack.
pub(super) struct Pack<'a> {
    out: &'a mut Vec<u8>,
    /// Levels of arrays and maps that may still open.
    levels: usize,
}

/// Writes the pairs of a `$map`, `[[key, value], …]`, as a map.
struct PackPairs<'a>(Pack<'a>);

/// Writes one pair of a `$map`.
struct PackPair<'a>(Pack<'a>);

impl<'a> Pack<'a> {
    pub(super) fn into(out: &'a mut Vec<u8>) -> Self {
        Self { out, levels: NESTING_MAX }
    }

    fn again(&mut self) -> Pack<'_> {
        Pack { out: self.out, levels: self.levels }
    }

    /// Opens a level, and returns where its header will have to stand.
    fn open<E: Error>(&mut self) -> Result<usize, E> {
        self.levels = self
            .levels
            .checked_sub(1)
            .ok_or_else(|| E::custom(format_args!("nested deeper than {NESTING_MAX} levels")))?;
        Ok(self.out.len())
    }

    /// Puts the header of a map where it opened: only now is the number of its pairs known.
    fn close_map<E: Error>(self, start: usize, pairs: usize) -> Result<(), E> {
        let mut header = Vec::with_capacity(5);
        done(rmp::write_map_len(&mut header, length(pairs)?))?;
        self.out.splice(start..start, header);
        Ok(())
    }

    fn close_array<E: Error>(self, start: usize, values: usize) -> Result<(), E> {
        let mut header = Vec::with_capacity(5);
        done(rmp::write_array_len(&mut header, length(values)?))?;
        self.out.splice(start..start, header);
        Ok(())
    }

    /// Writes what a word stands for.
    fn word<'de, A: MapAccess<'de>>(self, word: &str, map: &mut A) -> Result<(), A::Error> {
        match word {
            "$bytes" => done(rmp::write_bin(self.out, &bytes(&map.next_value::<String>()?)?)),
            "$str" => {
                let text = bytes(&map.next_value::<String>()?)?;
                done(rmp::write_str_len(self.out, length(text.len())?))?;
                self.out.extend(text);
                Ok(())
            }
            "$ext" => {
                let (kind, body) = map.next_value::<(i8, String)>()?;
                let body = bytes(&body)?;
                done(rmp::write_ext_meta(self.out, length(body.len())?, kind))?;
                self.out.extend(body);
                Ok(())
            }
            "$float" => done(rmp::write_f64(self.out, float(&map.next_value::<String>()?)?)),
            _ => map.next_value_seed(PackPairs(self)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Pack<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Pack<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        done(rmp::write_nil(self.out))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        done(rmp::write_bool(self.out, value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        done(rmp::write_uint(self.out, value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        done(rmp::write_sint(self.out, value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        done(rmp::write_f64(self.out, value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        length::<E>(value.len())?;
        done(rmp::write_str(self.out, value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        let start = self.open()?;
        let mut values = 0;
        while seq.next_element_seed(self.again())?.is_some() {
            values += 1;
        }
        self.close_array(start, values)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut key = map.next_key::<String>()?;
        if let Some(word) = key.as_deref().filter(|key| WORDS.contains(key)) {
            self.word(word, &mut map)?;
            return match map.next_key::<String>()? {
                None => Ok(()),
                Some(_) => Err(A::Error::custom(format_args!("`{word}` must stand alone"))),
            };
        }
        let start = self.open()?;
        let mut pairs = 0;
        while let Some(name) = key {
            self.again().visit_str(&name)?;
            map.next_value_seed(self.again())?;
            pairs += 1;
            key = map.next_key()?;
        }
        self.close_map(start, pairs)
    }
}

impl<'de> DeserializeSeed<'de> for PackPairs<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for PackPairs<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of pairs such as [[1, \"one\"]]")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        let start = self.0.open()?;
        let mut pairs = 0;
        while seq.next_element_seed(PackPair(self.0.again()))?.is_some() {
            pairs += 1;
        }
        self.0.close_map(start, pairs)
    }
}

impl<'de> DeserializeSeed<'de> for PackPair<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_tuple(2, self)
    }
}

impl<'de> Visitor<'de> for PackPair<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a pair such as [1, \"one\"]")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        for index in 0..2 {
            let value = seq.next_element_seed(self.0.again())?;
            value.ok_or_else(|| A::Error::invalid_length(index, &self))?;
        }
        Ok(())
    }
}

/// Passes on what kept a value from being written.
fn done<T, W: fmt::Display, E: Error>(written: Result<T, W>) -> Result<(), E> {
    written.map(drop).map_err(E::custom)
}

/// MessagePack counts in 32 bits.
fn length<E: Error>(length: usize) -> Result<u32, E> {
    u32::try_from(length).map_err(E::custom)
}

fn bytes<E: Error>(base64: &str) -> Result<Vec<u8>, E> {
    STANDARD.decode(base64).map_err(|_| E::custom("not base64, such as \"AQL/\""))
}

fn float<E: Error>(name: &str) -> Result<f64, E> {
    match name {
        "nan" => Ok(f64::NAN),
        "inf" => Ok(f64::INFINITY),
        "-inf" => Ok(f64::NEG_INFINITY),
        _ => Err(E::custom("`$float` must be \"nan\", \"inf\" or \"-inf\"")),
    }
}
