//! The part of a plan that one worker does.

use std::{fmt, ops::Range, str::FromStr};

use thiserror::Error;

/// Part `index` of `of`: the numbers that leave the remainder `index` when divided by `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Share {
    index: u32,
    of: u32,
}

/// A share that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no share: the first of four is `0/4`, the last `3/4`")]
pub struct ShareError(String);

impl Share {
    /// All of it: what a run on one machine does.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// Part `index` of `of`, counted from 0.
    ///
    /// # Errors
    /// When `index` is not less than `of`.
    pub fn new(index: u32, of: u32) -> Result<Self, ShareError> {
        if index < of { Ok(Self { index, of }) } else { Err(ShareError(format!("{index}/{of}"))) }
    }

    /// Which part it is, from 0.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many parts there are.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// How many of the numbers below `end` are its own.
    #[must_use]
    pub fn below(self, end: u64) -> u64 {
        let (index, of) = (u64::from(self.index), u64::from(self.of));
        end / of + u64::from(end % of > index)
    }

    /// The numbers of a range that are its own, in order.
    pub fn numbers(self, range: Range<u64>) -> impl Iterator<Item = u64> + use<> {
        let before = self.below(range.start);
        let until = self.below(range.end.max(range.start));
        (before..until).map(move |nth| self.nth(nth))
    }

    /// Its own number `nth`, from 0.
    pub(super) fn nth(self, nth: u64) -> u64 {
        nth * u64::from(self.of) + u64::from(self.index)
    }
}

impl Default for Share {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, ShareError> {
        let numbers = text
            .split_once('/')
            .and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        let (index, of) = numbers.ok_or_else(|| ShareError(crate::quantity::shortened(text)))?;
        Self::new(index, of)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn shares_part_any_range(start in 0_u64..300, length in 0_u64..300, of in 1_u32..9) {
            let mut all: Vec<u64> = Vec::new();
            for index in 0..of {
                let share = Share::new(index, of).unwrap();
                let own: Vec<u64> = share.numbers(start..start + length).collect();
                prop_assert_eq!(own.len() as u64, share.below(start + length) - share.below(start));
                all.extend(own);
            }
            all.sort_unstable();
            prop_assert!(all.into_iter().eq(start..start + length));
        }

        #[test]
        fn any_text_is_a_share_or_an_error(text in ".{0,12}") {
            if let Ok(share) = text.parse::<Share>() {
                prop_assert_eq!(share.to_string().parse(), Ok(share));
            }
        }
    }

    #[test]
    fn a_share_that_does_not_exist_is_refused() {
        assert_eq!("3/4".parse(), Share::new(3, 4));
        for text in ["4/4", "0/0", "1", "-1/4", "a/b", "1/4/2"] {
            insta::allow_duplicates! {
                insta::assert_snapshot!(
                    text.parse::<Share>().unwrap_err().to_string().replace(text, "it"),
                    @"`it` is no share: the first of four is `0/4`, the last `3/4`"
                );
            }
        }
    }
}
