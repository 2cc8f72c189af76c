//! Resolving public DIDs over HTTP.

use std::{borrow::Cow, sync::Arc};

use url::Url;

use super::{Body, Call, Http, Method};
use crate::{
    aries::didcomm::did::{
        self, DidDoc, ResolveError, Resolver, Resolving,
        resolver::{read_answer, universal_url, web_url},
    },
    quantity::shortened,
};

/// Largest answer that is read, in bytes.
const ANSWER_MAX: usize = 1024 * 1024;

/// Asks a universal resolver, and the host of a `did:web` that it does not know.
pub struct HttpResolver {
    /// What asks.
    pub http: Arc<dyn Http>,
    /// The universal resolver, such as `https://resolver.example.com/1.0/identifiers/{did}`; without
    /// one only `did:web` is found, by `https` as it demands.
    pub universal: Option<String>,
}

impl Resolver for HttpResolver {
    fn resolve<'a>(&'a self, did: &'a str) -> Resolving<'a> {
        Box::pin(self.find(did))
    }
}

impl HttpResolver {
    async fn find(&self, did: &str) -> Result<DidDoc, ResolveError> {
        if let Some(document) = did::read(did)? {
            return Ok(document);
        }
        let is_web = did.starts_with("did:web:");
        let Some(template) = &self.universal else {
            let nobody = || ResolveError::Nobody { did: shortened(did) };
            return self.ask(did, is_web.then(|| web_url(did)).ok_or_else(nobody)??).await;
        };
        match self.ask(did, universal_url(template, did)?).await {
            Err(universal @ ResolveError::Refused { .. }) if is_web => {
                let neither = |web| ResolveError::Neither {
                    universal: Box::new(universal),
                    web: Box::new(web),
                };
                self.ask(did, web_url(did)?).await.map_err(neither)
            }
            answered => answered,
        }
    }

    async fn ask(&self, did: &str, url: Url) -> Result<DidDoc, ResolveError> {
        // The path and the query may hold a key to the resolver.
        let host = url.host_str().unwrap_or_default().to_owned();
        let accept = "application/did+json, application/did+ld+json, application/json".to_owned();
        let answer = self.http.send(Call {
            method: Method::Get,
            url: url.into(),
            headers: vec![(Cow::Borrowed("accept"), accept)],
            body: Body::Empty,
        });
        let short = || shortened(did);
        let answer = match answer.await {
            Ok(answer) => answer,
            Err(failure) => {
                let message = failure.message;
                return Err(ResolveError::Unreachable { did: short(), host, message });
            }
        };
        match answer.status {
            200..300 if answer.body.len() > ANSWER_MAX => {
                Err(ResolveError::NotJson { did: short(), source: None })
            }
            200..300 => read_answer(did, &answer.body),
            status => Err(ResolveError::Refused { did: short(), host, status }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::aries::transport::{Answer, HttpFailure, Sending};

    /// Answers every call alike, and remembers where it went.
    struct Always {
        answer: Result<Answer, HttpFailure>,
        asked: Mutex<Vec<String>>,
    }

    impl Http for Always {
        fn send(&self, call: Call) -> Sending<'_> {
            self.asked.lock().unwrap().push(call.url);
            let answer = self.answer.clone();
            Box::pin(async { answer })
        }
    }

    fn answering(status: u16, body: &str) -> Answer {
        Answer { status, location: None, body: body.to_owned().into() }
    }

    async fn resolve(
        answer: Result<Answer, HttpFailure>,
        universal: Option<&str>,
        did: &str,
    ) -> (Result<DidDoc, String>, Vec<String>) {
        let http = Arc::new(Always { answer, asked: Mutex::default() });
        let universal = universal.map(str::to_owned);
        let resolver = HttpResolver { http: http.clone(), universal };
        let found = resolver.resolve(did).await.map_err(|error| error.to_string());
        let asked = http.asked.lock().unwrap().clone();
        (found, asked)
    }

    const WEB: &str = "did:web:example.com";
    const SOV: &str = "did:sov:WgWxqztrNooG92RXvxSTWv";
    const UNIVERSAL: Option<&str> = Some("https://resolver.example.com/{did}?token=secret");

    #[tokio::test]
    async fn each_did_is_asked_for_where_it_is_known() {
        let body = r#"{"id": "did:web:example.com"}"#;
        let (found, asked) = resolve(Ok(answering(200, body)), None, WEB).await;
        assert_eq!(found.unwrap().did, WEB);
        assert_eq!(asked, ["https://example.com/.well-known/did.json"]);
        let (found, asked) = resolve(Ok(answering(200, body)), UNIVERSAL, WEB).await;
        assert_eq!(found.unwrap().did, WEB);
        assert_eq!(asked, [format!("https://resolver.example.com/{WEB}?token=secret")]);

        let body = r#"{"didDocument": {"id": "did:sov:WgWxqztrNooG92RXvxSTWv"}}"#;
        let (found, asked) = resolve(Ok(answering(200, body)), UNIVERSAL, SOV).await;
        assert_eq!(found.unwrap().did, SOV);
        assert_eq!(asked, [format!("https://resolver.example.com/{SOV}?token=secret")]);

        let key = "did:key:z6MkmjZoKEWzgnGviuP9UiXA9dnWBHZFCWMK7TTYFb8c5JHV";
        let (found, asked) = resolve(Ok(answering(500, "")), None, key).await;
        assert_eq!((found.unwrap().did.as_str(), asked.len()), (key, 0));
    }

    #[tokio::test]
    async fn a_did_web_that_the_resolver_does_not_know_is_asked_for_at_its_host() {
        let (found, asked) = resolve(Ok(answering(404, "")), UNIVERSAL, WEB).await;
        insta::assert_snapshot!(found.unwrap_err(), @"asking resolver.example.com about `did:web:example.com`: it answers with status 404; asking example.com about `did:web:example.com`: it answers with status 404");
        let host = "https://example.com/.well-known/did.json".to_owned();
        assert_eq!(asked, [format!("https://resolver.example.com/{WEB}?token=secret"), host]);
    }

    #[tokio::test]
    async fn what_goes_wrong_names_whom_and_what_was_asked_and_no_token() {
        let failure = HttpFailure { kind: "refused".into(), message: "connection refused".into() };
        let large = format!("{{\"id\": \"{}\"}}", "x".repeat(ANSWER_MAX));
        let mut all = Vec::new();
        for (answer, universal) in [
            (Err(failure), UNIVERSAL),
            (Ok(answering(404, "")), UNIVERSAL),
            (Ok(answering(302, "")), UNIVERSAL),
            (Ok(answering(200, &large)), UNIVERSAL),
            (Ok(answering(200, "{}")), None),
        ] {
            all.push(resolve(answer, universal, SOV).await.0.unwrap_err());
        }
        insta::assert_snapshot!(all.join("\n"), @r#"
        asking resolver.example.com about `did:sov:WgWxqztrNooG92RXvxSTWv`: connection refused
        asking resolver.example.com about `did:sov:WgWxqztrNooG92RXvxSTWv`: it answers with status 404
        asking resolver.example.com about `did:sov:WgWxqztrNooG92RXvxSTWv`: it answers with status 302
        what came for `did:sov:WgWxqztrNooG92RXvxSTWv` is no DID document, which begins like {"id": "did:web:example.com", "service": […
        nobody to ask about `did:sov:WgWxqztrNooG92RXvxSTWv`: DIDs of its method need a universal resolver such as https://resolver.example.com
        "#);
    }
}
