//! Holders: where protocols, keys and sockets meet.
//!
//! A program lends its holders an HTTP client and an observer ([`Means`]); all they have in common
//! is their [`Agency`], which holds the connector for `wss://` and the resolver for public DIDs, and the
//! ledger and the threads that dealing in credentials needs.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use engine::aries::{
//!     holder::{Agency, Holder, HolderRecord, Means, Settings},
//!     transport::fetch_invitation,
//! };
//!
//! async fn ann(means: Means) -> Result<HolderRecord, Box<dyn std::error::Error>> {
//!     let agency = Arc::new(Agency::new(Settings::default(), None, None));
//!     let mediator = fetch_invitation(&*means.http, "http://127.0.0.1:8080/mediator").await?;
//!     let holder = Holder::create(agency, means, "ann");
//!     holder.connect_mediator(&mediator).await?;
//!     holder.go_online().await?;
//!     holder.ping_mediator().await?;
//!     holder.go_offline().await;
//!     Ok(holder.record())
//! }
//! ```

mod agency;
mod anybody;
mod arrival;
mod arrive;
mod connect;
mod credential;
mod error;
mod exchanges;
mod inbound;
mod inner;
mod issuance;
mod life;
mod material;
mod observer;
mod online;
mod peer;
mod prepared;
mod proving;
mod reach;
mod record;
mod revocation;
mod state;
#[cfg(test)]
mod tests;
mod waiting;
mod wallet;

pub use agency::{Agency, Means, Settings};
pub use credential::{CredentialFacts, CredentialRecord};
pub use error::HolderError;
pub use exchanges::{Accepted, Presented};
pub use inbound::serve;
pub use life::Holder;
pub use observer::{Exchanged, Observer, Received, Sent, Trouble, Work};
pub use record::{ConnectionRecord, HolderRecord, MediatorRecord};
