//! What the command promises whoever types it.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../command/mod.rs"]
mod command;

mod codes;
mod config;
mod datapool;
mod keeping;
mod kills;
mod lists;
mod phases;
mod plans;
mod privacy;
mod public_did;
mod signals;
mod target;
mod tone;
mod wallets;
