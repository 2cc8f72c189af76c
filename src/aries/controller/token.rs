//! A tenant's token: one for all trips, renewed by one of them while the others wait.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    error::ControllerError,
    gate::{Gate, Question, Secret, read},
    shared::Shared,
};
use crate::aries::transport::{Answer, Http, text::percent};

/// Seconds since the Unix epoch.
pub(super) type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// How long before its end a token is renewed, in seconds; one that lives less than twice as long
/// is renewed half way.
const MARGIN_S: u64 = 60;

/// Who asks for tokens, and with what.
#[derive(Clone)]
pub(super) enum Tenant {
    /// A tenant and its API key.
    Tenant { id: String, key: Secret },
    /// A wallet and its key.
    Wallet { id: String, key: Secret },
}

impl Tenant {
    pub(super) fn id(&self) -> &str {
        let (Self::Tenant { id, .. } | Self::Wallet { id, .. }) = self;
        id
    }

    fn question(&self) -> Question {
        let (whose, id, body) = match self {
            Self::Tenant { id, key: Secret(key) } => ("tenant", id, json!({ "api_key": key })),
            Self::Wallet { id, key: Secret(key) } => ("wallet", id, json!({ "wallet_key": key })),
        };
        Question::post(format!("/multitenancy/{whose}/{}/token", percent(id)), body)
    }
}

/// The token of a tenant.
pub(super) struct Tokens {
    tenant: Tenant,
    clock: Clock,
    last: Shared<Token>,
}

#[derive(Clone)]
struct Token {
    text: Arc<str>,
    renew_at: Option<u64>,
}

impl Tokens {
    pub(super) fn new(tenant: Tenant, clock: Clock) -> Self {
        Self { tenant, clock, last: Shared::new() }
    }

    /// The token, but not the one that was refused.
    pub(super) async fn token(
        &self,
        http: &dyn Http,
        gate: &Gate,
        refused: Option<&str>,
    ) -> Result<Arc<str>, ControllerError> {
        let is_good = |token: &Token| token.is_good((self.clock)(), refused);
        Ok(self.last.get(is_good, self.ask(http, gate)).await?.text)
    }

    async fn ask(&self, http: &dyn Http, gate: &Gate) -> Result<Token, ControllerError> {
        let answer = gate.ask(http, &self.tenant.question()).await;
        let (asked, answer): (_, Answer) = answer.map_err(without_body)?;
        let answer = read(asked, &answer)?;
        // A header holds no more than visible characters.
        let sound = |text: &&str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_graphic());
        let text = answer.text("/token").filter(sound).ok_or_else(|| answer.lacks("token"))?;
        Ok(Token::new(text, (self.clock)()))
    }
}

/// A refusal of a key may repeat the key.
fn without_body(error: ControllerError) -> ControllerError {
    match error {
        ControllerError::Status { asked, status, .. } => {
            ControllerError::Status { asked, status, body: String::new() }
        }
        other => other,
    }
}

impl Token {
    fn new(text: &str, now: u64) -> Self {
        // By a clock that runs ahead of its maker's a token is over when it comes: only a refusal
        // says that it really is.
        let lives = expires(text).and_then(|at| at.checked_sub(now)).filter(|it| *it > 0);
        let renew_at =
            lives.map(|lives| now + lives.saturating_sub(MARGIN_S).max(lives.div_ceil(2)));
        Self { text: text.into(), renew_at }
    }

    fn is_good(&self, now: u64, refused: Option<&str>) -> bool {
        refused != Some(&*self.text) && self.renew_at.is_none_or(|at| now < at)
    }
}

/// The wallet that a token of ACA-Py is for.
pub(super) fn wallet_of(token: &str) -> Option<String> {
    claims(token)?.get("wallet_id")?.as_str().map(ToOwned::to_owned)
}

/// What a JWT (RFC 7519) says.
fn claims(token: &str) -> Option<Value> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&claims).ok()
}

/// When a JWT says that it expires.
fn expires(token: &str) -> Option<u64> {
    let claims = claims(token)?;
    let at = claims.get("exp")?;
    at.as_u64().or_else(|| at.as_f64().and_then(|at| format!("{at:.0}").parse().ok()))
}
