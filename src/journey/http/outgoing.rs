//! A request as it goes over the wire.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use url::{Position, Url};

/// The bytes of a request.
pub(super) struct Outgoing {
    pub(super) head: Vec<u8>,
    pub(super) body: Bytes,
}

/// What goes into the head of a request.
pub(super) struct Parts<'a> {
    pub(super) method: &'a Method,
    pub(super) url: &'a Url,
    pub(super) agent: &'a HeaderValue,
    pub(super) headers: &'a HeaderMap,
    /// The cookies of the trip's jar.
    pub(super) cookies: Option<String>,
}

impl Outgoing {
    pub(super) fn new(parts: &Parts<'_>, body: Bytes) -> Self {
        let Parts { method, url, agent, headers, cookies } = parts;
        let mut head = Vec::with_capacity(256);
        let target = &url[Position::BeforePath..Position::AfterQuery];
        for piece in [method.as_str(), " ", target, " HTTP/1.1\r\n"] {
            head.extend_from_slice(piece.as_bytes());
        }
        if !headers.contains_key(header::HOST) {
            let host = &url[Position::BeforeHost..Position::AfterPort];
            line(&mut head, &header::HOST, host.as_bytes());
        }
        if !headers.contains_key(header::USER_AGENT) {
            line(&mut head, &header::USER_AGENT, agent.as_bytes());
        }
        if !headers.contains_key(header::ACCEPT) {
            line(&mut head, &header::ACCEPT, b"*/*");
        }
        for (name, value) in *headers {
            line(&mut head, name, value.as_bytes());
        }
        if let Some(cookies) = cookies {
            line(&mut head, &header::COOKIE, cookies.as_bytes());
        }
        if !body.is_empty() || expects_body(method) {
            line(&mut head, &header::CONTENT_LENGTH, body.len().to_string().as_bytes());
        }
        head.extend_from_slice(b"\r\n");
        Self { head, body }
    }
}

fn line(head: &mut Vec<u8>, name: &HeaderName, value: &[u8]) {
    head.extend_from_slice(name.as_str().as_bytes());
    head.extend_from_slice(b": ");
    head.extend_from_slice(value);
    head.extend_from_slice(b"\r\n");
}

/// Methods for which a missing body is told as one of length 0 (RFC 9110, section 8.6).
fn expects_body(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}
