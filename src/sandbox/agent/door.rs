//! Who may ask an agent's admin API: everybody, who has the key, or who has a token that still lives.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, header};
use tokio::time::Instant;

use crate::aries::didcomm::unique_id;

/// Tokens that live at a time; the oldest die first.
const TOKENS_MAX: usize = 10_000;

/// Whom the agents' admin API answers.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Admin {
    /// What must be said as `X-API-Key`, or as a tenant's `api_key`; with `None` nothing.
    pub api_key: Option<String>,
    /// How long a tenant's token lives. With `None` no token is asked for; with one, whoever does not
    /// know the key must have a token.
    pub token_life: Option<Duration>,
}

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let api_key = self.api_key.as_ref().map(|_| "…");
        let token_life = &self.token_life;
        f.debug_struct("Admin").field("api_key", &api_key).field("token_life", token_life).finish()
    }
}

/// The door of one agent.
pub(super) struct Door {
    admin: Admin,
    tokens: Mutex<Tokens>,
}

#[derive(Default)]
struct Tokens {
    end: HashMap<String, Option<Instant>>,
    by_age: VecDeque<String>,
}

impl Door {
    pub(super) fn new(admin: Admin) -> Self {
        Self { admin, tokens: Mutex::default() }
    }

    /// Whether a request may pass.
    pub(super) fn opens_to(&self, headers: &HeaderMap) -> bool {
        let Admin { api_key, token_life } = &self.admin;
        if api_key.is_none() && token_life.is_none() {
            return true;
        }
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let knows_key = api_key.is_some() && text("x-api-key") == api_key.as_deref();
        let bearer = text(header::AUTHORIZATION.as_str()).and_then(|it| it.strip_prefix("Bearer "));
        knows_key || bearer.is_some_and(|token| self.lives(token))
    }

    /// A token for whoever knows the key.
    pub(super) fn token(&self, api_key: &str) -> Option<String> {
        if self.admin.api_key.as_deref().is_some_and(|key| key != api_key) {
            return None;
        }
        let token = unique_id();
        let end = self.admin.token_life.map(|life| Instant::now() + life);
        let mut tokens = self.tokens();
        if tokens.by_age.len() >= TOKENS_MAX
            && let Some(oldest) = tokens.by_age.pop_front()
        {
            tokens.end.remove(&oldest);
        }
        tokens.end.insert(token.clone(), end);
        tokens.by_age.push_back(token.clone());
        Some(token)
    }

    fn lives(&self, token: &str) -> bool {
        let end = self.tokens().end.get(token).copied();
        end.is_some_and(|end| end.is_none_or(|end| Instant::now() < end))
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        // Nothing panics while it holds the tokens.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
