//! What kind of message: protocol, version and name, as `@type` says it.

use std::{borrow::Cow, fmt, str::FromStr};

use crate::quantity::shortened;

/// Prefix of all types that are sent (RFC 0348).
const PREFIX: &str = "https://didcomm.org/";
/// Prefix that old agents send.
const OLD_PREFIX: &str = "did:sov:BzCbsNYhMrjHiqZDTUASHg;spec/";
/// Longest `@type` that is read, in bytes.
const LENGTH_MAX: usize = 512;

/// The kind of a message: `https://didcomm.org/<protocol>/<major>.<minor>/<name>` (RFC 0003).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind {
    /// Which protocol, such as `trust_ping`.
    pub protocol: Cow<'static, str>,
    /// Its major version: others are another protocol.
    pub major: u16,
    /// Its minor version: others are understood.
    pub minor: u16,
    /// Which message of the protocol, such as `ping_response`.
    pub name: Cow<'static, str>,
}

/// Why a text is no message type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no message type, which is written like https://didcomm.org/trust_ping/1.0/ping"
)]
pub struct KindError {
    text: String,
}

impl Kind {
    /// A kind that is known when the program is written.
    #[must_use]
    pub const fn new(protocol: &'static str, major: u16, minor: u16, name: &'static str) -> Self {
        Self { protocol: Cow::Borrowed(protocol), major, minor, name: Cow::Borrowed(name) }
    }

    /// Whether this is the same message of the same protocol and major version; minor versions are
    /// understood whatever they are.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.belongs_to(other) && self.name == other.name
    }

    /// Whether this is a message of the same protocol and major version.
    #[must_use]
    pub fn belongs_to(&self, other: &Self) -> bool {
        self.major == other.major && self.protocol == other.protocol
    }

    /// The protocol as discovery names it: `https://didcomm.org/trust_ping/1.0`.
    #[must_use]
    pub fn protocol_uri(&self) -> String {
        format!("{PREFIX}{}/{}.{}", self.protocol, self.major, self.minor)
    }
}

impl FromStr for Kind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, KindError> {
        let error = || KindError { text: shortened(text) };
        let path = text.strip_prefix(PREFIX).or_else(|| text.strip_prefix(OLD_PREFIX));
        let path = path.filter(|_| text.len() <= LENGTH_MAX).ok_or_else(error)?;
        let mut parts = path.split('/');
        let (Some(protocol), Some(version), Some(name), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(error());
        };
        let version =
            version.split_once('.').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        match version {
            Some((major, minor)) if !protocol.is_empty() && !name.is_empty() => Ok(Self {
                protocol: protocol.to_owned().into(),
                major,
                minor,
                name: name.to_owned().into(),
            }),
            _ => Err(error()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { protocol, major, minor, name } = self;
        write!(f, "{PREFIX}{protocol}/{major}.{minor}/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PING: Kind = Kind::new("trust_ping", 1, 0, "ping");

    #[test]
    fn both_prefixes_name_the_same_kind() {
        let old: Kind = "did:sov:BzCbsNYhMrjHiqZDTUASHg;spec/trust_ping/1.0/ping".parse().unwrap();
        assert_eq!(old, PING);
        assert_eq!(old.to_string(), "https://didcomm.org/trust_ping/1.0/ping");
    }

    #[test]
    fn another_minor_version_is_understood_and_another_major_is_not() {
        assert!(PING.is(&Kind::new("trust_ping", 1, 7, "ping")));
        assert!(!PING.is(&Kind::new("trust_ping", 2, 0, "ping")));
    }

    #[test]
    fn what_is_no_type_is_answered_with_one() {
        for text in [
            "",
            "ping",
            "https://didcomm.org/trust_ping/1/ping",
            "https://didcomm.org//1.0/x",
            "https://didcomm.org/a/1.0/b/c",
            "https://example.org/trust_ping/1.0/ping",
        ] {
            let error = text.parse::<Kind>().unwrap_err().to_string();
            assert!(error.ends_with("https://didcomm.org/trust_ping/1.0/ping"), "{error}");
        }
    }
}
