//! Where a redirect leads, and what may go along.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use url::Url;

use super::{
    error::{Flaw, Kind},
    request::{self, Call},
};

/// What describes a body, and goes when the body goes.
const OF_BODY: [HeaderName; 4] = [
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LOCATION,
];

/// What is meant for one server and nobody else.
const OF_SERVER: [HeaderName; 4] =
    [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION, header::HOST];

/// The URL that an answer redirects to, if it does: a redirect without a `Location` is an answer.
pub(super) fn target(
    from: &Url,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Url>, Flaw> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = headers.get(header::LOCATION) else { return Ok(None) };
    let location = std::str::from_utf8(location.as_bytes())
        .map_err(|error| Flaw::because(Kind::BadUrl, error))?;
    let mut to = from.join(location).map_err(|error| Flaw::because(Kind::BadUrl, error))?;
    request::check_scheme(&to)?;
    // A target does not decide what users log in as; neither can fail on a URL that has a host.
    let _ = (to.set_username(""), to.set_password(None));
    Ok(Some(to))
}

impl Call {
    /// Makes it the request that follows a redirect to `url`.
    pub(super) fn follow(&mut self, status: StatusCode, url: Url) {
        if matches!(status.as_u16(), 301..=303) && self.method != Method::HEAD {
            self.method = Method::GET;
            self.body = Bytes::new();
            self.forget(&OF_BODY);
        }
        if url.origin() != self.url.origin() {
            self.forget(&OF_SERVER);
        }
        self.url = url;
    }

    fn forget(&mut self, names: &[HeaderName]) {
        for name in names {
            self.headers.remove(name);
        }
    }
}
