//! Who is signed in: a bounded number of sessions, of which the oldest go first.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use rand::{Rng, RngExt};
use serde::Serialize;

/// Sessions kept at a time; one takes about 200 bytes.
pub(super) const SESSIONS_MAX: usize = 250_000;

/// A user as others may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) username: String,
}

/// The proof of having signed in: 128 random bits, in hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Token(u128);

impl Token {
    pub(super) fn random(rng: &mut impl Rng) -> Self {
        Self(rng.random())
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u128::from_str_radix(text, 16).ok()).flatten().map(Self)
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// The sessions of one run of a sandbox.
pub(super) struct Sessions {
    max: usize,
    users: HashMap<Token, Arc<User>>,
    by_age: VecDeque<Token>,
}

impl Sessions {
    pub(super) fn new(max: usize) -> Self {
        Self { max, users: HashMap::new(), by_age: VecDeque::new() }
    }

    /// Signs `user` in under a fresh `token`; the oldest session ends when there are too many.
    pub(super) fn begin(&mut self, token: Token, user: User) {
        if self.by_age.len() >= self.max
            && let Some(oldest) = self.by_age.pop_front()
        {
            self.users.remove(&oldest);
        }
        self.users.insert(token, Arc::new(user));
        self.by_age.push_back(token);
    }

    /// The user of a session that has not ended.
    pub(super) fn user(&self, token: Token) -> Option<Arc<User>> {
        self.users.get(&token).cloned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_oldest_sessions_end_first() {
        let mut sessions = Sessions::new(3);
        for id in 0..5_u8 {
            sessions.begin(Token(id.into()), User { id: id.into(), username: "ann".into() });
        }
        let ids: Vec<_> = (0..5).map(|n| sessions.user(Token(n)).map(|user| user.id)).collect();
        assert_eq!(ids, [None, None, Some(2), Some(3), Some(4)]);
        assert_eq!((sessions.users.len(), sessions.by_age.len()), (3, 3));
    }

    proptest! {
        #[test]
        fn a_token_reads_back(bits: u128) {
            prop_assert_eq!(Token::parse(&Token(bits).to_string()), Some(Token(bits)));
        }

        #[test]
        fn other_text_is_no_token(text in "[0-9a-f]{0,31}|[0-9a-f]{33,40}|[+-][0-9a-f]{31}|.{32}") {
            let hex = text.len() == 32 && text.chars().all(|c| c.is_ascii_hexdigit());
            prop_assert_eq!(Token::parse(&text).is_some(), hex);
        }
    }
}
