//! What issuers have published, as holders need it: read once, checked, and shared by all of them.
//!
//! A [`Ledger`] asks an AnonCreds registry over HTTP, an indy-vdr-proxy, or a file. However many
//! holders want a document at a time, it is asked for once; what fails is told to all who waited for
//! it, and asked for again by whoever comes later. Answers are a stranger's: they are bounded, and
//! held against what was asked for.

mod error;
mod file;
mod indy;
mod known;
mod lists;
mod plain;
pub mod publishing;
mod reading;
mod settings;
mod source;
#[cfg(test)]
mod tests;
mod web;

pub use error::{Asked, Document, LedgerError};
pub use reading::Ledger;
pub use settings::{Settings, SettingsError};
