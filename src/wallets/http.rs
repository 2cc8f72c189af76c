//! The Aries tower's HTTP is the trip's: each of its requests is timed and told like any other.

use ::http::{HeaderName, Method as Verb, header};

use crate::{
    aries::transport::{Answer, Body, Call, Http, HttpFailure, Method, Sending},
    journey::{
        chain,
        http::{self, HttpError},
    },
};

/// The content type of an envelope (RFC 0044).
const ENVELOPE: &str = "application/didcomm-envelope-enc";

/// A trip's HTTP client.
pub(crate) struct Client(pub(crate) http::Http);

impl Http for Client {
    fn send(&self, call: Call) -> Sending<'_> {
        let request = self.0.request(verb(call.method), &call.url).redirects(0);
        let request = call
            .headers
            .into_iter()
            .fold(request, |request, (name, value)| request.header(name.as_ref(), value));
        let request = match call.body {
            Body::Empty => request,
            Body::Json(value) => request.json(&value),
            Body::Envelope(packed) => request.header(header::CONTENT_TYPE, ENVELOPE).body(packed),
        };
        Box::pin(async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            let text = |name: HeaderName| answer.headers().get(name)?.to_str().ok();
            Ok(Answer {
                status: answer.status().as_u16(),
                location: text(header::LOCATION).map(ToOwned::to_owned),
                body: answer.bytes().clone(),
            })
        })
    }
}

fn verb(method: Method) -> Verb {
    match method {
        Method::Get => Verb::GET,
        Method::Post => Verb::POST,
        Method::Put => Verb::PUT,
        Method::Patch => Verb::PATCH,
        Method::Delete => Verb::DELETE,
    }
}

fn failure(error: &HttpError) -> HttpFailure {
    HttpFailure { kind: error.kind(), message: chain(error) }
}
