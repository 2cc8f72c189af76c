//! What ACA-Py's admin API is asked, and where its answers stand.

mod connections;
mod credentials;
mod exchanges;
mod presentations;

pub(super) use connections::{
    CONNECTION_ID, Invitations, connection_of, connection_with, live, menu, message, ping,
    readiness,
};
pub(super) use credentials::{DEFINITIONS, FIRST_DEFINITION};
pub(super) use exchanges::{Exchanges, Format, Protocol, Publish, THREAD, Wallet};
pub(super) use presentations::VERIFIED;
