//! The other side of a load test: an application to create users in and sign them in to.
//!
//! A [`Sandbox`] serves HTTP on a thread and a runtime of its own, so that it takes nothing from a
//! load generator in the same process but CPU time. Its users outlive it, and a kill, when its
//! [`Store`] is a directory; its sessions end with it.
//!
//! | request | answers |
//! |---|---|
//! | `GET /` | 200 `ok` |
//! | `POST /users/create` `{"username", "password"}` | 201 `{"id", "username"}`, 409 when taken |
//! | `POST /login` `{"username", "password"}` | 200 `{"token"}` and a `session` cookie, or 401 |
//! | `GET /me` with that cookie or `Authorization: Bearer <token>` | 200 `{"id", "username"}`, or 401 |
//! | `GET /count` | 200 `{"users"}` |
//!
//! Any other answer is `{"error"}` in words: 400 for what is not JSON, 413 for a body over 64 KiB,
//! 422 for a field that is missing or wrong, 503 for a share of answers that [`Switches`] ask for,
//! 507 when no more users fit.

mod agent;
mod counts;
mod credentials;
mod desk;
mod error;
mod gate;
mod journal;
mod mediator;
mod parties;
mod port;
mod post;
mod server;
mod sessions;
mod store;
mod switches;
mod users;
mod web;
mod wire;

#[cfg(test)]
mod tests;

pub use agent::Admin;
pub use error::SandboxError;
pub use server::{Sandbox, Settings};
pub use store::Store;
pub use switches::{Answer, Switches};
