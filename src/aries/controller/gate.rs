//! The way to one system: where it is, what it lets in, and how its answers are taken.

use std::borrow::Cow;

use url::Url;

use super::{
    answer::Answered,
    error::{AnswerFault, Asked, ControllerError},
};
use crate::aries::transport::{Answer, Body, Call, Http, Method, text::excerpt};

/// Bytes that an answer may have.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// A text that no message shows; there is no `Debug` for it or what it is part of.
#[derive(Clone)]
pub(super) struct Secret(pub(super) String);

/// A header that goes with every request; its value is secret.
pub(super) type Header = (Cow<'static, str>, Secret);

/// The way to one system.
#[derive(Clone)]
pub(super) struct Gate {
    /// Without a slash at its end.
    pub(super) base: String,
    pub(super) identity: String,
    pub(super) headers: Vec<Header>,
}

/// What is asked of a system.
#[derive(Clone)]
pub(super) struct Question {
    pub(super) method: Method,
    /// A path that begins with a slash, or a whole URL.
    pub(super) place: String,
    /// Headers beside those of the gate.
    pub(super) headers: Vec<Header>,
    pub(super) body: Option<serde_json::Value>,
}

impl Question {
    pub(super) fn get(place: impl Into<String>) -> Self {
        Self { method: Method::Get, place: place.into(), headers: Vec::new(), body: None }
    }

    pub(super) fn post(place: impl Into<String>, body: serde_json::Value) -> Self {
        Self { method: Method::Post, place: place.into(), headers: Vec::new(), body: Some(body) }
    }

    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name.into(), Secret(value)));
        self
    }
}

impl Gate {
    /// The way to a URL that has been held against [`base_url`].
    pub(super) fn to(url: &Url, headers: Vec<Header>) -> Self {
        let base = url.as_str().trim_end_matches('/').to_owned();
        let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
        let (host, path) = (url.host_str().unwrap_or_default(), url.path().trim_end_matches('/'));
        let identity = format!("{}://{host}{port}{path}", url.scheme());
        Self { base, identity, headers }
    }

    /// Asks, and takes an answer of success as it is.
    pub(super) async fn ask(
        &self,
        http: &dyn Http,
        question: &Question,
    ) -> Result<(Asked, Answer), ControllerError> {
        let url = if question.place.starts_with('/') {
            format!("{}{}", self.base, question.place)
        } else {
            question.place.clone()
        };
        let asked = Asked { method: question.method, path: path_of(&url).to_owned() };
        let headers = self.headers.iter().chain(&question.headers);
        let headers = headers.map(|(name, Secret(value))| (name.clone(), value.clone())).collect();
        let body = question.body.clone().map_or(Body::Empty, Body::Json);
        let answer = match http.send(Call { method: question.method, url, headers, body }).await {
            Ok(answer) => answer,
            Err(failure) => return Err(ControllerError::Http { asked, failure }),
        };
        if answer.body.len() > ANSWER_BYTES_MAX {
            return Err(ControllerError::Answer { asked, fault: AnswerFault::TooLong });
        }
        match answer.status {
            200..=299 => Ok((asked, answer)),
            status => {
                let body = self.excerpt(&answer.body, &question.headers);
                Err(ControllerError::Status { asked, status, body })
            }
        }
    }

    /// The beginning of a refusal as an error may repeat it: after a colon, or nothing.
    pub(super) fn excerpt(&self, body: &[u8], headers: &[Header]) -> String {
        let all = self.headers.iter().chain(headers);
        excerpt(body, all.map(|(_, Secret(secret))| secret.as_str()))
    }
}

/// Reads an answer that should be JSON.
pub(super) fn read(asked: Asked, answer: &Answer) -> Result<Answered, ControllerError> {
    match serde_json::from_slice(&answer.body) {
        Ok(value) => Ok(Answered { asked, value }),
        Err(_) => Err(ControllerError::Answer { asked, fault: AnswerFault::NotJson }),
    }
}

/// The path of a URL, without what comes before and after it.
fn path_of(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    let path = after.find('/').map_or("/", |at| &after[at..]);
    path.split(['?', '#']).next().unwrap_or(path)
}
