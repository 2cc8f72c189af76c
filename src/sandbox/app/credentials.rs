//! A name and a password: reading them from a body, and keeping a password without knowing it.

use rand::{Rng, RngExt};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Longest username and longest password, in bytes.
const LENGTH_MAX: usize = 200;
const EXAMPLE: &str = r#"{"username": "ann", "password": "secret"}"#;

/// Who somebody says they are.
#[derive(Debug, PartialEq)]
pub(super) struct Credentials {
    pub(super) username: String,
    pub(super) password: String,
}

/// Why a body holds no credentials.
#[derive(Debug, thiserror::Error)]
pub(super) enum CredentialsError {
    #[error("the body is not JSON ({0}); send one such as {EXAMPLE}")]
    NotJson(serde_json::Error),
    #[error("the body is not an object; send one such as {EXAMPLE}")]
    NotAnObject,
    #[error("`{field}` is missing; send both, as in {EXAMPLE}")]
    Missing { field: &'static str },
    #[error("`{field}` is not a string; send one, as in {EXAMPLE}")]
    NotAString { field: &'static str },
    #[error("`{field}` has {length} bytes; it takes 1 to {LENGTH_MAX}")]
    Length { field: &'static str, length: usize },
}

impl Credentials {
    /// Reads them from a JSON object; fields of other names are ignored.
    ///
    /// # Errors
    /// Names the field that is missing or wrong.
    pub(super) fn parse(body: &[u8]) -> Result<Self, CredentialsError> {
        let mut fields: Map<String, Value> = serde_json::from_slice(body).map_err(|error| {
            if error.is_data() {
                CredentialsError::NotAnObject
            } else {
                CredentialsError::NotJson(error)
            }
        })?;
        let mut take = |field: &'static str| match fields.remove(field) {
            None => Err(CredentialsError::Missing { field }),
            Some(Value::String(text)) if (1..=LENGTH_MAX).contains(&text.len()) => Ok(text),
            Some(Value::String(text)) => {
                Err(CredentialsError::Length { field, length: text.len() })
            }
            Some(_) => Err(CredentialsError::NotAString { field }),
        };
        Ok(Self { username: take("username")?, password: take("password")? })
    }
}

/// A password as it is kept: salted SHA-256.
///
/// Cheap on purpose, and no example to follow: the CPU that argon2 would burn here is CPU that a
/// load generator on the same machine then lacks, and a load test would measure that alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Secret {
    pub(super) salt: [u8; 16],
    pub(super) hash: [u8; 32],
}

impl Secret {
    pub(super) fn of(password: &str, rng: &mut impl Rng) -> Self {
        let salt = rng.random();
        Self { salt, hash: hash(salt, password) }
    }

    pub(super) fn opens_with(&self, password: &str) -> bool {
        self.hash == hash(self.salt, password)
    }
}

fn hash(salt: [u8; 16], password: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(password).finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn refusal(body: &str) -> String {
        Credentials::parse(body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_named() {
        insta::assert_snapshot!(refusal("ann"), @r#"the body is not JSON (expected value at line 1 column 1); send one such as {"username": "ann", "password": "secret"}"#);
        insta::assert_snapshot!(refusal(r#"["a", "b"]"#), @r#"the body is not an object; send one such as {"username": "ann", "password": "secret"}"#);
        insta::assert_snapshot!(refusal(r#"{"password": "b"}"#), @r#"`username` is missing; send both, as in {"username": "ann", "password": "secret"}"#);
        insta::assert_snapshot!(refusal(r#"{"username": "a", "password": 1}"#), @r#"`password` is not a string; send one, as in {"username": "ann", "password": "secret"}"#);
        insta::assert_snapshot!(refusal(r#"{"username": "", "password": "b"}"#), @"`username` has 0 bytes; it takes 1 to 200");
    }

    #[test]
    fn deep_nesting_is_refused_not_followed() {
        assert!(refusal(&"[".repeat(60_000)).starts_with("the body is not an object"));
        let nested = format!("{{\"username\":{}", "[".repeat(60_000));
        assert!(refusal(&nested).starts_with("the body is not JSON (recursion limit exceeded"));
    }

    proptest! {
        #[test]
        fn lengths_are_counted_in_bytes(username in ".{0,210}", password in ".{0,210}") {
            let body = serde_json::json!({ "username": username, "password": password });
            let fits = |text: &str| !text.is_empty() && text.len() <= 200;
            let parsed = Credentials::parse(body.to_string().as_bytes());
            prop_assert_eq!(parsed.is_ok(), fits(&username) && fits(&password));
        }

        #[test]
        fn a_secret_opens_with_its_password_alone(password in ".*", other in ".*", seed: u64) {
            let secret = Secret::of(&password, &mut StdRng::seed_from_u64(seed));
            prop_assert!(secret.opens_with(&password));
            prop_assert_eq!(secret.opens_with(&other), password == other);
        }
    }
}
