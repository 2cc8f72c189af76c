//! The other side of a load test: an application to sign in to, and a mediator, an issuer and a
//! verifier that speak Aries.
//!
//! A [`Sandbox`] serves HTTP on threads and a runtime of its own, so that it takes nothing from a
//! load generator in the same process but CPU time. Users, keys, invitations, connections, routes,
//! queued messages, and what was issued and revoked outlive it, and a kill, when its [`Store`] is a
//! directory; so does its port, because those who were recorded know its URL. Sessions and exchanges
//! under way end with it. The issuer's keys are the same in all sandboxes, and worthless for that.
//!
//! | request | answers |
//! |---|---|
//! | `GET /` | 200 `ok` |
//! | `POST /users/create` `{"username", "password"}` | 201 `{"id", "username"}`, 409 when taken |
//! | `POST /login` `{"username", "password"}` | 200 `{"token"}` and a `session` cookie, or 401 |
//! | `GET /me` with that cookie or `Authorization: Bearer <token>` | 200 `{"id", "username"}`, or 401 |
//! | `GET /count` | 200 `{"users"}` |
//! | `GET /mediator` | the mediator's invitation, which anybody may answer |
//! | `POST /mediator`, `/issuer`, `/verifier` with an envelope | 200 with an envelope or with nothing |
//! | `GET /mediator/ws` | a WebSocket |
//! | below `/issuer` and `/verifier` | the admin API, as ACA-Py has it |
//! | `GET /mediator/did.json`, `/issuer/did.json`, `/verifier/did.json` | the document of its `did:web` |
//! | `GET /1.0/identifiers/{did}` | `{"didDocument"}` of these, and of what else they are called |
//! | below `/registry` | what the issuer publishes: definitions, status lists, tails |
//! | `GET /sandbox/stats` | counters; asking for them changes none |
//!
//! Any other answer is `{"error"}` in words: 400 for what is not JSON or no envelope, 413 for a body
//! over 64 KiB (1 MiB for an envelope), 422 for a field that is missing or wrong, 503 for a share of
//! answers that [`Switches`] ask for, 507 when no more users or connections fit. The admin API says
//! what is wrong as ACA-Py does: `404: Record not found`.

mod agent;
mod app;
mod bench;
mod counts;
mod desk;
mod error;
mod gate;
mod journal;
mod mediator;
mod parties;
mod port;
mod post;
mod registry;
mod resolver;
mod server;
mod store;
mod switches;
mod wire;

#[cfg(test)]
mod tests;

pub use agent::Admin;
pub use error::SandboxError;
pub use server::{Sandbox, Settings};
pub use store::Store;
pub use switches::{Answer, Switches};
