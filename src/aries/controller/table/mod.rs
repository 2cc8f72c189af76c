//! The tables that describe a controller, key by key.

mod agent;
mod custom;

use std::{borrow::Cow, collections::BTreeMap};

use url::Url;

use super::gate::{Header, Secret};

pub(super) use agent::AgentTable;
pub(super) use custom::CustomTable;

/// Headers as they are sent: none can end before its time.
fn headers(
    given: BTreeMap<String, String>,
    api_key: Option<String>,
    bearer: Option<String>,
) -> Result<Vec<Header>, String> {
    let known =
        [("X-API-Key", api_key), ("Authorization", bearer.map(|token| format!("Bearer {token}")))];
    let known = known.into_iter().filter_map(|(name, value)| Some((Cow::from(name), value?)));
    let all = known.chain(given.into_iter().map(|(name, value)| (Cow::from(name), value)));
    all.map(|(name, value)| {
        let token = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
        if name.is_empty() || !name.bytes().all(token) {
            let name = crate::quantity::shortened(&name);
            return Err(format!("`{name}` is no name of a header, such as `X-API-Key`"));
        }
        if !value.bytes().all(|it| it.is_ascii_graphic() || it == b' ') {
            return Err(format!("header `{name}`: its value holds what no header can"));
        }
        Ok((name, Secret(value)))
    })
    .collect()
}

/// A URL that questions can be put to; it is not repeated in what is wrong, as it may hold a password.
fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    let url = url.filter(Url::has_host).ok_or("`url` must begin with http:// or https://")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("`url` must not hold a name or password: say `api_key` or `bearer`".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("`url` must end before `?` and `#`".into());
    }
    Ok(url)
}
