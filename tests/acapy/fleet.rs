//! The agents that all trials of one release share.

use std::{panic::catch_unwind, sync::OnceLock};

use crate::{
    agents::{Agent, Order, Version, start_all},
    mediators::through,
    runs::Wallets,
    webhooks::Webhooks,
};

/// An issuer, a mediator, and what both tell.
pub(crate) struct Fleet {
    pub(crate) version: Version,
    pub(crate) issuer: Agent,
    pub(crate) mediator: Agent,
    pub(crate) webhooks: Webhooks,
}

impl Fleet {
    /// Those of a release, which the first trial that asks for them starts.
    pub(crate) fn of(version: Version) -> &'static Self {
        static FLEETS: [OnceLock<Result<Fleet, String>>; 2] = [const { OnceLock::new() }; 2];
        let fleet = FLEETS[version as usize].get_or_init(|| {
            // A panic would leave room for the next trial to start agents beside these.
            let started = catch_unwind(|| Self::start(version));
            started.unwrap_or_else(|_| Err("its agents were not made ready".to_owned()))
        });
        fleet.as_ref().unwrap_or_else(|why| panic!("{why}"))
    }

    fn start(version: Version) -> Result<Self, String> {
        let webhooks = Webhooks::listen();
        let tell = format!("--webhook-url {}", webhooks.url());
        let issuer = Order::new(version, "issuer").arguments(&tell);
        // It mediates as well, over HTTP alone.
        let issuer = issuer.arguments("--open-mediation --enable-undelivered-queue");
        let mediator = Order::new(version, "mediator").option("--mediator").arguments(&tell);
        let [issuer, mediator] = start_all([issuer, mediator])?;
        let fleet = Self { version, issuer, mediator, webhooks };
        fleet.break_in();
        Ok(fleet)
    }

    /// Of the first requests for mediation that come at the same time ACA-Py answers but one.
    fn break_in(&self) {
        for mediator in [&self.issuer, &self.mediator] {
            let config = format!("{}\n{}", self.issuer_with(""), through(mediator, ""));
            // What comes of it is no claim: each trial makes wallets of its own.
            drop(Wallets::of(&config).create(1, 0));
        }
    }

    /// The issuer in `[config]`, with what else is said of it.
    pub(crate) fn issuer_with(&self, what: &str) -> String {
        let what = if what.is_empty() { String::new() } else { format!(", {what}") };
        format!("issuer = {{ {}{what} }}", self.issuer.admin.controller())
    }
}
