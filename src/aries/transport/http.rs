//! What holders and controllers need of an HTTP client; the program brings one.

use std::{borrow::Cow, future::Future, pin::Pin};

use bytes::Bytes;

/// An HTTP client that keeps connections alive. It does not follow redirects, and gives up by
/// itself after a time of its own.
pub trait Http: Send + Sync {
    /// Sends a request and reads the answer to its end.
    fn send(&self, call: Call) -> Sending<'_>;
}

/// A request under way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Answer, HttpFailure>> + Send + 'a>>;

/// A request.
pub struct Call {
    /// How.
    pub method: Method,
    /// Where to.
    pub url: String,
    /// Headers by name, beside those of the body; they may hold secrets.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// What is sent.
    pub body: Body,
}

/// The methods that are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

/// What a request carries.
pub enum Body {
    /// Nothing.
    Empty,
    /// JSON.
    Json(serde_json::Value),
    /// A DIDComm envelope.
    Envelope(Vec<u8>),
}

/// An answer of any status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// Its body.
    pub body: Bytes,
}

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HttpFailure {
    /// What to count it by, such as `connection refused`.
    pub kind: Cow<'static, str>,
    /// What a person reads.
    pub message: String,
}
