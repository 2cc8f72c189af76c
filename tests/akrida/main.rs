//! `engine akrida-agent`, driven over pipes as Akrida's Locust drives Node's agent.
#![expect(clippy::unwrap_used, reason = "a test may")]

mod driver;
mod hostile;
mod life;
mod many;
mod world;
