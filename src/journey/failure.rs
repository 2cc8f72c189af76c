//! How a journey says that it failed: a kind to count by, a message to read.

use std::{any::type_name, borrow::Cow, error::Error, fmt::Write, sync::Arc};

use super::http;
use crate::bus::End;

/// How a journey ends.
pub type Outcome = Result<(), Failure>;

/// Why a journey failed.
///
/// Any error becomes one by `?`. A failure of a journey's own is
/// `return Err(Failure::new("empty offer", format!("offer {id} has no attributes")))`.
#[derive(Debug)]
pub struct Failure(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Cow<'static, str>,
    message: String,
    told: bool,
}

impl Failure {
    /// Makes a failure; `kind` is what reports count by, so it must not hold anything that
    /// differs from trip to trip.
    pub fn new(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind: kind.into(), message: message.into(), told: false }))
    }

    /// What reports count it by.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// What a person reads.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// How a transaction or a trip that ends with this failure ends; only the first to ask is
    /// given the message, so that a failure is counted once.
    pub(crate) fn tell(&mut self) -> End {
        let message = (!self.0.told).then(|| Arc::from(self.0.message.as_str()));
        self.0.told = true;
        End::Failed { kind: Arc::from(self.kind()), message }
    }
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let kind = match (&error as &dyn Error).downcast_ref::<http::HttpError>() {
            Some(http) => http.kind(),
            None => Cow::Borrowed(short_name::<E>()),
        };
        Self::new(kind, chain(&error))
    }
}

/// The name of a type without its path and parameters: `ParseIntError`.
fn short_name<E>() -> &'static str {
    let path = type_name::<E>();
    let path = path.split('<').next().unwrap_or(path);
    path.rsplit("::").next().unwrap_or(path)
}

/// An error and all that caused it, as one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, ": {cause}").expect("writing to a String never fails");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_error_becomes_a_failure_counted_by_its_type() {
        let failure = Failure::from("x".parse::<u8>().unwrap_err());
        assert_eq!(failure.kind(), "ParseIntError");
        assert_eq!(failure.message(), "invalid digit found in string");
    }

    #[test]
    fn a_failure_gives_its_message_once() {
        let mut failure = Failure::new("no offer", "waited 30 s");
        let kind: Arc<str> = "no offer".into();
        let message = Some("waited 30 s".into());
        assert_eq!(failure.tell(), End::Failed { kind: kind.clone(), message });
        assert_eq!(failure.tell(), End::Failed { kind, message: None });
    }
}
