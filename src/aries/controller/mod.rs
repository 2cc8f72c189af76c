//! Asking issuers and verifiers over HTTPS: ACA-Py's admin API, a Traction tenant, or any controller
//! that a scenario describes.
//!
//! A [`Controller`] knows what to ask and where; the [`Http`](super::transport::Http) that does it is
//! brought along. Answers are a stranger's: they are bounded, and nothing in them is taken on trust.

mod acapy;
mod answer;
mod asking;
mod credentials;
mod custom;
mod error;
pub mod events;
mod gate;
mod publication;
mod settings;
mod shared;
mod system;
mod table;
mod template;
#[cfg(test)]
mod tests;
mod token;
mod watch;

pub use answer::{Exchange, InvitationSource, Invited};
pub use asking::Controller;
pub use credentials::{CredentialOrder, Revocation};
pub use error::{ControllerError, RegistryFault};
pub use settings::{Settings, SettingsError};
