//! Why an issuer or a verifier did not do what it was asked.

use std::{borrow::Cow, fmt, time::Duration};

use crate::aries::transport::{HttpFailure, Method};

/// Why a controller did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControllerError {
    /// No answer came.
    #[error("{asked}: {failure}")]
    Http {
        /// What was asked.
        asked: Asked,
        /// Why none came.
        failure: HttpFailure,
    },
    /// It refused.
    #[error("{asked}: status {status}{body}")]
    Status {
        /// What was asked.
        asked: Asked,
        /// The status of its answer.
        status: u16,
        /// The beginning of its answer after a colon, without secrets; may be empty.
        body: String,
    },
    /// It answered with something else than it should.
    #[error("{asked}: {fault}")]
    Answer {
        /// What was asked.
        asked: Asked,
        /// What is wrong with it.
        fault: AnswerFault,
    },
    /// The connection was not ready in time.
    #[error("the connection is `{state}` after {waited:?}, not ready")]
    NotReady {
        /// The state it was in last.
        state: String,
        /// How long that was waited for.
        waited: Duration,
    },
    /// The exchange was given up.
    #[error("the exchange is `{state}`{reason}")]
    GivenUp {
        /// The state it is in.
        state: String,
        /// Why, in the controller's words after a colon; may be empty.
        reason: String,
    },
    /// The exchange was not over in time.
    #[error("the exchange is `{state}` after {waited:?}, not over")]
    NotOver {
        /// The state it was in last.
        state: String,
        /// How long that was waited for.
        waited: Duration,
    },
    /// There is not one credential definition that can be meant.
    #[error("one credential definition is needed and the issuer told of {found}: set cred_def_id")]
    NoDefinition {
        /// How many there are.
        found: usize,
    },
    /// It is not said which credential is to be revoked, or not in the words that are needed.
    #[error("it is not known by which exchange or place in a registry to revoke the credential")]
    Unnamed,
    /// The scenario does not say how to ask for this.
    #[error("the scenario does not say how `{action}` is asked: add {action} = {{ url = \"/…\" }}")]
    NotOffered {
        /// Which action.
        action: &'static str,
    },
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// It is longer than any should be.
    #[error("the answer is longer than 1 MiB")]
    TooLong,
    /// It cannot be read.
    #[error("the answer is not JSON")]
    NotJson,
    /// It lacks what was asked for, or has it in another type.
    #[error("no {0} in the answer")]
    Lacks(&'static str),
}

/// What an issuer lacked to issue a credential that can be revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegistryFault {
    /// Room in its registry.
    #[error("revocation registry full")]
    Full,
    /// A registry in use.
    #[error("no active revocation registry")]
    NoneActive,
}

impl RegistryFault {
    fn told_by(text: &str) -> Option<Self> {
        let says = |words: &str| text.contains(words);
        if says("evocation registry") && says("is full") {
            return Some(Self::Full);
        }
        // ACA-Py from 1.x on says the last when it has looked for one in vain.
        let none = says("no active revocation registry")
            || says("No active registry")
            || says("revocation registry or list is in a bad state");
        none.then_some(Self::NoneActive)
    }
}

/// What was asked: the method and the path, never a query, which might hold a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// How.
    pub method: Method,
    /// Where.
    pub path: String,
}

impl ControllerError {
    /// What to count it by: `status 403`, `no invitation in the answer`, `connection refused`.
    #[must_use]
    pub fn kind(&self) -> Cow<'static, str> {
        if let Some(fault) = self.registry_fault() {
            return fault.to_string().into();
        }
        match self {
            Self::Http { failure, .. } => failure.kind.clone(),
            Self::Status { status, .. } => format!("status {status}").into(),
            Self::Answer { fault, .. } => fault.to_string().into(),
            Self::NotReady { .. } => "connection not ready".into(),
            Self::GivenUp { state, .. } => format!("exchange {state}").into(),
            Self::NotOver { .. } => "exchange not over".into(),
            Self::NoDefinition { .. } => "no credential definition".into(),
            Self::Unnamed => "no credential named".into(),
            Self::NotOffered { action } => format!("no {action} described").into(),
        }
    }

    /// Whether an issuer had no revocation registry to issue from, which under load is a matter of
    /// its own: it makes new ones slower than it fills them.
    #[must_use]
    pub fn registry_fault(&self) -> Option<RegistryFault> {
        match self {
            Self::Status { body: told, .. } | Self::GivenUp { reason: told, .. } => {
                RegistryFault::told_by(told)
            }
            Self::Http { .. }
            | Self::Answer { .. }
            | Self::NotReady { .. }
            | Self::NotOver { .. }
            | Self::NoDefinition { .. }
            | Self::Unnamed
            | Self::NotOffered { .. } => None,
        }
    }

    /// Whether what was asked for is refused for want of a valid token.
    pub(super) fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Status { status: 401, .. })
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", written(self.method), crate::quantity::shortened(&self.path))
    }
}

/// A method as it is written in a request.
pub(super) fn written(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}
