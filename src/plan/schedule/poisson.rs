//! Poisson arrivals that come to a planned number.
//!
//! A Poisson process of which only the number `N` of arrivals is known is `N` points, each
//! anywhere under the lines of rate with the same chance. Put in order they are the partial
//! sums of `N + 1` exponential gaps, scaled so that the last sum is the whole area:
//!
//! ```text
//! arrival n stands at   area × (E₀ + … + Eₙ) / (E₀ + … + E_N)
//! ```
//!
//! So a plan of 3,000 starts 3,000, and the burstiness within is that of Poisson. What it costs:
//! the sum below the line is drawn before the first arrival is known, and each share draws all
//! gaps, since each depends on those before it. In return every share has the very same
//! arrivals without talking to another; on machines whose logarithms differ in the last bit, to
//! within a nanosecond or so.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// The most trips of a volume with Poisson arrivals, which are all drawn before the first starts.
pub const POISSON_TRIPS_MAX: u64 = 100_000_000;

/// Keeps these dice apart from all others that are thrown from the same seed.
const DOMAIN: &[u8; 24] = b"engine plan: arrivals 01";

/// Where arrivals stand, as parts of the whole area.
#[derive(Debug, Clone)]
pub(super) struct Poisson {
    gaps: ChaCha8Rng,
    drawn: u64,
    sum: f64,
    total: f64,
}

impl Poisson {
    pub(super) fn new(trips: u64, seed: u64) -> Self {
        let mut key = [0; 32];
        let (first, rest) = key.split_at_mut(8);
        first.copy_from_slice(&seed.to_le_bytes());
        rest.copy_from_slice(DOMAIN);
        let gaps = ChaCha8Rng::from_seed(key);
        let mut ahead = gaps.clone();
        let total = (0..=trips).map(|_| gap(&mut ahead)).sum();
        Self { gaps, drawn: 0, sum: 0.0, total }
    }

    /// The area at which arrival `number` stands; numbers are asked for in rising order.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "where a die falls is not exact"
    )]
    pub(super) fn area_before(&mut self, number: u64, area: u128) -> u128 {
        while self.drawn <= number {
            self.sum += gap(&mut self.gaps);
            self.drawn += 1;
        }
        let stands = (self.sum / self.total * area as f64) as u128;
        stands.min(area - 1)
    }
}

/// An exponential gap with mean 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
fn gap(dice: &mut ChaCha8Rng) -> f64 {
    let above_zero = (dice.next_u64() >> 11) + 1;
    -(above_zero as f64 / (1_u64 << 53) as f64).ln()
}
