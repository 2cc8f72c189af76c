//! Load tests for systems whose users carry state.
//!
//! A program of one's own is journeys and three lines around them:
//!
//! ```no_run
//! use engine::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct User {
//!     username: String,
//! }
//!
//! /// Logs a recorded user in.
//! async fn sign_in(ctx: Context, user: User) -> Outcome {
//!     let app = ctx.config("app_url")?;
//!     ctx.transaction("Log in", async {
//!         ctx.http().post(format!("{app}/login")).json(&user).send().await?.error_for_status()?;
//!         Ok(())
//!     })
//!     .await
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     engine::main(Journeys::default().with("sign-in", sign_in))
//! }
//! ```
//!
//! What runs is said in a scenario file ([`plan`]), whose rows of data come from datapools
//! ([`datapool`]); what happens is told over the bus ([`bus`]), to which recorder, collector and
//! progress listen ([`observe`]), and of which a report is made ([`report`]).

pub mod bus;
mod cli;
pub mod datapool;

pub mod journey;
mod msgpack;
pub mod observe;
pub mod plan;
pub mod quantity;
pub mod report;
pub mod run;
pub mod sandbox;

pub use cli::main;

/// What a journey needs.
pub mod prelude {
    pub use crate::journey::{Context, Failure, Journeys, Lease, Outcome, Think};
}
