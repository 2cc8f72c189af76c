//! Resolving: the documents of DIDs that do not say themselves what they stand for.
//!
//! What asks whom is said here and needs no network; who brings one implements [`Resolver`].

use std::{future::Future, pin::Pin, sync::Arc};

use serde_json::Value;
use url::Url;

use super::{DidDoc, DidError};
use crate::quantity::shortened;

/// Longest DID that is asked for, in bytes.
const DID_MAX: usize = 8192;
/// Where a template of a universal resolver wants the DID.
const PLACE: &str = "{did}";
/// Where universal resolvers are asked, below their address.
const IDENTIFIERS: &str = "/1.0/identifiers";

/// Finds the documents of public DIDs: `did:sov`, `did:indy`, `did:web`, `did:webvh`.
pub trait Resolver: Send + Sync {
    /// Finds the document of `did`.
    fn resolve<'a>(&'a self, did: &'a str) -> Resolving<'a>;
}

/// A document that is being looked for.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = Result<DidDoc, ResolveError>> + Send + 'a>>;

/// Why there is no document of a DID.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// It cannot be asked for.
    #[error("`{did}` is no DID that can be asked for, which is written like {example}")]
    NotADid {
        /// The text, shortened.
        did: String,
        /// A right one.
        example: &'static str,
    },
    /// Nobody has been named who knows DIDs of this method.
    #[error(
        "nobody to ask about `{did}`: DIDs of its method need a universal resolver such as https://resolver.example.com"
    )]
    Nobody {
        /// The DID, shortened.
        did: String,
    },
    /// Who was asked is no URL.
    #[error(
        "`{template}` is no universal resolver, which is written like https://resolver.example.com/1.0/identifiers/{{did}}"
    )]
    Template {
        /// What was given, shortened.
        template: String,
    },
    /// Who was asked gave no answer.
    #[error("asking {host} about `{did}`: {message}")]
    Unreachable {
        /// The DID, shortened.
        did: String,
        /// Who was asked.
        host: String,
        /// What went wrong.
        message: String,
    },
    /// Who was asked knows it not, or will not say.
    #[error("asking {host} about `{did}`: it answers with status {status}")]
    Refused {
        /// The DID, shortened.
        did: String,
        /// Who was asked.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// Neither the universal resolver nor the host of a `did:web` gives it.
    #[error("{universal}; {web}")]
    Neither {
        /// What is wrong with the resolver's answer.
        universal: Box<ResolveError>,
        /// What is wrong with the host's.
        web: Box<ResolveError>,
    },
    /// Whoever asked first was told so.
    #[error(transparent)]
    Told(#[from] Arc<ResolveError>),
    /// The answer is no JSON, or larger than a document would be.
    #[error(
        "what came for `{did}` is no DID document, which begins like {{\"id\": \"did:web:example.com\", \"service\": […"
    )]
    NotJson {
        /// The DID, shortened.
        did: String,
        /// What is wrong with it, if it was looked at.
        source: Option<serde_json::Error>,
    },
    /// The document cannot be used.
    #[error(transparent)]
    Document(#[from] DidError),
}

/// Where the document of a `did:web` lies: `https://<host>/.well-known/did.json`, or `did.json` in
/// the folder that it names.
///
/// # Errors
/// It is no `did:web`.
pub fn web_url(did: &str) -> Result<Url, ResolveError> {
    let error = || ResolveError::NotADid {
        did: shortened(did),
        example: "did:web:example.com%3A3000:users",
    };
    let rest = did.strip_prefix("did:web:").filter(|_| is_did(did)).ok_or_else(error)?;
    let mut parts = rest.split(':');
    // A host of its own form is refused by the URL; its port is the one thing that comes escaped.
    let host = parts.next().unwrap_or_default().replacen("%3A", ":", 1).replacen("%3a", ":", 1);
    let path: Vec<_> = parts.collect();
    if host.is_empty()
        || host.contains('%')
        || path.iter().any(|it| it.is_empty() || *it == "." || *it == "..")
    {
        return Err(error());
    }
    let folder = if path.is_empty() { ".well-known".to_owned() } else { path.join("/") };
    Url::parse(&format!("https://{host}/{folder}/did.json")).map_err(|_| error())
}

/// Where a universal resolver is asked about a DID: `template` with the DID in place of `{did}`; a
/// template without is the resolver's address, with `/1.0/identifiers` at its end or without.
///
/// # Errors
/// It is no DID, or the template no `http` or `https` URL.
pub fn universal_url(template: &str, did: &str) -> Result<Url, ResolveError> {
    if !is_did(did) {
        let example = "did:sov:WgWxqztrNooG92RXvxSTWv";
        return Err(ResolveError::NotADid { did: shortened(did), example });
    }
    let text = if template.contains(PLACE) {
        template.replacen(PLACE, did, 1)
    } else {
        let base = template.trim_end_matches('/');
        format!("{}{IDENTIFIERS}/{did}", base.strip_suffix(IDENTIFIERS).unwrap_or(base))
    };
    let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| ResolveError::Template { template: shortened(template) })
}

/// Reads an answer about `did`: a document, or what a universal resolver wraps it in
/// (`didDocument`).
///
/// # Errors
/// It is no JSON, or no document that can be used.
pub fn read_answer(did: &str, body: &[u8]) -> Result<DidDoc, ResolveError> {
    let answer: Value = serde_json::from_slice(body)
        .map_err(|source| ResolveError::NotJson { did: shortened(did), source: Some(source) })?;
    Ok(DidDoc::from_value(answer.get("didDocument").unwrap_or(&answer))?)
}

/// Whether a text is a DID: nothing in it means anything to a URL.
pub(in crate::aries::didcomm) fn is_did(text: &str) -> bool {
    let parts = text.strip_prefix("did:").and_then(|rest| rest.split_once(':'));
    let written = |letter: u8| letter.is_ascii_alphanumeric() || b"._-:%".contains(&letter);
    parts.is_some_and(|(method, id)| {
        text.len() <= DID_MAX
            && !method.is_empty()
            && method.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
            && !id.is_empty()
            && id.bytes().all(written)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(url: Result<Url, ResolveError>) -> String {
        url.map_or_else(|error| error.to_string(), String::from)
    }

    #[test]
    fn a_did_web_names_the_place_of_its_document() {
        let web = |did| told(web_url(did));
        assert_eq!(web("did:web:example.com"), "https://example.com/.well-known/did.json");
        assert_eq!(web("did:web:example.com%3A3000:a:b"), "https://example.com:3000/a/b/did.json");
        assert_eq!(web("did:web:localhost%3a8080"), "https://localhost:8080/.well-known/did.json");
    }

    #[test]
    fn what_is_no_did_web_is_answered_with_one() {
        for did in [
            "did:web:",
            "did:web::users",
            "did:web:example.com:..:users",
            "did:web:example.com::users",
            "did:web:example.com%3A3000%3A",
            "did:web:example.com%3Aport",
            "did:web:user@example.com",
            "did:web:example.com/users",
            "did:web:example.com?a=b",
            "did:web:exam%2Fple.com",
            "did:sov:WgWxqztrNooG92RXvxSTWv",
        ] {
            let error = web_url(did).unwrap_err().to_string();
            assert!(error.ends_with("did:web:example.com%3A3000:users"), "{did}: {error}");
        }
    }

    #[test]
    fn a_universal_resolver_is_asked_with_the_did_in_its_place() {
        let did = "did:sov:WgWxqztrNooG92RXvxSTWv";
        let ask = |template: &str| told(universal_url(template, did));
        let at = "https://resolver.example.com/1.0/identifiers";
        assert_eq!(ask(&format!("{at}/{{did}}?token=1")), format!("{at}/{did}?token=1"));
        assert_eq!(ask(at), format!("{at}/{did}"));
        assert_eq!(ask(&format!("{at}/")), format!("{at}/{did}"));
        assert_eq!(ask("https://resolver.example.com"), format!("{at}/{did}"));
        assert_eq!(ask("https://resolver.example.com/"), format!("{at}/{did}"));
        insta::assert_snapshot!(ask("resolver.example.com"), @"`resolver.example.com` is no universal resolver, which is written like https://resolver.example.com/1.0/identifiers/{did}");
        insta::assert_snapshot!(told(universal_url(at, "did:sov:a/../b")), @"`did:sov:a/../b` is no DID that can be asked for, which is written like did:sov:WgWxqztrNooG92RXvxSTWv");
    }

    #[test]
    fn an_answer_is_a_document_or_holds_one() {
        let did = "did:web:example.com";
        let document = json!({ "id": did });
        let wrapped = json!({ "didDocument": document, "didResolutionMetadata": {} });
        for answer in [document, wrapped] {
            assert_eq!(read_answer(did, answer.to_string().as_bytes()).unwrap().did, did);
        }
        let refused = |body: &[u8]| read_answer(did, body).unwrap_err().to_string();
        insta::assert_snapshot!(refused(b"<html>"), @r#"what came for `did:web:example.com` is no DID document, which begins like {"id": "did:web:example.com", "service": […"#);
        insta::assert_snapshot!(refused(b"{\"didDocument\": null}"), @r#"a DID document without `id`, which begins like {"id": "did:sov:WgWxqztrNooG92RXvxSTWv", "service": […"#);
    }
}
