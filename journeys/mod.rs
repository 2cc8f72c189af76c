//! The journeys of this program: one file each, named here.

use engine::{
    prelude::*,
    wallets::{HolderRecord, made_with_these, well_configured},
};
use rand::RngExt;
use serde::Deserialize;

mod connect;
mod get;
mod idle_wallet;
mod liveness;
mod offline_pickup;
mod ping_mediator;
mod provision_holder;
mod receive_message;
mod reconnect_storm;
mod record;
mod sign_in;
mod sign_up;

/// All journeys by name.
pub fn all() -> Journeys {
    of_holders(Journeys::default())
        .with("get", get::get)
        .about("gets one URL: [config] url")
        .with("record", record::record)
        .about("records rows and does nothing else: for measuring the recorder")
        .with("sign-in", sign_in::sign_in)
        .about("logs a recorded user in and looks at its profile: [config] app_url")
        .with("sign-up", sign_up::sign_up)
        .about("creates a user and records it under `users`: [config] app_url")
}

/// Those of wallets: [config] mediator, issuer.
fn of_holders(journeys: Journeys) -> Journeys {
    journeys
        .with("provision-holder", provision_holder::provision_holder)
        .about("makes a wallet with a mediator and connections, and records it under `holders`")
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("connect", connect::connect)
        .about("connects a recorded wallet once more")
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("ping-mediator", ping_mediator::ping_mediator)
        .about("a recorded wallet comes online and pings its mediator")
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("receive-message", receive_message::receive_message)
        .about("the issuer writes to a recorded wallet that is online")
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("offline-pickup", offline_pickup::offline_pickup)
        .about("a recorded wallet picks up what came while it was away")
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("idle-wallet", idle_wallet::idle_wallet)
        .about("a recorded wallet is online and does nothing")
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("reconnect-storm", reconnect_storm::reconnect_storm)
        .about("a recorded wallet loses its socket again and again")
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("liveness", liveness::liveness)
        .about("asks a system whether it lives")
        .needs(well_configured)
}

/// How often to do something: an entry of the row's options, one number or a range of them.
fn times(ctx: &Context, option: &str, default: u32) -> Result<u32, Failure> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Times {
        Always(u32),
        Between(u32, u32),
    }
    Ok(match ctx.option(option)? {
        None => default,
        Some(Times::Always(times)) => times,
        Some(Times::Between(least, most)) => ctx.rng().random_range(least..=most.max(least)),
    })
}
