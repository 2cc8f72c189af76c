//! An answer that has been read to its end.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use super::error::{Flaw, HttpError, Kind};

/// An answer that has been read to its end.
pub struct Response {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Response {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The URL that answered, after all redirects.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The body, as it came: content codings are not undone.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// It is not UTF-8 (`bad text`).
    pub fn text(&self) -> Result<&str, HttpError> {
        std::str::from_utf8(&self.body)
            .map_err(|error| self.failed(Flaw::because(Kind::BadText, error)))
    }

    /// The body read as JSON.
    ///
    /// # Errors
    ///
    /// It is not JSON, or not that of a `T` (`bad json`).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| self.failed(Flaw::because(Kind::BadJson, error)))
    }

    /// The answer, if its status is below 400.
    ///
    /// # Errors
    ///
    /// The status is 400 or more (`http 404` and the like).
    pub fn error_for_status(self) -> Result<Self, HttpError> {
        if self.status.as_u16() < 400 {
            return Ok(self);
        }
        Err(self.failed(Kind::Status(self.status).into()))
    }

    fn failed(&self, flaw: Flaw) -> HttpError {
        HttpError::new(&self.method, &self.url, flaw)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers and body may hold what nobody should read in a log.
        let bytes = self.body.len();
        write!(f, "Response({} {}, {bytes} bytes)", self.method, self.status)
    }
}
