//! How long a user thinks between two steps.

use std::{
    fmt,
    ops::{Range, RangeInclusive},
    str::FromStr,
    time::Duration,
};

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1, StandardNormal};
use serde::{Deserialize, Deserializer, de};
use thiserror::Error;

use crate::quantity::Span;

/// No thought lasts longer: an exponential or lognormal tail ends here.
const LONGEST: Duration = Duration::from_hours(24);
/// The 95th percentile of the standard normal distribution.
const NORMAL_P95: f64 = 1.644_853_626_951_472_7;

/// How long a user thinks: `5s`, `10s..60s`, `exponential 5s` or `lognormal 800ms p95 4s`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Think {
    /// Always the same.
    Constant(Duration),
    /// Anything between two times, each as likely.
    Uniform(Duration, Duration),
    /// Mostly short, sometimes long, around a mean: what independent users look like together.
    Exponential {
        /// The mean.
        mean: Duration,
    },
    /// As people do: half of the times below the median, one in twenty above the 95th percentile.
    Lognormal {
        /// The median.
        median: Duration,
        /// The 95th percentile.
        p95: Duration,
    },
}

/// A think time that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "cannot read think time `{text}`: {why}; write `5s`, `10s..60s`, `exponential 5s` or \
     `lognormal 800ms p95 4s`"
)]
pub struct ThinkError {
    text: String,
    why: String,
}

impl Think {
    /// Throws the dice for one thought.
    pub fn sample(&self, dice: &mut (impl Rng + ?Sized)) -> Duration {
        match *self {
            Self::Constant(time) => time,
            Self::Uniform(from, to) => dice.random_range(from..=to),
            Self::Exponential { mean } => {
                let gap: f64 = Exp1.sample(dice);
                stretch(mean, gap)
            }
            Self::Lognormal { median, p95 } => {
                let sigma = (p95.as_secs_f64() / median.as_secs_f64()).ln() / NORMAL_P95;
                let normal: f64 = StandardNormal.sample(dice);
                stretch(median, (sigma * normal).exp())
            }
        }
    }

    fn read(text: &str) -> Result<Self, String> {
        let time = |text: &str| match text.trim().parse::<Span>() {
            Ok(span) => Ok(span.0),
            Err(error) => Err(error.to_string()),
        };
        if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (time(from)?, time(to.trim_start_matches('='))?);
            return if from <= to {
                Ok(Self::Uniform(from, to))
            } else {
                Err("it ends before it begins".into())
            };
        }
        match text.split_whitespace().collect::<Vec<_>>()[..] {
            ["exponential", mean] => Ok(Self::Exponential { mean: time(mean)? }),
            ["lognormal", median, "p95", p95] => {
                let (median, p95) = (time(median)?, time(p95)?);
                if median.is_zero() || p95 < median {
                    return Err("the median must be above zero and not above the p95".into());
                }
                Ok(Self::Lognormal { median, p95 })
            }
            _ => Ok(Self::Constant(time(text)?)),
        }
    }
}

fn stretch(time: Duration, by: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * by).map_or(LONGEST, |time| time.min(LONGEST))
}

impl FromStr for Think {
    type Err = ThinkError;

    fn from_str(text: &str) -> Result<Self, ThinkError> {
        Self::read(text.trim()).map_err(|why| ThinkError { text: text.into(), why })
    }
}

impl<'de> Deserialize<'de> for Think {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl fmt::Display for Think {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(time) => write!(f, "{}", Span(*time)),
            Self::Uniform(from, to) => write!(f, "{}..{}", Span(*from), Span(*to)),
            Self::Exponential { mean } => write!(f, "exponential {}", Span(*mean)),
            Self::Lognormal { median, p95 } => {
                write!(f, "lognormal {} p95 {}", Span(*median), Span(*p95))
            }
        }
    }
}

impl From<Duration> for Think {
    fn from(time: Duration) -> Self {
        Self::Constant(time)
    }
}

impl From<Range<Duration>> for Think {
    fn from(range: Range<Duration>) -> Self {
        Self::Uniform(range.start, range.end.max(range.start))
    }
}

impl From<RangeInclusive<Duration>> for Think {
    fn from(range: RangeInclusive<Duration>) -> Self {
        (*range.start()..*range.end()).into()
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// The `q`-quantile of ten thousand thoughts, in seconds.
    fn quantile(think: &str, q: usize) -> f64 {
        let think: Think = think.parse().unwrap();
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let mut times: Vec<_> = (0..10_000).map(|_| think.sample(&mut dice)).collect();
        times.sort_unstable();
        times[q * 100].as_secs_f64()
    }

    fn check(think: &str, q: usize, expected: f64) {
        let seen = quantile(think, q);
        assert!((seen - expected).abs() <= expected * 0.05, "{think} p{q}: {seen}");
    }

    #[test]
    fn thoughts_follow_their_distribution() {
        check("5s", 0, 5.0);
        check("5s", 99, 5.0);
        check("10s..60s", 50, 35.0);
        check("10s..60s", 90, 55.0);
        check("exponential 10s", 50, 6.93);
        check("lognormal 800ms p95 4s", 50, 0.8);
        check("lognormal 800ms p95 4s", 95, 4.0);
    }

    #[test]
    fn a_range_of_one_point_is_that_point() {
        check("2s..2s", 50, 2.0);
    }

    #[test]
    fn a_wrong_think_time_is_answered_with_right_ones() {
        let error = "60s..10s".parse::<Think>().unwrap_err().to_string();
        insta::assert_snapshot!(error, @"cannot read think time `60s..10s`: it ends before it begins; write `5s`, `10s..60s`, `exponential 5s` or `lognormal 800ms p95 4s`");
        assert!("lognormal 4s p95 1s".parse::<Think>().is_err());
        assert!("soon".parse::<Think>().is_err());
    }
}
