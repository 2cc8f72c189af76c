//! The cookies of one trip.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cookie_store::CookieStore;
use http::{HeaderMap, header};
use url::Url;

/// More cookies than this are ignored, as are longer ones: a target cannot fill our memory.
const COOKIES_MAX: usize = 100;
const COOKIE_BYTES_MAX: usize = 4096;

/// The cookies of one trip; most have none, and then there is no store either.
#[derive(Default)]
pub(super) struct Jar(Mutex<Option<Box<CookieStore>>>);

impl Jar {
    /// Keeps the cookies that an answer sets.
    pub(super) fn keep(&self, url: &Url, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            if let Ok(line) = line.to_str() {
                self.add(url, line);
            }
        }
    }

    /// Keeps a cookie as `url` would set it.
    pub(super) fn add(&self, url: &Url, line: &str) {
        // A line break in a value would end the `Cookie` header that it is sent in.
        if line.len() > COOKIE_BYTES_MAX || line.bytes().any(|byte| byte.is_ascii_control()) {
            return;
        }
        let mut store = self.store();
        let store = store.get_or_insert_default();
        if store.iter_any().count() >= COOKIES_MAX {
            forget_expired(store);
        }
        // What is no cookie, or not one that `url` may set, is ignored as browsers do.
        let Ok(cookie) = cookie_store::Cookie::parse(line, url) else { return };
        let room = store.iter_any().count() < COOKIES_MAX;
        let known = store.contains_any(&String::from(&cookie.domain), &cookie.path, cookie.name());
        if room || known {
            let _ = store.insert(cookie.into_owned(), url);
        }
    }

    /// The `Cookie` header for a request, if there is any cookie for it.
    pub(super) fn line(&self, url: &Url) -> Option<String> {
        let store = self.store();
        let mut cookies = store.as_ref()?.matches(url);
        // Longer paths first (RFC 6265, section 5.4), then by name: the store has no order.
        cookies.sort_by_key(|it| (std::cmp::Reverse(it.path.len()), it.name().to_owned()));
        let pairs: Vec<_> =
            cookies.iter().map(|it| format!("{}={}", it.name(), it.value())).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of the cookie of this name that a request to `url` would send.
    pub(super) fn value(&self, url: &Url, name: &str) -> Option<String> {
        let store = self.store();
        let cookies = store.as_ref()?.matches(url);
        let named = cookies.into_iter().filter(|it| it.name() == name);
        named.max_by_key(|it| it.path.len()).map(|it| it.value().to_owned())
    }

    fn store(&self) -> MutexGuard<'_, Option<Box<CookieStore>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget_expired(store: &mut CookieStore) {
    let expired: Vec<_> = store
        .iter_any()
        .filter(|it| it.is_expired())
        .map(|it| (String::from(&it.domain), String::from(&it.path), it.name().to_owned()))
        .collect();
    for (domain, path, name) in expired {
        store.remove(&domain, &path, &name);
    }
}
