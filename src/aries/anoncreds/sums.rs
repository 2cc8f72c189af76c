//! The witnesses of a registry in which nothing is revoked, by sums of its tails.
//!
//! In a registry of L credentials the witness of index i is the sum of the tails L+1-j+i for each j
//! of 1 to L but i; these are the tails i+1 to L+i but L+1, which is no tail. So with S(k), the sum of
//! the tails 1 to k but L+1, it is S(L+i) - S(i).

use std::iter;

use amcl::bn254::ecp2::ECP2;
use anoncreds_clsignatures as cl;
use serde::{
    Deserialize,
    de::value::{Error as Unread, MapDeserializer},
};

/// The sums of a registry's first tails; 288 bytes for each, as a tail has.
pub(super) struct Sums(Vec<ECP2>);

impl Sums {
    /// Adds up the tails of a registry for `size` credentials.
    pub(super) fn new(size: u32, tails: &[cl::Tail]) -> Result<Self, cl::Error> {
        let mut sum = ECP2::new();
        let sums = tails.iter().enumerate().map(|(index, tail)| {
            if index != 0 && index != size as usize + 1 {
                sum.add(&ECP2::frombytes(&tail.to_bytes()?));
            }
            Ok(sum)
        });
        sums.collect::<Result<_, _>>().map(Self)
    }

    /// The witness of an index, from 1 to the registry's size.
    pub(super) fn witness(&self, index: u32, size: u32) -> Result<cl::Witness, cl::Error> {
        let invalid = |reason: String| cl::Error::new(cl::ErrorKind::InvalidState, reason);
        let sum =
            |last: u32| self.0.get(last as usize).ok_or_else(|| invalid("no such tail".to_owned()));
        let mut witness = *sum(size + index)?;
        witness.sub(sum(index)?);
        let mut bytes = vec![0; cl::Tail::BYTES_REPR_SIZE];
        witness.tobytes(&mut bytes);
        // The library makes a witness of a sum of one's own in no other way.
        let read = MapDeserializer::<_, Unread>::new(iter::once(("omega", bytes)));
        cl::Witness::deserialize(read).map_err(|error| invalid(error.to_string()))
    }
}
