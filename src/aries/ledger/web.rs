//! The way to a server: where it is, what it lets in, and how much of an answer is taken.

use std::{borrow::Cow, fmt::Write, sync::Arc};

use bytes::Bytes;
use serde_json::Value;
use url::Url;

use super::{Asked, LedgerError};
use crate::aries::transport::{Body, Call, Http, Method};

/// Characters of a refusal that an error repeats.
const SHOWN_MAX: usize = 200;

/// Bytes of a refusal that are looked at.
const REFUSAL_BYTES_MAX: usize = 64 << 10;

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
                let body = self.excerpt(&answer.body);
                Err(LedgerError::Status { asked: asked(), status, body })
            }
        }
    }

    /// The beginning of a refusal as an error may repeat it.
    fn excerpt(&self, body: &[u8]) -> String {
        let beginning = &body[..body.len().min(REFUSAL_BYTES_MAX)];
        let mut text = String::from_utf8_lossy(beginning).into_owned();
        for (_, secret) in &self.headers {
            let secret = secret.strip_prefix("Bearer ").unwrap_or(secret);
            if !secret.is_empty() {
                text = text.replace(secret, "***");
            }
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let shown = words.join(" ").chars().filter(|it| !it.is_control()).collect::<String>();
        match shown.char_indices().nth(SHOWN_MAX) {
            _ if shown.is_empty() => shown,
            Some((end, _)) => format!(": {}…", &shown[..end]),
            None => format!(": {shown}"),
        }
    }
}

/// Writes a text so that it is one segment of a path (RFC 3986, 2.3).
pub(super) fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a String never fails");
        }
    }
    encoded
}
