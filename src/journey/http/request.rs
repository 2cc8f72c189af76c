//! A request in the making.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Serialize;
use url::Url;

use super::{
    client::Http,
    error::{Flaw, HttpError, Kind},
};

/// A request in the making; what is wrong with it is told by [`RequestBuilder::send`].
#[must_use = "a request is only made by `send`"]
pub struct RequestBuilder {
    pub(super) http: Http,
    pub(super) call: Result<Box<Call>, HttpError>,
}

/// A request, ready to be sent.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) timeout: Duration,
    pub(super) redirects: usize,
}

impl Call {
    pub(super) fn failed(&self, flaw: Flaw) -> HttpError {
        HttpError::new(&self.method, &self.url, flaw)
    }
}

impl RequestBuilder {
    pub(super) fn new(http: Http, method: Method, url: &str) -> Self {
        let settings = &http.0.shared.settings;
        let (timeout, redirects) = (settings.timeout, settings.redirects);
        let call = match parse(url) {
            Ok(url) if method == Method::CONNECT => {
                let flaw = Flaw::because(Kind::BadRequest, "there is no tunnelling");
                Err(HttpError::new(&method, &url, flaw))
            }
            Ok(url) => {
                let (headers, body) = (HeaderMap::new(), Bytes::new());
                Ok(Box::new(Call { method, url, headers, body, timeout, redirects }))
            }
            Err(flaw) => Err(HttpError::bad_url(method, url, flaw)),
        };
        Self { http, call }
    }

    /// Sets a header, in place of an earlier one of the same name.
    ///
    /// A `Cookie` set so is sent in place of the trip's cookies.
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName, Error: Into<http::Error>>,
        V: TryInto<HeaderValue, Error: Into<http::Error>>,
    {
        self.change(|call| {
            let name = name.try_into().map_err(|error| bad_header(error.into()))?;
            let value = value.try_into().map_err(|error| bad_header(error.into()))?;
            call.set(name, value)
        })
    }

    /// Sets all these headers, in place of earlier ones of the same names.
    pub fn headers(self, headers: &HeaderMap) -> Self {
        self.change(|call| {
            for name in headers.keys() {
                call.headers.remove(name);
            }
            for (name, value) in headers {
                check_header(name)?;
                call.headers.append(name, value.clone());
            }
            Ok(())
        })
    }

    /// Sets `Authorization` to a bearer token.
    pub fn bearer_auth(self, token: impl AsRef<str>) -> Self {
        self.authorization(&format!("Bearer {}", token.as_ref()))
    }

    /// Sets `Authorization` to a user and a password.
    pub fn basic_auth(self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        let pair = format!("{}:{}", user.as_ref(), password.as_ref());
        self.authorization(&format!("Basic {}", BASE64.encode(pair)))
    }

    /// Adds to the query of the URL: a struct, a map, or pairs such as `&[("page", 2)]`.
    pub fn query(self, query: &(impl Serialize + ?Sized)) -> Self {
        self.change(|call| {
            let mut pairs = call.url.query_pairs_mut();
            let added = query.serialize(serde_urlencoded::Serializer::new(&mut pairs)).map(drop);
            drop(pairs);
            if call.url.query() == Some("") {
                call.url.set_query(None);
            }
            added.map_err(|error| Flaw::because(Kind::BadRequest, error))
        })
    }

    /// Makes JSON the body; its `Content-Type` is `application/json` unless one is set.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        self.change(|call| {
            let json =
                serde_json::to_vec(body).map_err(|it| Flaw::because(Kind::BadRequest, it))?;
            call.fill(json.into(), "application/json");
            Ok(())
        })
    }

    /// Makes a form the body: a struct, a map, or pairs such as `&[("name", "alice")]`.
    pub fn form(self, body: &(impl Serialize + ?Sized)) -> Self {
        self.change(|call| {
            let form = serde_urlencoded::to_string(body)
                .map_err(|error| Flaw::because(Kind::BadRequest, error))?;
            call.fill(form.into(), "application/x-www-form-urlencoded");
            Ok(())
        })
    }

    /// Makes these bytes the body; `Content-Type` is up to the caller.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        self.change(|call| {
            call.body = body.into();
            Ok(())
        })
    }

    /// Sets the longest that it may take; each redirect that is followed begins anew.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.change(|call| {
            call.timeout = timeout;
            Ok(())
        })
    }

    /// Sets how many redirects are followed; with 0 the redirect itself is the response.
    pub fn redirects(self, redirects: usize) -> Self {
        self.change(|call| {
            call.redirects = redirects;
            Ok(())
        })
    }

    fn authorization(self, value: &str) -> Self {
        self.change(|call| {
            let mut value =
                HeaderValue::from_str(value).map_err(|error| bad_header(error.into()))?;
            value.set_sensitive(true);
            call.set(header::AUTHORIZATION, value)
        })
    }

    fn change(mut self, change: impl FnOnce(&mut Call) -> Result<(), Flaw>) -> Self {
        if let Ok(call) = &mut self.call
            && let Err(flaw) = change(call)
        {
            self.call = Err(call.failed(flaw));
        }
        self
    }
}

impl Call {
    fn set(&mut self, name: HeaderName, value: HeaderValue) -> Result<(), Flaw> {
        check_header(&name)?;
        self.headers.insert(name, value);
        Ok(())
    }

    fn fill(&mut self, body: Bytes, content_type: &'static str) {
        self.body = body;
        self.headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static(content_type));
    }
}

/// Refuses what would contradict the framing of the body, which is ours.
fn check_header(name: &HeaderName) -> Result<(), Flaw> {
    if [header::CONTENT_LENGTH, header::TRANSFER_ENCODING].contains(name) {
        let text = format!("the header {name:?} follows from the body and cannot be set");
        return Err(Flaw::because(Kind::BadRequest, text));
    }
    Ok(())
}

fn bad_header(error: http::Error) -> Flaw {
    Flaw::because(Kind::BadRequest, error)
}

fn parse(text: &str) -> Result<Url, Flaw> {
    let url = Url::parse(text).map_err(|error| {
        let text = format!("{error}; write it in full, such as http://127.0.0.1:8080/login");
        Flaw::because(Kind::BadUrl, text)
    })?;
    check_scheme(&url)?;
    if !url.username().is_empty() || url.password().is_some() {
        let text = "user and password do not belong in it; use basic_auth(user, password)";
        return Err(Flaw::because(Kind::BadUrl, text));
    }
    Ok(url)
}

pub(super) fn check_scheme(url: &Url) -> Result<(), Flaw> {
    match url.scheme() {
        "http" | "https" => Ok(()),
        other => {
            let text = format!("its scheme is {other}, but only http and https can be asked");
            Err(Flaw::because(Kind::BadUrl, text))
        }
    }
}
