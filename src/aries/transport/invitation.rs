//! Getting an invitation from wherever its address points to.

use std::borrow::Cow;

use super::{Body, Call, Http, HttpFailure, Method};
use crate::{
    aries::didcomm::invitation::{Invitation, InvitationError, Written},
    quantity::shortened,
};

/// Redirects that a short URL may take.
const HOPS_MAX: usize = 5;
/// Largest invitation that is read, in bytes.
const BYTES_MAX: usize = 1024 * 1024;

/// Why there is no invitation at an address.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// What is there is none.
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    /// The address is not reached.
    #[error(transparent)]
    Http(#[from] HttpFailure),
    /// It answers with something else.
    #[error("{url} answered with status {status} instead of an invitation")]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
    },
    /// It answers with too much.
    #[error("{url} answered with {bytes} bytes; an invitation has 1 MiB at most")]
    TooLarge {
        /// The address.
        url: String,
        /// How many bytes.
        bytes: usize,
    },
    /// It leads on and on.
    #[error("{url} leads on {HOPS_MAX} times without an invitation")]
    Hops {
        /// The address.
        url: String,
    },
}

impl FetchError {
    /// What to count it by.
    #[must_use]
    pub fn kind(&self) -> Cow<'static, str> {
        match self {
            Self::Invitation(_) | Self::TooLarge { .. } | Self::Hops { .. } => {
                "bad invitation".into()
            }
            Self::Http(failure) => failure.kind.clone(),
            Self::Status { status, .. } => format!("status {status}").into(),
        }
    }
}

/// The invitation that a text holds or leads to: a URL with `oob=`, `c_i=` or `d_m=`, JSON, a short
/// URL (RFC 0434), or a public DID (an implicit invitation).
///
/// # Errors
/// There is none.
pub async fn fetch_invitation(http: &dyn Http, text: &str) -> Result<Invitation, FetchError> {
    let mut text = text.to_owned();
    for _ in 0..HOPS_MAX {
        let url = match Invitation::read(&text)? {
            Written::Invitation(invitation) => return Ok(*invitation),
            Written::Did(did) => return Ok(Invitation::implicit(&did)),
            Written::Url(url) => url,
        };
        text = follow(http, &url).await?;
    }
    Err(FetchError::Hops { url: shortened(&text) })
}

/// What a short URL answers with: an invitation as JSON, or where it leads.
async fn follow(http: &dyn Http, url: &url::Url) -> Result<String, FetchError> {
    let call = Call {
        method: Method::Get,
        url: url.to_string(),
        headers: vec![("accept".into(), "application/json".into())],
        body: Body::Empty,
    };
    let answer = http.send(call).await?;
    let shown = || shortened(url.as_str());
    match (answer.status, answer.location) {
        (300..400, Some(location)) => {
            let next = url.join(&location);
            Ok(next.map_or(location, |next| next.to_string()))
        }
        (200..300, _) if answer.body.len() > BYTES_MAX => {
            Err(FetchError::TooLarge { url: shown(), bytes: answer.body.len() })
        }
        (200..300, _) => Ok(String::from_utf8_lossy(&answer.body).into_owned()),
        (status, _) => Err(FetchError::Status { url: shown(), status }),
    }
}
