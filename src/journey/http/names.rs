//! The addresses of hosts, asked for once a minute and not once a connection.

use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{net, sync::OnceCell, time::Instant};

use super::error::{Flaw, Kind};

const FOUND_LASTS: Duration = Duration::from_mins(1);
const NOT_FOUND_LASTS: Duration = Duration::from_secs(1);
const NAMES_MAX: usize = 1024;

/// The addresses of hosts; all who ask at the same time wait for the same answer.
#[derive(Default)]
pub(super) struct Names(Mutex<HashMap<Box<str>, Arc<Name>>>);

struct Name {
    asked: Instant,
    addresses: OnceCell<Result<Arc<[IpAddr]>, Arc<io::Error>>>,
}

impl Names {
    /// The addresses of `host`; never none.
    pub(super) async fn look_up(&self, host: &str) -> Result<Arc<[IpAddr]>, Flaw> {
        let name = self.name(host);
        let addresses = name.addresses.get_or_init(|| resolve(host)).await;
        addresses.clone().map_err(|error| match Kind::of(&error) {
            Kind::TooManyOpenFiles => Flaw::because(Kind::TooManyOpenFiles, error),
            _ => Flaw::because(Kind::NoSuchHost, error),
        })
    }

    fn name(&self, host: &str) -> Arc<Name> {
        let now = Instant::now();
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = names.get(host).filter(|name| name.is_fresh(now)) {
            return Arc::clone(name);
        }
        if names.len() >= NAMES_MAX {
            names.clear();
        }
        let name = Arc::new(Name { asked: now, addresses: OnceCell::new() });
        names.insert(host.into(), Arc::clone(&name));
        name
    }
}

impl Name {
    fn is_fresh(&self, now: Instant) -> bool {
        let lasts = match self.addresses.get() {
            Some(Err(_)) => NOT_FOUND_LASTS,
            Some(Ok(_)) | None => FOUND_LASTS,
        };
        now - self.asked < lasts
    }
}

async fn resolve(host: &str) -> Result<Arc<[IpAddr]>, Arc<io::Error>> {
    let found = net::lookup_host((host, 0)).await?;
    let addresses: Arc<[IpAddr]> = found.map(|address| address.ip()).collect();
    if addresses.is_empty() {
        return Err(Arc::new(io::Error::other("the name has no address")));
    }
    Ok(addresses)
}
