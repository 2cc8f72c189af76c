//! The way to a server: where it is, what it lets in, and how much of an answer is taken.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use serde_json::Value;
use url::Url;

use super::{Asked, LedgerError};
use crate::aries::transport::{Body, Call, Http, Method, text::excerpt};

/// A header that goes with every request; its value is secret.
pub(super) type Header = (Cow<'static, str>, String);

/// The way to a server; there is no `Debug` for it, because its headers are secret.
#[derive(Clone, PartialEq)]
pub(super) struct Web {
    /// Without a slash at its end.
    base: String,
    /// What messages call it.
    pub(super) place: Arc<str>,
    headers: Vec<Header>,
}

/// What an answer may be.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'a> {
    pub(super) asked: &'a Asked,
    /// Bytes it may have.
    pub(super) max: usize,
}

impl Web {
    /// The way to a URL without name, password, query and fragment.
    pub(super) fn new(url: &Url, headers: Vec<Header>) -> Self {
        let base = url.as_str().trim_end_matches('/').to_owned();
        let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
        let (host, path) = (url.host_str().unwrap_or_default(), url.path().trim_end_matches('/'));
        let place = format!("{}://{host}{port}{path}", url.scheme()).into();
        Self { base, place, headers }
    }

    /// The URL of a path below the base.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(super) async fn get(
        &self,
        http: &dyn Http,
        url: String,
        bounds: Bounds<'_>,
    ) -> Result<Bytes, LedgerError> {
        self.ask(http, url, Body::Empty, bounds).await
    }

    pub(super) async fn post(
        &self,
        http: &dyn Http,
        url: String,
        body: Value,
        bounds: Bounds<'_>,
    ) -> Result<Bytes, LedgerError> {
        self.ask(http, url, Body::Json(body), bounds).await
    }

    async fn ask(
        &self,
        http: &dyn Http,
        url: String,
        body: Body,
        Bounds { asked, max }: Bounds<'_>,
    ) -> Result<Bytes, LedgerError> {
        // What lets us in here is nobody else's business, such as a tails server's.
        let own = url.strip_prefix(&self.base).is_some_and(|rest| rest.starts_with('/'));
        let headers = if own { self.headers.clone() } else { Vec::new() };
        let method = if matches!(body, Body::Empty) { Method::Get } else { Method::Post };
        let asked = || asked.clone();
        let answer = match http.send(Call { method, url, headers, body }).await {
            Ok(answer) => answer,
            Err(failure) => return Err(LedgerError::Unreached { asked: asked(), failure }),
        };
        match answer.status {
            200..=299 if answer.body.len() > max => {
                Err(LedgerError::TooLong { asked: asked(), max })
            }
            200..=299 => Ok(answer.body),
            404 => Err(LedgerError::Unpublished { asked: asked() }),
            status => {
                let secrets = self.headers.iter().map(|(_, secret)| secret.as_str());
                let body = excerpt(&answer.body, secrets);
                Err(LedgerError::Status { asked: asked(), status, body })
            }
        }
    }
}
