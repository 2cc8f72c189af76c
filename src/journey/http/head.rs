//! The head of an answer: status, headers, and how long the body will be.

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};

use super::error::{Flaw, Kind};

/// More headers than this are refused.
const HEADERS_MAX: usize = 100;

/// The head of an answer.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) framing: Framing,
    /// Whether the connection may serve again once the body has been read.
    pub(super) lasting: bool,
}

/// How the end of a body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    UntilClosed,
}

/// Reads a head and its length in bytes, or `None` while it is incomplete.
pub(super) fn parse(bytes: &[u8], method: &Method) -> Result<Option<(Head, usize)>, Flaw> {
    let mut fields = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut parsed = httparse::Response::new(&mut fields);
    let length = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(Flaw::because(Kind::Protocol, error)),
    };
    let status = StatusCode::from_u16(parsed.code.unwrap_or_default())
        .map_err(|error| Flaw::because(Kind::Protocol, error))?;
    let mut headers = HeaderMap::with_capacity(parsed.headers.len());
    for field in parsed.headers.iter() {
        let name = HeaderName::from_bytes(field.name.as_bytes());
        let value = HeaderValue::from_bytes(field.value);
        let (Ok(name), Ok(value)) = (name, value) else { return Err(odd("a header")) };
        headers.append(name, value);
    }
    let version = if parsed.version == Some(0) { Version::HTTP_10 } else { Version::HTTP_11 };
    let framing = framing(&headers, status, method)?;
    let lasting = framing != Framing::UntilClosed && lasting(&headers, version);
    Ok(Some((Head { status, headers, framing, lasting }, length)))
}

fn framing(headers: &HeaderMap, status: StatusCode, method: &Method) -> Result<Framing, Flaw> {
    let bodiless = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
    if bodiless || status.is_informational() || method == Method::HEAD {
        return Ok(Framing::Length(0));
    }
    let mut codings = tokens(headers, &header::TRANSFER_ENCODING).peekable();
    if codings.peek().is_some() {
        // No `TE` is sent, so that chunked is the one coding that may come.
        let chunked = codings.all(|coding| coding.eq_ignore_ascii_case(b"chunked"));
        return if chunked { Ok(Framing::Chunked) } else { Err(odd("the transfer encoding")) };
    }
    let mut lengths = tokens(headers, &header::CONTENT_LENGTH);
    let Some(first) = lengths.next() else { return Ok(Framing::UntilClosed) };
    if lengths.any(|other| other != first) {
        return Err(odd("more than one content length"));
    }
    decimal(first).map(Framing::Length).ok_or_else(|| odd("the content length"))
}

fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn lasting(headers: &HeaderMap, version: Version) -> bool {
    // Both at once is how requests are smuggled (RFC 9112, section 6.3): not to be trusted again.
    let doubtful = headers.contains_key(header::TRANSFER_ENCODING)
        && headers.contains_key(header::CONTENT_LENGTH);
    let says = |word: &[u8]| {
        tokens(headers, &header::CONNECTION).any(|token| token.eq_ignore_ascii_case(word))
    };
    !doubtful && !says(b"close") && (version == Version::HTTP_11 || says(b"keep-alive"))
}

/// The comma-separated values of a header, over all its lines.
fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    let lines = headers.get_all(name).into_iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
}

fn odd(what: &str) -> Flaw {
    Flaw::because(Kind::Protocol, format!("{what} of the answer cannot be understood"))
}
