//! Akrida's load agent: one holder behind lines of JSON, as `node dist/agent.js` is one.
//!
//! Whoever drives it writes a command a line and reads an answer a line:
//!
//! ```text
//! > {"cmd": "start", "withMediation": true, "port": 10000, "agentConfig": null}
//! < {"error":0,"result":{"label":"…","mediation_url":"…","record":"…"}}
//! > {"cmd": "ping_mediator"}
//! < {"error":0,"result":"Ping Mediator"}
//! > {"cmd": "shutdown"}
//! < {"error":0,"result":"Shutting down agent"}
//! ```
//!
//! Commands run side by side, and each is answered when it is done: Akrida gives a command up after
//! two minutes, and must be able to say `shutdown` then. A [`House`] is what the agents of a process
//! share; many live in one that [`serve`]s a socket, each behind a [`relay`] of a few megabytes.

mod agent;
mod command;
mod config;
mod error;
mod house;
mod invited;
mod lines;
mod relay;
mod reply;
mod session;
mod settings;
mod socket;
mod variables;

pub(crate) use error::AkridaError;
pub(crate) use house::House;
pub(crate) use relay::relay;
pub(crate) use session::session;
pub(crate) use socket::serve;
pub(crate) use variables::{LEDGER, Variables};
