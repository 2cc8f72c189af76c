//! Texts of HTTP: what goes into a URL, and what of an answer an error may repeat.

use std::fmt::Write;

/// Longest part of a refusal that an error repeats, in characters.
const SHOWN_MAX: usize = 200;
/// Bytes of a refusal that are looked at.
const LOOKED_AT_MAX: usize = 64 << 10;

/// Writes a text so that it is one segment or value of a URL (RFC 3986, 2.3).
pub(in crate::aries) fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a String never fails");
        }
    }
    encoded
}

/// The beginning of a refusal as an error may repeat it, without these secrets: after a colon, or
/// nothing.
pub(in crate::aries) fn excerpt<'a>(
    body: &[u8],
    secrets: impl IntoIterator<Item = &'a str>,
) -> String {
    let beginning = &body[..body.len().min(LOOKED_AT_MAX)];
    let mut text = String::from_utf8_lossy(beginning).into_owned();
    for secret in secrets {
        let secret = secret.strip_prefix("Bearer ").unwrap_or(secret);
        if !secret.is_empty() {
            text = text.replace(secret, "***");
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let shown = words.join(" ").chars().filter(|it| !it.is_control()).collect::<String>();
    match shown.char_indices().nth(SHOWN_MAX) {
        _ if shown.is_empty() => shown,
        Some((end, _)) => format!(": {}…", &shown[..end]),
        None => format!(": {shown}"),
    }
}
