//! Holders under load: where journeys meet the Aries tower.
//!
//! A [`Wallet`] is one trip's holder. It reads its systems from the scenario's `[config]`, makes its
//! requests through the trip's HTTP client, and tells its messages as the run's measurements:
//!
//! ```no_run
//! use engine::{
//!     prelude::*,
//!     wallets::{HolderRecord, Wallet, made_with_these, well_configured},
//! };
//!
//! /// A recorded wallet hears from its issuer.
//! async fn hear(ctx: Context, holder: HolderRecord) -> Outcome {
//!     let wallet = Wallet::revive(&ctx, holder).await?;
//!     let connection = wallet.connection("issuer")?;
//!     ctx.transaction("Go online", wallet.go_online()).await?;
//!     wallet.request_message("issuer", &connection, "hello").await?;
//!     ctx.transaction("Hear", wallet.await_message(&connection, "hello")).await?;
//!     wallet.go_offline().await;
//!     Ok(())
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     let journeys = Journeys::default().with("hear", hear);
//!     engine::main(journeys.needs(well_configured).vet::<HolderRecord>(made_with_these))
//! }
//! ```
//!
//! | trend | is |
//! |---|---|
//! | `didcomm_crypto` | packing or opening one message: ours |
//! | `didcomm_sending` | from packed to written to a WebSocket: our queueing and the operating system's |
//! | `didcomm_waiting` | from a question written, or its request begun, to its answer arrived: the wire and the other side |
//! | `didcomm_theirs` | the part of that which the other side says it took (`~timing`, RFC 0032) |
//! | `didcomm_network` | what is left of such a wait: the wire, and what lies between |
//! | `didcomm_queued` | from a message opened to its journey going on: our queueing |
//! | `anoncreds_crypto` | computing one credential request, credential, witness or proof: ours |
//! | `anoncreds_queued` | from such a piece of work asked for to begun: our queueing for a core |
//! | `anoncreds_ahead` | computing a proof before it was asked for: nobody waited |
//! | `presentation_prepared` | from a proof request arrived to its presentation written, which was prepared: ours |
//! | `presentation_computed` | the same of one that had to be computed then |
//! | `presentation_acked` | from a presentation written to the verifier's ack here: theirs and the wire's |

mod asking;
mod credential;
mod credentials;
mod events;
mod failure;
mod fingerprint;
mod holders;
pub(crate) mod http;
mod presentations;
mod proof_requests;
mod row;
mod settings;
mod systems;
mod told;
mod wallet;
mod webhooks;
mod well_configured;

pub use asking::Invited;
pub use credentials::AskedToIssue;
pub use fingerprint::made_with_these;
pub use presentations::AskedToPresent;
pub use row::Connection;
pub use settings::{MediatorSettings, SettingsError};
pub use wallet::Wallet;
pub use well_configured::{can_issue, can_present, well_configured};

pub use crate::aries::holder::{CredentialFacts, HolderRecord};
