//! The dice of a trip: the same for the same seed, journey and trip, on one machine or many.

use std::{
    ops::{Deref, DerefMut},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::bus::TripId;

/// The dice of one trip, not made before they are first thrown.
#[derive(Default)]
pub(super) struct Cup(Mutex<Option<Box<ChaCha8Rng>>>);

impl Cup {
    /// Takes the dice; they are seeded by run, journey and trip.
    pub(super) fn take(&self, seed: u64, journey: &str, trip: TripId) -> Dice<'_> {
        let mut dice = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        dice.get_or_insert_with(|| Box::new(ChaCha8Rng::from_seed(mix(seed, journey, trip))));
        Dice(dice)
    }
}

/// A trip's random number generator, for as long as the expression that asked for it; every
/// method of [`rand::RngExt`] is there.
pub struct Dice<'a>(MutexGuard<'a, Option<Box<ChaCha8Rng>>>);

impl Deref for Dice<'_> {
    type Target = ChaCha8Rng;

    fn deref(&self) -> &ChaCha8Rng {
        self.0.as_deref().expect("dice are made before they are handed out")
    }
}

impl DerefMut for Dice<'_> {
    fn deref_mut(&mut self) -> &mut ChaCha8Rng {
        self.0.as_deref_mut().expect("dice are made before they are handed out")
    }
}

/// Lays the four things that make a trip's dice side by side, each in its own eight bytes.
fn mix(seed: u64, journey: &str, trip: TripId) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&fnv1a(journey).to_le_bytes());
    bytes[16..24].copy_from_slice(&trip.number.to_le_bytes());
    bytes[24..26].copy_from_slice(&trip.row.to_le_bytes());
    bytes
}

/// FNV-1a, 64 bits: stable over releases and machines, which std's hashers are not.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    fn throws(seed: u64, journey: &str, number: u64) -> [u32; 3] {
        let cup = Cup::default();
        [(); 3]
            .map(|()| cup.take(seed, journey, TripId { row: 0, number }).random_range(0..1_000_000))
    }

    #[test]
    fn a_trip_throws_the_same_on_every_machine_and_in_every_release() {
        assert_eq!(throws(42, "sign-in", 7), [79_938, 813_927, 317_455]);
    }

    #[test]
    fn seed_journey_and_trip_each_change_the_dice() {
        let throws = [
            throws(1, "sign-in", 7),
            throws(2, "sign-in", 7),
            throws(1, "sign-up", 7),
            throws(1, "sign-in", 8),
        ];
        for (n, one) in throws.iter().enumerate() {
            assert!(!throws[..n].contains(one));
        }
    }
}
