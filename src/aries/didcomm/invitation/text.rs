//! What carries an invitation: a URL, JSON text, or a DID.

use url::Url;

use super::{Invitation, InvitationError};
use crate::{
    aries::didcomm::{base64, did::is_did},
    quantity::shortened,
};

/// Longest text that is read, in bytes.
const TEXT_MAX: usize = 1024 * 1024;
/// The parameters that carry an invitation: RFC 0434, RFC 0160, and a message of any kind.
const PARAMETERS: [&str; 3] = ["oob", "c_i", "d_m"];

/// What a text that should be an invitation is.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// An invitation.
    Invitation(Box<Invitation>),
    /// A URL that answers with one.
    Url(Url),
    /// A public DID that may be written to without one: `did:sov:…`, `did:web:…`.
    Did(String),
}

impl Invitation {
    /// Reads an invitation from a URL with `oob=`, `c_i=` or `d_m=`, or from JSON; a short URL or a
    /// DID is told as such.
    ///
    /// # Errors
    /// The text is none of these.
    pub fn read(text: &str) -> Result<Written, InvitationError> {
        let text = text.trim();
        if text.len() > TEXT_MAX {
            return Err(InvitationError::TooLong { bytes: text.len() });
        }
        if text.starts_with('{') {
            return from_json(text.as_bytes());
        }
        if is_did(text) {
            return Ok(Written::Did(text.to_owned()));
        }
        let neither = || InvitationError::Neither { text: without_secrets(text) };
        let url = Url::parse(text).map_err(|_| neither())?;
        let carried = url.query_pairs().find_map(|(name, value)| {
            Some((PARAMETERS.into_iter().find(|it| *it == name)?, value))
        });
        match carried {
            Some((parameter, value)) => {
                // A `+` that was not escaped is a space by now.
                let json = base64::decode(&value.replace(' ', "+"));
                from_json(&json.ok_or(InvitationError::NotBase64 { parameter })?)
            }
            None if matches!(url.scheme(), "http" | "https") => Ok(Written::Url(url)),
            None => Err(neither()),
        }
    }
}

/// The text of an address without what may be secret in a URL: user, query and fragment.
pub(super) fn without_secrets(text: &str) -> String {
    let open = text.split(['?', '#']).next().unwrap_or_default();
    let Ok(mut url) = Url::parse(open) else { return shortened(open) };
    // A URL that cannot have a user refuses to lose one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

fn from_json(json: &[u8]) -> Result<Written, InvitationError> {
    let value = serde_json::from_slice(json)
        .map_err(|source| InvitationError::NotJson { source: Some(source) })?;
    Invitation::from_value(value).map(|it| Written::Invitation(Box::new(it)))
}
