//! The journeys of this program: one file each, named here.

use engine::{
    prelude::*,
    wallets::{HolderRecord, can_issue, can_present, made_with_these, well_configured},
};
use rand::RngExt;
use serde::Deserialize;

mod connect;
mod connectionless_present;
mod get;
mod idle_wallet;
mod issue;
mod liveness;
mod offline_pickup;
mod ping_mediator;
mod present;
mod present_and_revoke;
mod present_revoked;
mod presentation;
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
        .options(&[])
        .with("record", record::record)
        .about("records rows and does nothing else: for measuring the recorder")
        .options(&["rows"])
        .with("sign-in", sign_in::sign_in)
        .about("logs a recorded user in and looks at its profile: [config] app_url")
        .options(&["think"])
        .with("sign-up", sign_up::sign_up)
        .about("creates a user and records it under `users`: [config] app_url")
        .options(&[])
}

/// Those of wallets: [config] mediator, issuer.
fn of_holders(journeys: Journeys) -> Journeys {
    let journeys = journeys
        .with("provision-holder", provision_holder::provision_holder)
        .about("makes a wallet with a mediator, connections and credentials, and records it under `holders`")
        .options(&["connections", "credentials"])
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("connect", connect::connect)
        .about("connects a recorded wallet once more")
        .options(&["system", "keep"])
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("ping-mediator", ping_mediator::ping_mediator)
        .about("a recorded wallet comes online and pings its mediator")
        .options(&["pings", "think"])
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("receive-message", receive_message::receive_message)
        .about("the issuer writes to a recorded wallet that is online")
        .options(&["messages", "bytes", "think"])
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("offline-pickup", offline_pickup::offline_pickup)
        .about("a recorded wallet picks up what came while it was away")
        .options(&["messages", "bytes", "away"])
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("idle-wallet", idle_wallet::idle_wallet)
        .about("a recorded wallet is online and does nothing")
        .options(&["stay", "heartbeat"])
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("reconnect-storm", reconnect_storm::reconnect_storm)
        .about("a recorded wallet loses its socket again and again")
        .options(&["losses", "think"])
        .needs(well_configured)
        .vet::<HolderRecord>(made_with_these)
        .with("liveness", liveness::liveness)
        .about("asks a system whether it lives")
        .options(&["system"])
        .needs(well_configured);
    of_credentials(journeys)
}

/// What rows of journeys that present may say.
const PRESENTING: [&str; 5] = ["presentations", "request", "think", "prepare", "verdict"];

/// Those of wallets with credentials: [config] ledger, credential, verifier, `proof_requests` too.
fn of_credentials(journeys: Journeys) -> Journeys {
    journeys
        .with("issue", issue::issue)
        .about("a recorded wallet is issued one more credential")
        .options(&["credentials", "keep", "think"])
        .needs(can_issue)
        .vet::<HolderRecord>(made_with_these)
        .with("present", present::present)
        .about("a recorded wallet presents along a connection with the verifier")
        .options(&PRESENTING)
        .needs(can_present)
        .vet::<HolderRecord>(made_with_these)
        .with("connectionless-present", connectionless_present::connectionless_present)
        .about("a recorded wallet presents to a verifier that it does not know")
        .options(&PRESENTING)
        .needs(can_present)
        .vet::<HolderRecord>(made_with_these)
        .with("present-and-revoke", present_and_revoke::present_and_revoke)
        .about(
            "presents, is revoked, notices, is issued a new credential: the life of a credential",
        )
        .options(&["rounds", "presentations", "request", "think", "prepare", "verdict"])
        .needs(can_present)
        .vet::<HolderRecord>(made_with_these)
        .with("present-revoked", present_revoked::present_revoked)
        .about("a recorded wallet presents a revoked credential, which must be found false")
        .options(&PRESENTING)
        .needs(can_present)
        .vet::<HolderRecord>(made_with_these)
}

/// How often to do something: an entry of the row's options, one number or a range of them.
fn times(ctx: &Context, option: &str, default: impl Into<Times>) -> Result<u32, Failure> {
    Ok(match ctx.option(option)?.unwrap_or_else(|| default.into()) {
        Times::Always(times) => times,
        Times::Between([least, most]) => ctx.rng().random_range(least..=most.max(least)),
    })
}

/// One number, or any of these two and those between them.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a number, or a range of them such as [1, 10]")]
enum Times {
    Always(u32),
    Between([u32; 2]),
}

impl From<u32> for Times {
    fn from(times: u32) -> Self {
        Self::Always(times)
    }
}

impl From<[u32; 2]> for Times {
    fn from(range: [u32; 2]) -> Self {
        Self::Between(range)
    }
}

/// Waits for `options.think`, if there is one.
async fn pause(ctx: &Context) -> Outcome {
    if let Some(think) = ctx.option::<Think>("think")? {
        ctx.think(think).await;
    }
    Ok(())
}
